//! How often a document's file is to be examined, and how often it was.

/// The rounds of examination of a document's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExaminationRounds {
    /// Rounds requested after the first.
    pub(crate) requested: i64,
    /// The latest one whose result is stored.
    pub(crate) completed: i64,
}

impl ExaminationRounds {
    /// Whether a requested round is not completed.
    pub(crate) fn is_due(self) -> bool {
        self.requested > self.completed
    }
}
