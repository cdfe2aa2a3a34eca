//! `tekseru pause` and `tekseru resume`.

use clap::Args;
use jiff::Timestamp;

use super::registry_access::{open_registry, operator_name};
use crate::broker::Lane;
use crate::cli::{Exit, Failure, Terminal};
use crate::runtime::process;
use crate::services::config::RegistryArguments;

/// All workers react within seconds: they stop taking messages from these lanes, or
/// take them again.
///
/// A worker finishes the documents that it has started. Messages stay in their queues.
/// A pause lasts until `tekseru resume`, also for workers that start later.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru pause passport            no worker takes passports
  tekseru resume passport           workers take passports again

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// application, passport, portrait or paper
    #[arg(required = true, value_name = "LANE")]
    lanes: Vec<Lane>,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn pause(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    set_paused(arguments, true, terminal)
}

pub(crate) fn resume(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    set_paused(arguments, false, terminal)
}

fn set_paused(
    arguments: &Arguments,
    pause: bool,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        let (now, operator) = (Timestamp::now(), operator_name());
        for lane in &arguments.lanes {
            let changed = if pause {
                registry.pause_lane(lane.name(), &operator, now).await
            } else {
                registry.resume_lane(lane.name(), &operator, now).await
            };
            changed.map_err(Failure::internal)?;
        }
        Ok::<(), Failure>(())
    })?;
    for lane in &arguments.lanes {
        terminal.print(&format!("{}  {lane}", if pause { "paused" } else { "resumed" }))?;
    }
    Ok(Exit::Success)
}
