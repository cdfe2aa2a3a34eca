//! Why a publish failed.

use super::problem::BrokerProblem;

/// Why a message is not confirmed as stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PublishError {
    /// No queue is bound for its routing key.
    #[error("no queue is bound for the message: import deploy/rabbitmq/definitions")]
    Unroutable,
    /// The broker rejected it because the queue is full.
    #[error("the broker rejected the message: its queue is full")]
    Nacked,
    /// It may still be stored; publishing it again awaits the same confirm.
    #[error("the broker did not confirm in time")]
    TimedOut,
    /// It may be stored or not.
    #[error("the connection was lost before the broker confirmed")]
    Disconnected,
    /// It cannot be published as it is.
    #[error("the message cannot be published: {0}")]
    Unpublishable(BrokerProblem),
}

impl PublishError {
    /// Returns a code for metrics and headers.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unroutable => "unroutable",
            Self::Nacked => "nacked",
            Self::TimedOut => "timed-out",
            Self::Disconnected => "disconnected",
            Self::Unpublishable(_) => "broken",
        }
    }
}

impl From<BrokerProblem> for PublishError {
    fn from(problem: BrokerProblem) -> Self {
        if problem.is_refusal() { Self::Unpublishable(problem) } else { Self::Disconnected }
    }
}
