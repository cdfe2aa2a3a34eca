//! Connects to the database.

use super::health::Health;
use crate::cli::Failure;
use crate::registry::{Registry, RegistryError};
use crate::runtime::backoff::Backoff;
use crate::runtime::secret::Secret;

/// Connects to the database and waits for one that is not up yet.
///
/// # Errors
/// When this program cannot use its tables.
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
/// When it does not answer, or this program cannot use its tables.
pub(crate) async fn connect_registry(url: &Secret) -> Result<Registry, RegistryError> {
    let registry = Registry::connect(url.reveal()).await?;
    registry.require_usable_schema().await?;
    Ok(registry)
}
