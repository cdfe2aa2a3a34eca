//! One application that cannot be read or judged must not stop the others.

use crate::application_key::ApplicationKey;
use crate::cli::{Exit, Failure, Terminal};
use crate::registry::{Registry, RegistryError};
use crate::services::ServiceError;
use crate::verdicts::VerdictError;

/// Why one application was not rechecked.
pub(super) enum RecheckError {
    /// The others would fail too.
    Stop(Failure),
    /// The others may succeed, if the database answers.
    Application(ServiceError),
}

impl From<Failure> for RecheckError {
    fn from(failure: Failure) -> Self {
        Self::Stop(failure)
    }
}

impl From<RegistryError> for RecheckError {
    fn from(error: RegistryError) -> Self {
        Self::Application(error.into())
    }
}

impl From<VerdictError> for RecheckError {
    fn from(error: VerdictError) -> Self {
        Self::Application(error.into())
    }
}

/// How many applications were skipped.
#[derive(Default)]
pub(super) struct Skipped(u32);

impl Skipped {
    /// Returns the result for one application; none where it is skipped, which is said.
    ///
    /// # Errors
    /// When the others would fail too.
    pub(super) async fn check<T>(
        &mut self,
        registry: &Registry,
        id: &ApplicationKey,
        result: Result<T, RecheckError>,
        terminal: &mut Terminal,
    ) -> Result<Option<T>, Failure> {
        let error = match result {
            Ok(value) => return Ok(Some(value)),
            Err(RecheckError::Stop(failure)) => return Err(failure),
            Err(RecheckError::Application(error)) => error,
        };
        if error.dependency().is_some() && registry.require_usable_schema().await.is_err() {
            return Err(Failure::internal(error));
        }
        self.0 += 1;
        terminal.warn(&format!("{}: skipped: {}", id, error.for_log()));
        Ok(None)
    }

    /// Says how many were skipped and returns the exit status.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub(super) fn finish(&self, terminal: &mut Terminal) -> Result<Exit, Failure> {
        if self.0 == 0 {
            return Ok(Exit::Success);
        }
        terminal.print(&format!("skipped {}", self.0))?;
        Ok(Exit::Input)
    }
}
