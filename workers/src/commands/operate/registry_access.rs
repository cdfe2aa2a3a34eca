//! The registry as operators use it: opened once per command, with their name in the audit log.

use jiff::Timestamp;

use crate::application_key::ApplicationKey;
use crate::cli::Failure;
use crate::registry::{AuditEntry, Registry};
use crate::runtime::user;
use crate::services::config::RegistryArguments;
use crate::services::{agreed_clock, connect_registry};

/// Returns the name of the operator for the audit log.
pub(super) fn operator_name() -> String {
    format!("operator:{}", user::identity())
}

/// Connects to the registry.
///
/// # Errors
/// When it is not configured, does not answer, has tables of another version, or its clock and
/// that of this machine differ.
pub(super) async fn open_registry(arguments: &RegistryArguments) -> Result<Registry, Failure> {
    let url = arguments.require_url()?;
    let registry = connect_registry(&url).await.map_err(Failure::internal)?;
    agreed_clock(&registry).await.map_err(Failure::internal)?;
    Ok(registry)
}

/// Checks that there is an application, of which nothing is read.
///
/// # Errors
/// When there is none, or the registry fails.
pub(super) async fn require_known(registry: &Registry, id: &ApplicationKey) -> Result<(), Failure> {
    let is_known = registry.is_known(id).await.map_err(Failure::internal)?;
    is_known.then_some(()).ok_or_else(|| unknown(id))
}

pub(super) fn unknown(id: &ApplicationKey) -> Failure {
    Failure::Input(format!("{id}: unknown application; check the id, and write PORTAL/ID"))
}

/// Records in the audit log that an operator read personal data.
///
/// # Errors
/// When the registry fails.
pub(super) async fn record_access(
    registry: &Registry,
    action: &str,
    application: Option<&str>,
) -> Result<(), Failure> {
    let entry = AuditEntry::new(&operator_name(), action, application);
    registry.audit(&entry, Timestamp::now()).await.map_err(Failure::internal)
}
