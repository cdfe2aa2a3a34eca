//! `tekseru migrate`: the registry's tables.

use clap::Args;

use super::ours;
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::registry::Registry;
use crate::services;
use crate::services::config::{Problems, RegistryArguments};

/// Makes the registry's tables, or brings them up to this version.
///
/// Harmless where they are, and when two run at once. The same SQL lies in
/// workers/migrations for those who run it by hand.
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
    let mut problems = Problems::default();
    let url = arguments.registry.url(&mut problems);
    problems.finish()?;
    let Some(url) = url else { return Err(Failure::Usage("no database".to_owned())) };
    services::runtime()?.block_on(async {
        let registry = Registry::connect(url.reveal()).await.map_err(ours)?;
        registry.migrate().await.map_err(ours)
    })?;
    terminal.say("fine  the tables are those of this version")?;
    Ok(Exit::Fine)
}
