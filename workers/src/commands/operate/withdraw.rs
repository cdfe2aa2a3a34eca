//! `tekseru withdraw`: an application is forgotten.

use clap::Args;
use jiff::Timestamp;

use super::{ours, registry, who};
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::services;
use crate::services::config::{Problems, RegistryArguments, StoreArguments};
use crate::verdicts::delete;

/// Erases all that was made of an application; cannot be undone.
///
/// Its verdicts, reports, pictures and what its portal submitted go; its name
/// stays as a tombstone, so that late deliveries do not bring it back. Uploads
/// belong to the portal and are not touched.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru withdraw A-104 --yes

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// The application
    #[arg(value_name = "APPLICATION_ID")]
    application_id: String,
    /// Without it, only what would be erased is told
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut problems = Problems::default();
    let objects = arguments.store.open(&mut problems);
    problems.finish()?;
    let Some(objects) = objects else { return Err(Failure::Usage("no store".to_owned())) };
    let id = &arguments.application_id;
    let told = services::runtime()?.block_on(async {
        let registry = registry(&arguments.registry).await?;
        let Some(record) = registry.find_application(id).await.map_err(ours)? else {
            return Err(Failure::Input(format!("{id}: never heard of")));
        };
        if !arguments.yes {
            let documents = record.documents.len();
            return Ok(format!("would erase {id} with {documents} documents; say --yes to do it"));
        }
        let now = Timestamp::now();
        let mut locked = registry.lock(id, now).await.map_err(ours)?;
        let folders = locked.withdraw(now, &who()).await.map_err(ours)?;
        locked.commit().await.map_err(ours)?;
        delete::folders(&registry, &objects, &folders).await.map_err(ours)?;
        Ok(format!("erased  {id}"))
    })?;
    terminal.say(&told)?;
    Ok(Exit::Fine)
}
