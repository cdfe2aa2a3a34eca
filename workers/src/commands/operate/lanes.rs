//! `tekseru pause` and `tekseru resume`.

use clap::Args;
use jiff::Timestamp;

use super::{ours, registry, who};
use crate::broker::Lane;
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::services;
use crate::services::config::RegistryArguments;

/// Every worker stops taking, or takes again, from these lanes within seconds.
///
/// What is in hand is finished; what waits, waits. A pause holds until resumed,
/// also for workers that start later.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru pause passport            nothing of passports is taken any more
  tekseru resume passport

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
    change(arguments, true, terminal)
}

pub(crate) fn resume(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    change(arguments, false, terminal)
}

fn change(arguments: &Arguments, pause: bool, terminal: &mut Terminal) -> Result<Exit, Failure> {
    services::runtime()?.block_on(async {
        let registry = registry(&arguments.registry).await?;
        let (now, who) = (Timestamp::now(), who());
        for lane in &arguments.lanes {
            let changed = if pause {
                registry.pause_lane(lane.name(), &who, now).await
            } else {
                registry.resume_lane(lane.name(), &who, now).await
            };
            changed.map_err(ours)?;
        }
        Ok::<(), Failure>(())
    })?;
    for lane in &arguments.lanes {
        terminal.say(&format!("{}  {lane}", if pause { "paused" } else { "resumed" }))?;
    }
    Ok(Exit::Fine)
}
