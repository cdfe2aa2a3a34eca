//! Why a round of maintenance was not finished.

use crate::registry::RegistryError;
use crate::services::{ClockError, ClocksDiffer, ServiceError};

/// Why a round of maintenance was not finished.
#[derive(Debug, thiserror::Error)]
pub(super) enum RoundError {
    /// A service failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The clocks differ.
    #[error(transparent)]
    ClocksDiffer(#[from] ClocksDiffer),
}

impl From<RegistryError> for RoundError {
    fn from(error: RegistryError) -> Self {
        Self::Service(error.into())
    }
}

impl From<ClockError> for RoundError {
    fn from(error: ClockError) -> Self {
        match error {
            ClockError::Registry(error) => error.into(),
            ClockError::Differ(error) => error.into(),
        }
    }
}
