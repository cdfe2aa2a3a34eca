//! Arguments of `tekseru work`.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::num::NonZero;
use std::time::Duration;

use clap::Args;
use jiff::SignedDuration;

use crate::broker::Lane;
use crate::services::examiner_arguments::ExaminerArguments;
use crate::services::role::RoleArguments;

/// Run a worker: take uploads from the broker, examine them in sandboxed processes,
/// judge their applications and store the verdicts.
///
/// Any number of workers may run. They share only broker, store and database, and a
/// killed worker loses no document. On SIGTERM a worker takes no new message and
/// finishes the documents that it has started. On a second SIGTERM, or after --drain
/// seconds, it stops at once, and another worker does the rest.
///
/// The queues of the broker (deploy/rabbitmq) and the tables of the database
/// (`tekseru migrate`) must exist. `tekseru doctor` lists everything that is missing.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru work                                   every lane, one slot per processor
  tekseru work --slots 1 --lane passport         only passports, one at a time
  curl -s localhost:9464/readyz                  check that the worker is ready

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Lanes to work on: application, passport, portrait, paper [default: all]
    #[arg(long = "lane", value_name = "LANE", value_delimiter = ',')]
    pub(super) lanes: Vec<Lane>,
    /// Number of documents of each lane at the same time [default: number of processors]
    #[arg(long, env = "TEKSERU_SLOTS", value_name = "N")]
    pub(super) slots: Option<NonZero<u16>>,
    /// Slots of one lane, such as passport=1; may be repeated
    #[arg(long, value_name = "LANE=N", value_parser = lane_slots)]
    pub(super) lane_slots: Vec<(Lane, NonZero<u16>)>,
    /// Most seconds to finish started documents after SIGTERM
    #[arg(long, env = "TEKSERU_DRAIN", value_name = "SECONDS", default_value_t = 120)]
    drain: u64,
    /// Least seconds between two verdicts of an application that is incomplete, with their
    /// events; the complete one never waits. 0: none waits
    #[arg(long, env = "TEKSERU_INCOMPLETE_INTERVAL", value_name = "SECONDS", default_value_t = 3)]
    incomplete_interval: u32,
    /// Address that serves /metrics, /livez and /readyz
    #[arg(long, env = "TEKSERU_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:9464")]
    pub(super) listen: SocketAddr,
    #[command(flatten)]
    pub(super) examiner: ExaminerArguments,
    #[command(flatten)]
    pub(super) role: RoleArguments,
}

impl Arguments {
    pub(super) fn drain(&self) -> Duration {
        Duration::from_secs(self.drain)
    }

    pub(super) fn incomplete_interval(&self) -> SignedDuration {
        SignedDuration::from_secs(self.incomplete_interval.into())
    }

    /// Returns each lane with its slots.
    pub(super) fn lanes(&self) -> Vec<(Lane, NonZero<u16>)> {
        let at_once = crate::runtime::jobs::default_parallelism();
        let processors = NonZero::<u16>::try_from(at_once).unwrap_or(NonZero::<u16>::MIN);
        let all = if self.lanes.is_empty() { Lane::ALL.to_vec() } else { self.lanes.clone() };
        let slots = |lane: Lane| {
            let own = self.lane_slots.iter().rev().find(|(of, _)| *of == lane);
            own.map_or(self.slots.unwrap_or(processors), |(_, slots)| *slots)
        };
        all.into_iter().map(|lane| (lane, slots(lane))).collect()
    }

    /// Returns the names of the lanes whose documents are examined.
    pub(super) fn examining_lanes(&self) -> Vec<&'static str> {
        let examines = |lane: &Lane| *lane != Lane::Application;
        let lanes = self.lanes().into_iter().map(|(lane, _)| lane);
        BTreeSet::from_iter(lanes.filter(examines)).into_iter().map(Lane::name).collect()
    }
}

fn lane_slots(text: &str) -> Result<(Lane, NonZero<u16>), String> {
    let (lane, slots) = text.split_once('=').ok_or("write LANE=N, such as passport=1")?;
    let lane = lane.parse::<Lane>().map_err(|error| error.to_string())?;
    let slots = slots.parse().map_err(|_| {
        format!("`{slots}` is not a number of slots; write a number from 1 to 65535")
    })?;
    Ok((lane, slots))
}
