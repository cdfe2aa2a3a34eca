//! How often a document's file is to be examined anew, and how often it was.

/// The number of looks at a document's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Looks {
    /// Commands that asked for one.
    pub(crate) asked: i64,
    /// The latest one whose result is stored.
    pub(crate) answered: i64,
}

impl Looks {
    /// Whether the file is to be looked at.
    pub(crate) fn is_due(self) -> bool {
        self.asked > self.answered
    }
}
