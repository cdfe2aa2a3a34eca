//! The exchanges that `deploy/rabbitmq` defines.

use super::retry_policy::RetryDelay;

/// An exchange to publish to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Exchange {
    /// Commands from portals.
    Intake,
    /// Work, routed to the lanes by routing key.
    Work,
    /// Messages to be tried again after a delay.
    Retry(RetryDelay),
    /// The dead-letter exchange: messages that are not tried again.
    Dead,
    /// Events for portals.
    Verdicts,
}

impl Exchange {
    /// Returns the name at the broker.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Work => "work",
            Self::Retry(delay) => delay.exchange(),
            Self::Dead => "dead",
            Self::Verdicts => "verdicts",
        }
    }
}
