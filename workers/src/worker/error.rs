//! Why one message's work stopped, and what becomes of the message.

use pipeline::contract::commands::Rejection;

use super::process::Asked;
use crate::broker::{Disposition, PublishError};
use crate::examiner::ExaminerError;
use crate::objects::{FetchError, StoreError};
use crate::registry::RegistryError;
use crate::verdicts::judging::JudgingError;

/// Why the work on one message stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkError {
    /// The message cannot be used; its portal mends it.
    #[error("message cannot be used: {}", .0.problem.title)]
    Rejected(Box<Rejection>),
    /// The database.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The upload.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The results.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The broker.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// No examining process could be had.
    #[error(transparent)]
    Examiner(#[from] ExaminerError),
    /// It could not be judged.
    #[error(transparent)]
    Judging(JudgingError),
    /// A fault of ours.
    #[error("{0}")]
    Ours(String),
}

/// What a worker cannot do without.
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
    /// As metrics and health reports name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Store => "store",
            Self::Broker => "broker",
        }
    }
}

impl From<JudgingError> for WorkError {
    fn from(error: JudgingError) -> Self {
        match error {
            JudgingError::Registry(error) => Self::Registry(error),
            error => Self::Judging(error),
        }
    }
}

impl WorkError {
    /// A command about an application that was never heard of.
    pub(super) fn unknown_application(asked: &Asked<'_>) -> Self {
        let rule = "an application that was submitted";
        let rejection = Rejection::unusable(&asked.received, "/data/application_id", rule);
        Self::Rejected(Box::new(rejection))
    }

    /// What is down, where that may be the cause.
    pub(crate) fn needs(&self) -> Option<Dependency> {
        match self {
            Self::Registry(error) if error.may_pass() => Some(Dependency::Database),
            Self::Fetch(FetchError::Unavailable { .. }) => Some(Dependency::Store),
            Self::Store(error) if error.may_pass() => Some(Dependency::Store),
            Self::Publish(
                PublishError::TimedOut | PublishError::Disconnected | PublishError::Nacked,
            ) => Some(Dependency::Broker),
            _ => None,
        }
    }

    /// In words, without what a portal chose: keys are often names of files,
    /// and those names of people.
    pub(super) fn for_log(&self) -> String {
        match self {
            Self::Fetch(_) => "the upload could not be fetched".to_owned(),
            error => error.to_string(),
        }
    }

    /// For operators: what went wrong, never about whom.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.kind.code(),
            Self::Registry(error) if error.may_pass() => "DATABASE_UNAVAILABLE",
            Self::Registry(_) => "DATABASE_UNUSABLE",
            Self::Fetch(FetchError::Missing(_)) => "OBJECT_MISSING",
            Self::Fetch(FetchError::Replaced(_)) => "OBJECT_REPLACED",
            Self::Fetch(FetchError::Refused { .. }) => "OBJECT_REFUSED",
            Self::Fetch(FetchError::Unavailable { .. }) => "STORE_UNAVAILABLE",
            Self::Fetch(FetchError::Disk(_)) => "DISK",
            Self::Store(error) if error.may_pass() => "STORE_UNAVAILABLE",
            Self::Store(_) => "STORE_REFUSED",
            Self::Publish(PublishError::Unroutable) => "EVENT_UNROUTABLE",
            Self::Publish(_) => "BROKER_UNAVAILABLE",
            Self::Examiner(_) => "EXAMINER",
            Self::Judging(_) => "JUDGING",
            Self::Ours(_) => "INTERNAL",
        }
    }

    /// What becomes of the message. Only a message that can never be used is
    /// dead at once: everything else is ours, and may be mended meanwhile.
    pub(super) fn ending(&self) -> Disposition {
        let code = self.code();
        match self {
            // its portal is answered, and an operator can do nothing
            Self::Rejected(rejection) if !rejection.kind.is_dead_lettered() => Disposition::Done,
            Self::Rejected(_) => Disposition::Dead { code },
            _ => Disposition::Retry { code, count_attempt: true },
        }
    }
}
