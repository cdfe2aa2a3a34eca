//! What `tekseru maintain` can be asked for.

use std::net::SocketAddr;

use clap::Args;

use crate::services::role::RoleArguments;

/// Keeps house: dead letters, results not delivered yet, days that pass, deadlines, retention.
///
/// Any number may run; a lease in the registry lets one act. It takes dead
/// letters out of the broker into the registry, where `tekseru dead` shows
/// them, and tells the reviewer that the machine's check is not available.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru maintain                      until it is told to stop
  tekseru maintain --once               one round of what is due, then the end

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Does what is due once and ends; leaves dead letters in the broker
    #[arg(long)]
    pub(super) once: bool,
    /// Days after which an application of which nothing is heard is erased
    #[arg(long, env = "TEKSERU_RETENTION", value_name = "DAYS", default_value_t = 365,
        value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(super) retention: u32,
    /// Seconds between two rounds
    #[arg(long, value_name = "SECONDS", default_value_t = 15,
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(super) every: u64,
    /// Where /metrics, /livez and /readyz are served
    #[arg(long, env = "TEKSERU_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:9465")]
    pub(super) listen: SocketAddr,
    #[command(flatten)]
    pub(super) role: RoleArguments,
}
