//! Connects to the database.

use super::health::Health;
use crate::cli::Failure;
use crate::registry::{Registry, RegistryError, Schema};
use crate::runtime::backoff::Backoff;
use crate::runtime::secret::Secret;

/// Connects to the database and waits for one that is not up yet.
///
/// # Errors
/// When its tables are not those of this version.
pub(crate) async fn wait_for_registry(url: &Secret, health: &Health) -> Result<Registry, Failure> {
    let mut backoff = Backoff::new();
    loop {
        let problem = match connect_registry(url).await {
            Ok(registry) => {
                health.set_missing("database", None);
                return Ok(registry);
            }
            Err(error) if error.may_pass() => error,
            Err(error) => return Err(Failure::Internal(error.to_string())),
        };
        tracing::warn!(%problem, "Waiting for the database");
        health.set_missing("database", Some(problem.to_string()));
        tokio::time::sleep(backoff.next()).await;
    }
}

/// Connects to the database.
///
/// # Errors
/// When it does not answer, or its tables are not those of this version.
pub(crate) async fn connect_registry(url: &Secret) -> Result<Registry, RegistryError> {
    let registry = Registry::connect(url.reveal()).await?;
    match registry.check_schema().await? {
        Schema::Current => Ok(registry),
        Schema::TooOld { found, needed } | Schema::TooNew { found, needed } => {
            Err(RegistryError::Schema { code: format!("{found} is there, {needed} is needed") })
        }
    }
}
