//! `tekseru doctor`: checks that this machine and its services have everything.

mod finding;
mod machine;
mod services;

use clap::Args;

use crate::cli::{Exit, Failure, Terminal};
use crate::portal::Portal;
use crate::services::config::{BrokerArguments, RegistryArguments, StoreArguments};

use finding::print;

/// Check that this machine has everything, and show how to install missing items.
///
/// The command starts examining processes, tests that the sandbox blocks everything
/// that a document must not do, and tests that limits end a process. It checks broker,
/// store and database where they are configured.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru doctor                            this machine, and services from the environment
  tekseru doctor --amqp-url amqps://… | grep missing

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Portals whose buckets and queue are checked
    #[arg(
        long = "portal",
        env = "TEKSERU_PORTALS",
        value_name = "NAME",
        value_delimiter = ',',
        default_values = ["portal"]
    )]
    portals: Vec<Portal>,
    #[command(flatten)]
    broker: BrokerArguments,
    #[command(flatten)]
    store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    // printed before the services are checked, which may take seconds
    let machine = print(&machine::findings(), terminal)?;
    let services = print(&services::findings(arguments)?, terminal)?;
    Ok(machine.max(services))
}
