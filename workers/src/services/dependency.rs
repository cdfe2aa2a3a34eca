//! The three services that a worker depends on.

/// A service that a worker depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dependency {
    /// The database.
    Database,
    /// The object store.
    Store,
    /// The broker, for publishing.
    Broker,
}

impl Dependency {
    /// Returns its name in metrics and health reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Store => "store",
            Self::Broker => "broker",
        }
    }
}
