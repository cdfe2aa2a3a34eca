//! How slowly a body may come.

use tokio::time::Instant;

use super::super::config::Limits;

/// In each window a least number of bytes comes, or waiting is given up. A
/// server that sends a byte now and then keeps any time limit on reads quiet.
pub(super) struct Pace<'a> {
    limits: &'a Limits,
    ends: Instant,
    bytes: u64,
}

impl<'a> Pace<'a> {
    pub(super) fn new(limits: &'a Limits, now: Instant) -> Self {
        Self { limits, ends: now + limits.window, bytes: 0 }
    }

    /// When the window ends.
    pub(super) fn ends(&self) -> Instant {
        self.ends
    }

    /// Counts what came; whether that is still fast enough.
    pub(super) fn keeps(&mut self, bytes: u64, now: Instant) -> bool {
        self.bytes += bytes;
        if now < self.ends {
            return true;
        }
        let enough = self.bytes >= self.limits.bytes_in_window;
        *self = Self::new(self.limits, now);
        enough
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_window_is_counted_alone() {
        let limits =
            Limits { window: Duration::from_secs(30), bytes_in_window: 100, ..Limits::default() };
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut pace = Pace::new(&limits, start);
        assert!(pace.keeps(1000, at(1)));
        assert!(pace.keeps(0, at(30)), "a thousand bytes came in the first window");
        assert!(pace.keeps(99, at(59)));
        assert!(!pace.keeps(0, at(60)), "they do not count in the second");
        assert!(pace.keeps(99, at(61)));
        assert!(pace.keeps(1, at(90)), "a hundred are enough");
    }
}
