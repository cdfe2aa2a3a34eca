//! Which document stands in whose place, from replacements heard of in any order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

/// One replacement, as it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// The document that no longer counts.
    pub(crate) replaced: String,
    /// The one in its place.
    pub(crate) by: String,
    /// When it was said.
    pub(crate) said_at: Timestamp,
}

/// Every replacement of one application, and what follows from them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Succession {
    /// In the order in which they were said; of one instant, in that in which they were heard of.
    said: Vec<Replacement>,
    next: BTreeMap<String, String>,
}

impl Succession {
    /// Of what was said, in order.
    pub(super) fn of(said: Vec<Replacement>) -> Self {
        let mut succession = Self { said, next: BTreeMap::new() };
        succession.follow();
        succession
    }

    /// Hears of one more. Of the same two documents only the last counts.
    pub(super) fn hear(&mut self, replacement: Replacement) {
        let same = |known: &Replacement| {
            (&known.replaced, &known.by) == (&replacement.replaced, &replacement.by)
        };
        if self.said.iter().any(|known| same(known) && known.said_at > replacement.said_at) {
            return;
        }
        self.said.retain(|known| !same(known));
        let place = self.said.partition_point(|known| known.said_at <= replacement.said_at);
        self.said.insert(place, replacement);
        self.follow();
    }

    /// Says it all again, in order: whoever takes a document's place takes that
    /// of whatever stands there by then.
    fn follow(&mut self) {
        self.next.clear();
        for index in 0..self.said.len() {
            let Replacement { replaced, by, .. } = &self.said[index];
            let (stands, by) = (self.current(replaced).to_owned(), by.clone());
            if stands != by {
                // it goes back to where it was: what took its place before does no more
                if self.current(&by) == stands {
                    self.next.remove(&by);
                }
                self.next.insert(stands, by);
            }
        }
    }

    /// The document that stands in a document's place now; itself, if none does.
    pub(crate) fn current<'a>(&'a self, document_id: &'a str) -> &'a str {
        let mut passed = BTreeSet::new();
        let mut id = document_id;
        while let Some(next) = self.next.get(id).filter(|_| passed.insert(id)) {
            id = next;
        }
        id
    }

    /// Whether another stands in a document's place.
    pub(crate) fn is_replaced(&self, document_id: &str) -> bool {
        self.next.contains_key(document_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(second: i64, replaced: &str, by: &str) -> Replacement {
        let said_at = Timestamp::from_second(second).unwrap();
        Replacement { replaced: replaced.to_owned(), by: by.to_owned(), said_at }
    }

    /// What an application that listed `A` lists in the end, in whatever order
    /// its replacements are heard of, and wherever it comes among them: what it
    /// lists is mapped on each time.
    #[track_caller]
    fn check(all: &[(i64, &str, &str)], ends: &str) {
        for order in orders(all.len()) {
            for comes in 0..=all.len() {
                let mut succession = Succession::default();
                let mut listed = "A".to_owned();
                for (place, index) in order.iter().enumerate() {
                    if place >= comes {
                        listed = succession.current(&listed).to_owned();
                    }
                    let (second, replaced, by) = all[*index];
                    succession.hear(said(second, replaced, by));
                }
                assert_eq!(succession.current(&listed), ends, "{order:?}, {comes}");
                assert!(!succession.is_replaced(ends));
            }
        }
    }

    fn orders(length: usize) -> Vec<Vec<usize>> {
        let Some(last) = length.checked_sub(1) else { return vec![Vec::new()] };
        let insert = |order: Vec<usize>| {
            (0..=order.len()).map(move |place| {
                let mut longer = order.clone();
                longer.insert(place, last);
                longer
            })
        };
        orders(last).into_iter().flat_map(insert).collect()
    }

    #[test]
    fn what_was_said_last_stands_in_whatever_order_it_is_heard_of() {
        check(&[], "A");
        check(&[(1, "A", "B")], "B");
        check(&[(1, "A", "B"), (2, "B", "C")], "C");
        // its first name, again and again
        check(&[(1, "A", "B"), (2, "A", "C"), (3, "A", "D")], "D");
        // back to what it was, and on
        check(&[(1, "A", "B"), (2, "B", "A")], "A");
        check(&[(1, "A", "B"), (2, "B", "A"), (3, "A", "B")], "B");
        check(&[(1, "A", "B"), (2, "B", "C"), (3, "C", "A")], "A");
        check(&[(1, "A", "B"), (2, "B", "C"), (3, "C", "A"), (4, "B", "D")], "D");
        // another slot is another's
        check(&[(1, "X", "Y"), (2, "A", "B"), (3, "Y", "X")], "B");
    }

    #[test]
    fn of_one_instant_the_order_of_arrival_counts() {
        let mut succession = Succession::default();
        succession.hear(said(1, "A", "B"));
        succession.hear(said(1, "B", "A"));
        assert_eq!(succession.current("B"), "A");
        // the later of two is heard of first
        succession.hear(said(1, "C", "D"));
        succession.hear(said(1, "A", "C"));
        assert_eq!(succession.current("B"), "D");
        assert_eq!(succession, Succession::of(succession.said.clone()));
    }
}
