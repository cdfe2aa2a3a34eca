//! Why the work on one delivery stopped, and the disposition of the message.

use pipeline::contract::commands::Rejection;

use crate::broker::{Disposition, RetryCount};
use crate::services::ServiceError;

/// Why the work on one delivery stopped.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProcessError {
    /// The message cannot be used; its portal must correct it.
    #[error("message cannot be used: {}", .0.problem.title)]
    Rejected(Box<Rejection>),
    /// The broker did not verify which portal sent the message, so no portal can be answered.
    #[error("the broker did not verify the sender of the message: it has no user-id")]
    Unverified,
    /// The file's child ended without an answer for the first time.
    #[error("the examining process ended without an answer; another attempt follows")]
    Unanswered,
    /// A second attempt at another file is running.
    #[error("a second attempt at another file is running")]
    Occupied,
    /// We failed.
    #[error(transparent)]
    Failed(ServiceError),
}

/// The code of a message whose portal the broker did not verify.
pub(crate) const SENDER_UNVERIFIED: &str = "SENDER_UNVERIFIED";

impl<E: Into<ServiceError>> From<E> for ProcessError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl ProcessError {
    /// Returns the code for operators: what failed, nothing about a person.
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Rejected(rejection) => rejection.kind.code(),
            Self::Unverified => SENDER_UNVERIFIED,
            Self::Unanswered => "EXAMINER_UNANSWERED",
            Self::Occupied => "EXAMINER_OCCUPIED",
            Self::Failed(error) => error.code(),
        }
    }

    /// Returns a sentence for the log.
    pub(super) fn for_log(&self) -> String {
        match self {
            Self::Rejected(_) | Self::Unverified | Self::Unanswered | Self::Occupied => {
                self.to_string()
            }
            Self::Failed(error) => error.for_log(),
        }
    }

    /// Decides the disposition of the message. Only a message that can never be
    /// used is dead at once: every other failure is ours, and a retry may succeed.
    pub(super) fn disposition(&self) -> Disposition {
        match self {
            // its portal is answered, and an operator can do nothing
            Self::Rejected(rejection) if !rejection.kind.is_dead_lettered() => Disposition::Done,
            Self::Rejected(_) | Self::Unverified => Disposition::Dead { code: self.code() },
            Self::Unanswered => Disposition::TryOnceMore { code: self.code() },
            Self::Occupied => {
                Disposition::Retry { code: self.code(), count: RetryCount::DependencyWait }
            }
            Self::Failed(_) => Disposition::Retry { code: self.code(), count: RetryCount::Attempt },
        }
    }
}
