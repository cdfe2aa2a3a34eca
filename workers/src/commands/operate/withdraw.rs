//! `tekseru withdraw`: deletes an application.

use clap::Args;
use jiff::Timestamp;

use super::registry_access::{open_registry, operator_name, require_known};
use crate::application_key::ApplicationKey;
use crate::cli::{Exit, Failure, Terminal};
use crate::runtime::process;
use crate::services::config::{RegistryArguments, StoreArguments};
use crate::verdicts::delete;

/// Delete everything that tekseru made of an application. This cannot be undone.
///
/// Verdicts, reports, pictures and the submitted form are deleted. The id of the
/// application stays as a tombstone, so that a late message cannot bring the
/// application back. Uploads belong to the portal and are not deleted.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru withdraw A-104          show what would be deleted
  tekseru withdraw A-104 --yes    delete it

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// The application: PORTAL/ID, or the ID of the portal `portal`
    #[arg(value_name = "APPLICATION")]
    application: ApplicationKey,
    /// Delete; without --yes, the command only shows what it would delete
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let objects = arguments.store.require()?;
    let id = &arguments.application;
    let line = process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        require_known(&registry, id).await?;
        if !arguments.yes {
            let documents = registry.count_documents(id).await.map_err(Failure::internal)?;
            return Ok(format!(
                "would delete {id} with {documents} documents; add --yes to delete"
            ));
        }
        let now = Timestamp::now();
        let mut locked = registry.lock_to_delete(id, now).await.map_err(Failure::internal)?;
        let folders = locked.withdraw(now, &operator_name()).await.map_err(Failure::internal)?;
        locked.commit().await.map_err(Failure::internal)?;
        delete::delete_folders(&registry, &objects, &folders).await.map_err(Failure::internal)?;
        Ok(format!("deleted  {id}"))
    })?;
    terminal.print(&line)?;
    Ok(Exit::Success)
}
