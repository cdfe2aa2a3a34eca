//! `tekseru migrate`: the tables of the registry.

use clap::Args;

use crate::cli::{Exit, Failure, Terminal};
use crate::registry::Registry;
use crate::runtime::process;
use crate::services::config::RegistryArguments;

/// Create the tables of the registry, or update them to this version.
///
/// It is safe to run it again, to run it twice at the same time, and beside programs of an
/// earlier version that can use the new tables; `deploy/README.md` says in which order. To
/// run the SQL by hand, use the files in workers/migrations.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru migrate --database-url sqlite:tekseru.db

",
    exit_help!()
))]
pub(crate) struct Arguments {
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let url = arguments.registry.require_url()?;
    process::tokio_runtime()?.block_on(async {
        let registry = Registry::connect(url.reveal()).await.map_err(Failure::internal)?;
        registry.migrate().await.map_err(Failure::internal)
    })?;
    terminal.print("fine  this version can use the tables")?;
    Ok(Exit::Success)
}
