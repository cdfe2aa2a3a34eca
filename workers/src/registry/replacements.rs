//! Which document counts in place of another. Replacements arrive in any order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

/// One replacement, as the portal stated it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// The document that no longer counts.
    pub(crate) document_id: String,
    /// The document that counts in its place.
    pub(crate) replaced_by: String,
    /// Time of the command.
    pub(crate) occurred_at: Timestamp,
}

/// All replacements of one application, and the current document that follows from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Replacements {
    /// By the time of their commands; at equal times, in order of arrival.
    ordered: Vec<Replacement>,
    next: BTreeMap<String, String>,
}

impl Replacements {
    /// Builds the set from replacements in order of time.
    pub(super) fn from_ordered(ordered: Vec<Replacement>) -> Self {
        let mut replacements = Self { ordered, next: BTreeMap::new() };
        replacements.apply_all();
        replacements
    }

    /// Adds a replacement. Of the same two documents only the latest counts.
    pub(super) fn add(&mut self, new: Replacement) {
        let is_same_pair = |known: &Replacement| {
            (&known.document_id, &known.replaced_by) == (&new.document_id, &new.replaced_by)
        };
        let is_later =
            |known: &Replacement| is_same_pair(known) && known.occurred_at > new.occurred_at;
        if self.ordered.iter().any(is_later) {
            return;
        }
        self.ordered.retain(|known| !is_same_pair(known));
        let index = self.ordered.partition_point(|known| known.occurred_at <= new.occurred_at);
        self.ordered.insert(index, new);
        self.apply_all();
    }

    /// Applies every replacement in order of time: each one replaces the
    /// document that counts in that place by then.
    fn apply_all(&mut self) {
        self.next.clear();
        for Replacement { document_id, replaced_by, .. } in &self.ordered {
            let current = follow(&self.next, document_id).to_owned();
            if current == *replaced_by {
                continue;
            }
            // an earlier document returns: its own replacement no longer holds
            if follow(&self.next, replaced_by) == current {
                self.next.remove(replaced_by);
            }
            self.next.insert(current, replaced_by.clone());
        }
    }

    /// Returns the document that counts in place of another; itself, if it is not replaced.
    pub(crate) fn current<'a>(&'a self, document_id: &'a str) -> &'a str {
        follow(&self.next, document_id)
    }

    /// Whether another document counts in place of this one.
    pub(crate) fn is_replaced(&self, document_id: &str) -> bool {
        self.next.contains_key(document_id)
    }
}

fn follow<'a>(next: &'a BTreeMap<String, String>, document_id: &'a str) -> &'a str {
    let mut visited = BTreeSet::new();
    let mut id = document_id;
    while let Some(replaced_by) = next.get(id).filter(|_| visited.insert(id)) {
        id = replaced_by;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replacement(second: i64, document_id: &str, replaced_by: &str) -> Replacement {
        Replacement {
            document_id: document_id.to_owned(),
            replaced_by: replaced_by.to_owned(),
            occurred_at: Timestamp::from_second(second).unwrap(),
        }
    }

    /// Checks which document an application that listed `A` lists in the end,
    /// for every order in which the replacements arrive and every position of
    /// the application among them. What it lists is mapped again each time.
    #[track_caller]
    fn check(all: &[(i64, &str, &str)], expected: &str) {
        for order in orders(all.len()) {
            for position in 0..=all.len() {
                let mut replacements = Replacements::default();
                let mut listed = "A".to_owned();
                for (step, index) in order.iter().enumerate() {
                    if step >= position {
                        listed = replacements.current(&listed).to_owned();
                    }
                    let (second, document_id, replaced_by) = all[*index];
                    replacements.add(replacement(second, document_id, replaced_by));
                }
                assert_eq!(replacements.current(&listed), expected, "{order:?}, {position}");
                assert!(!replacements.is_replaced(expected));
            }
        }
    }

    fn orders(length: usize) -> Vec<Vec<usize>> {
        let Some(last) = length.checked_sub(1) else { return vec![Vec::new()] };
        let insert = |order: Vec<usize>| {
            (0..=order.len()).map(move |index| {
                let mut longer = order.clone();
                longer.insert(index, last);
                longer
            })
        };
        orders(last).into_iter().flat_map(insert).collect()
    }

    #[test]
    fn the_latest_replacement_counts_in_every_order_of_arrival() {
        check(&[], "A");
        check(&[(1, "A", "B")], "B");
        check(&[(1, "A", "B"), (2, "B", "C")], "C");
        // the portal names the first document every time
        check(&[(1, "A", "B"), (2, "A", "C"), (3, "A", "D")], "D");
        // back to an earlier document, and on from there
        check(&[(1, "A", "B"), (2, "B", "A")], "A");
        check(&[(1, "A", "B"), (2, "B", "A"), (3, "A", "B")], "B");
        check(&[(1, "A", "B"), (2, "B", "C"), (3, "C", "A")], "A");
        check(&[(1, "A", "B"), (2, "B", "C"), (3, "C", "A"), (4, "B", "D")], "D");
        // replacements of other documents do not interfere
        check(&[(1, "X", "Y"), (2, "A", "B"), (3, "Y", "X")], "B");
    }

    #[test]
    fn at_equal_times_the_order_of_arrival_counts() {
        let mut replacements = Replacements::default();
        replacements.add(replacement(1, "A", "B"));
        replacements.add(replacement(1, "B", "A"));
        assert_eq!(replacements.current("B"), "A");
        // the second of two replacements arrives first
        replacements.add(replacement(1, "C", "D"));
        replacements.add(replacement(1, "A", "C"));
        assert_eq!(replacements.current("B"), "D");
        assert_eq!(replacements, Replacements::from_ordered(replacements.ordered.clone()));
    }
}
