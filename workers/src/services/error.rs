//! Failures of a service, with their code for operators.

use super::agreed_clock::{ClockError, ClocksDiffer};
use super::dependency::Dependency;
use crate::broker::PublishError;
use crate::examiner::ExaminerError;
use crate::objects::{FetchError, StoreError};
use crate::registry::RegistryError;
use crate::verdicts::VerdictError;

/// A failure of ours: a service, the examiner, or a fault in this program.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServiceError {
    /// The database failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The upload could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The object store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The broker did not confirm a message.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// No examiner process could be started, or it ended by no fault of its file.
    #[error(transparent)]
    Examiner(#[from] ExaminerError),
    /// The application could not be judged, or its report not rendered.
    #[error(transparent)]
    Verdict(VerdictError),
    /// The clock of this process and that of the database differ.
    #[error(transparent)]
    ClocksDiffer(#[from] ClocksDiffer),
    /// A fault in this program.
    #[error("{0}")]
    Internal(String),
}

impl From<ClockError> for ServiceError {
    fn from(error: ClockError) -> Self {
        match error {
            ClockError::Registry(error) => Self::Registry(error),
            ClockError::Differ(error) => Self::ClocksDiffer(error),
        }
    }
}

impl From<VerdictError> for ServiceError {
    fn from(error: VerdictError) -> Self {
        match error {
            VerdictError::Registry(error) => Self::Registry(error),
            VerdictError::Store(error) => Self::Store(error),
            VerdictError::Publish(error) => Self::Publish(error),
            error => Self::Verdict(error),
        }
    }
}

impl ServiceError {
    /// Returns the service that may be down, if that can be the cause.
    pub(crate) fn dependency(&self) -> Option<Dependency> {
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

    /// Whether a later version of the program can do what this one cannot.
    pub(crate) fn is_of_later_version(&self) -> bool {
        matches!(self, Self::Registry(error) if error.is_of_later_version())
    }

    /// Returns a sentence for the log. It never holds an object key: keys are
    /// often file names, and those names of people.
    pub(crate) fn for_log(&self) -> String {
        match self {
            Self::Fetch(_) => "the upload could not be fetched".to_owned(),
            error => error.to_string(),
        }
    }

    /// Returns the code for operators: what failed, nothing about a person.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Registry(error) if error.may_pass() => "DATABASE_UNAVAILABLE",
            error if error.is_of_later_version() => "WRITTEN_BY_LATER_VERSION",
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
            Self::Examiner(ExaminerError::Killed(_)) => "EXAMINER_KILLED",
            Self::Examiner(ExaminerError::Stalled) => "EXAMINER_STALLED",
            Self::Examiner(_) => "EXAMINER",
            Self::ClocksDiffer(_) => "CLOCKS_DIFFER",
            Self::Verdict(VerdictError::Report(_)) | Self::Internal(_) => "INTERNAL",
            Self::Verdict(_) => "JUDGING",
        }
    }
}
