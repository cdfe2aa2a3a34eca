//! What `tekseru work` can be asked for.

use std::net::SocketAddr;
use std::num::NonZero;
use std::time::Duration;

use clap::Args;

use crate::broker::Lane;
use crate::services::examiner_arguments::ExaminerArguments;
use crate::services::role::RoleArguments;

/// Takes uploads from the broker, examines them in confined processes, judges
/// their applications and attaches the verdicts, until it is told to stop.
///
/// Any number may run: they share nothing but broker, store and database, and
/// one that is killed loses nothing. SIGTERM stops taking and finishes what is
/// in hand; a second one, or --drain passing, stops at once, and what was in
/// hand goes to another worker.
///
/// The broker's queues must be there (deploy/rabbitmq), and the database's
/// tables (`tekseru migrate`). `tekseru doctor` says what is missing.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru work                                   every lane, slots by processors
  tekseru work --slots 1 --lane passport         one passport at a time, nothing else
  curl -s localhost:9464/readyz                  can it do its work?

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// What to take from the queues: application, passport, portrait or paper [default: all]
    #[arg(long = "lane", value_name = "LANE", value_delimiter = ',')]
    pub(super) lanes: Vec<Lane>,
    /// Documents of each lane in work at once [default: one a processor]
    #[arg(long, env = "TEKSERU_SLOTS", value_name = "N")]
    pub(super) slots: Option<NonZero<u16>>,
    /// Slots of single lanes, as passport=1; may be given several times
    #[arg(long, value_name = "LANE=N", value_parser = lane_slots)]
    pub(super) lane_slots: Vec<(Lane, NonZero<u16>)>,
    /// Seconds for what is in hand after SIGTERM
    #[arg(long, env = "TEKSERU_DRAIN", value_name = "SECONDS", default_value_t = 120)]
    drain: u64,
    /// Where /metrics, /livez and /readyz are served
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

    /// Each lane with its slots.
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
}

fn lane_slots(text: &str) -> Result<(Lane, NonZero<u16>), String> {
    let (lane, slots) = text.split_once('=').ok_or("say LANE=N, such as passport=1")?;
    let lane = lane.parse::<Lane>().map_err(|error| error.to_string())?;
    let slots = slots.parse().map_err(|_| format!("`{slots}` is no number of slots"))?;
    Ok((lane, slots))
}
