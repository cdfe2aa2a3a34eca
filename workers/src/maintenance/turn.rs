//! The place in a list of what is to be done, from one round to the next.

use crate::registry::Page;

/// Most rows of a list in one round.
const ROWS: u32 = 200;

/// The place in a list that rows leave when they succeed. Those that failed come again
/// after all others, so that no number of them keeps the others waiting.
#[derive(Default)]
pub(super) struct Turn {
    /// Rows at the beginning of the list that failed in this pass.
    failed: u32,
    /// Whether a pass has reached the end.
    is_complete: bool,
}

impl Turn {
    /// Returns the rows of this round.
    pub(super) fn page(&self) -> Page {
        Page { limit: ROWS, offset: self.failed }
    }

    /// Counts a row that stays in the list.
    pub(super) fn count_failed(&mut self, rows: usize) {
        self.failed = self.failed.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX));
    }

    /// Ends a page of so many rows, and returns whether it was the last: then the next
    /// pass begins.
    pub(super) fn end_page(&mut self, rows: usize) -> bool {
        let is_last = rows < ROWS as usize;
        if is_last {
            *self = Self { failed: 0, is_complete: true };
        }
        is_last
    }

    /// Whether each row was tried once.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_failed_come_after_all_others() {
        let mut turn = Turn::default();
        assert_eq!(turn.page().offset, 0);
        turn.count_failed(200);
        assert!(!turn.end_page(200));
        assert_eq!(turn.page().offset, 200);
        turn.count_failed(1);
        assert!(!turn.is_complete());
        assert!(turn.end_page(2));
        assert_eq!(turn.page().offset, 0);
        assert!(!turn.end_page(200));
        assert!(turn.is_complete(), "once");
    }
}
