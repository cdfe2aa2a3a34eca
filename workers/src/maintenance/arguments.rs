//! Arguments of `tekseru maintain`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::retention::Retention;
use crate::services::role::RoleArguments;

/// Run maintenance: dead letters, unfinished work, daily changes, deadlines, retention.
///
/// Any number of these processes may run; a lease in the registry lets one act at a
/// time. It moves dead letters from the broker to the registry, where `tekseru dead`
/// shows them, and informs the portal that there is no machine verdict.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru maintain                      run until SIGTERM
  tekseru maintain --once               do what is due, then end

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Do what is due and end; dead letters stay in the broker
    #[arg(long)]
    pub(super) once: bool,
    /// Delete an application after so many days without a message about it
    #[arg(long, env = "TEKSERU_RETENTION", value_name = "DAYS", default_value_t = 365,
        value_parser = clap::value_parser!(u32).range(1..=36_500))]
    pub(super) retention: u32,
    /// Delete at most so many applications an hour because of their age; the rest waits
    #[arg(long, env = "TEKSERU_DELETIONS_PER_HOUR", value_name = "NUMBER", default_value_t = 500,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) deletions_per_hour: u32,
    /// Seconds between two rounds
    #[arg(long, value_name = "SECONDS", default_value_t = 15,
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(super) every: u64,
    /// Private key of Ed25519 (PEM) that signs the daily anchor of the audit
    #[arg(long, env = "TEKSERU_AUDIT_KEY_FILE", value_name = "FILE")]
    pub(super) audit_key_file: Option<PathBuf>,
    /// Address that serves /metrics, /livez and /readyz
    #[arg(long, env = "TEKSERU_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:9465")]
    pub(super) listen: SocketAddr,
    #[command(flatten)]
    pub(super) role: RoleArguments,
}

impl Arguments {
    pub(super) fn retention(&self) -> Retention {
        Retention::new(self.retention, self.deletions_per_hour)
    }
}
