//! `tekseru status`: what runs and what waits.

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::age::age;
use super::registry_access::open_registry;
use crate::cli::text::{escaped, padded};
use crate::cli::{Exit, Failure, Terminal};
use crate::registry::{Backlog, Counts, WorkerRow};
use crate::runtime::process;
use crate::services::config::RegistryArguments;
use crate::worker::HEARTBEAT_INTERVAL;

/// Time since its last heartbeat for which a worker is listed.
const LISTED: SignedDuration = SignedDuration::from_mins(10);
/// Missed heartbeats after which a worker counts as not responding.
const MISSED_HEARTBEATS: u32 = 5;

/// Show what runs, what waits and what failed, from the registry.
///
/// A worker is listed until 10 minutes after its last heartbeat, or until it stops
/// normally. A worker that was killed is marked NOT RESPONDING after 10 seconds.
/// The broker knows the lengths of queues: `rabbitmqctl list_queues`.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru status
  tekseru status --format json | jq .waiting.dead

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Format of the output: human or json
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    format: String,
    #[command(flatten)]
    registry: RegistryArguments,
}

/// Everything that the command shows.
struct Status {
    now: Timestamp,
    counts: Counts,
    paused: Vec<String>,
    workers: Vec<WorkerRow>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let status = process::tokio_runtime()?.block_on(async {
        let registry = open_registry(&arguments.registry).await?;
        let now = Timestamp::now();
        Ok::<_, Failure>(Status {
            now,
            counts: registry.counts().await.map_err(Failure::internal)?,
            paused: registry.paused_lanes().await.map_err(Failure::internal)?.into_iter().collect(),
            workers: registry.active_workers(now - LISTED).await.map_err(Failure::internal)?,
        })
    })?;
    if arguments.format == "json" {
        terminal.print_json(&as_json(&status))?;
    } else {
        print(&status, terminal)?;
    }
    Ok(Exit::Success)
}

fn print(status: &Status, terminal: &mut Terminal) -> Result<(), Failure> {
    let Status { now, counts, paused, workers } = status;
    terminal.print("Workers")?;
    if workers.is_empty() {
        terminal.print("  no worker in the last 10 min; start one with `tekseru work`")?;
    }
    for worker in workers {
        terminal.print(&worker_line(worker, *now))?;
    }
    if !paused.is_empty() {
        terminal
            .print(&format!("  paused: {}; run `tekseru resume` to continue", paused.join(", ")))?;
    }
    for (title, by_state) in
        [("Applications", &counts.applications), ("Documents", &counts.documents)]
    {
        terminal.print(title)?;
        for (state, count) in by_state {
            terminal.print(&format!("  {}  {count}", padded(state, 12)))?;
        }
    }
    terminal.print("Waiting")?;
    for (name, waiting, hint) in backlogs(counts) {
        let oldest = waiting.oldest.map(|at| format!(", the oldest for {}{hint}", age(at)));
        let oldest = oldest.unwrap_or_default();
        terminal.print(&format!("  {}  {}{oldest}", padded(name, 12), waiting.count))?;
    }
    Ok(())
}

fn worker_line(worker: &WorkerRow, now: Timestamp) -> String {
    let state = if is_responding(worker, now) {
        format!("up {}", age(worker.started_at))
    } else {
        "NOT RESPONDING".to_owned()
    };
    let slots = worker.slots.replace(['{', '}', '"'], "").replace(',', " ").replace(':', "=");
    let sandbox = if worker.sandbox == "on" { "" } else { "  SANDBOX OFF" };
    format!(
        "  {}  {}  {state}  last heartbeat {} ago  slots {}{sandbox}",
        padded(&escaped(&worker.id), 24),
        worker.version,
        age(worker.last_heartbeat_at),
        escaped(&slots),
    )
}

/// Returns whether the last heartbeat of a worker is recent.
fn is_responding(worker: &WorkerRow, now: Timestamp) -> bool {
    let limit = HEARTBEAT_INTERVAL * MISSED_HEARTBEATS;
    // the clock of a worker may be ahead of ours
    let silence = now.duration_since(worker.last_heartbeat_at).max(SignedDuration::ZERO);
    silence.unsigned_abs() <= limit
}

/// Returns what waits, by name, with a hint for the operator.
fn backlogs(counts: &Counts) -> [(&'static str, &Backlog, &'static str); 4] {
    const MAINTENANCE: &str = "; check that `tekseru maintain` runs";
    [
        ("unattached", &counts.backlogs.unattached_revisions, MAINTENANCE),
        ("unsent", &counts.backlogs.unsent_events, MAINTENANCE),
        ("undeleted", &counts.backlogs.pending_deletions, MAINTENANCE),
        ("dead", &counts.backlogs.dead_letters, "; run `tekseru dead list`"),
    ]
}

fn as_json(status: &Status) -> String {
    let Status { now, counts, paused, workers } = status;
    let waiting: serde_json::Map<String, Value> = backlogs(counts)
        .iter()
        .map(|(name, waiting, _)| {
            ((*name).to_owned(), json!({"count": waiting.count, "oldest": waiting.oldest}))
        })
        .collect();
    let workers: Vec<Value> = workers
        .iter()
        .map(|worker| {
            json!({
                "id": worker.id, "host": worker.host, "pid": worker.pid, "version": worker.version,
                "started_at": worker.started_at,
                "last_heartbeat_at": worker.last_heartbeat_at,
                "responding": is_responding(worker, *now),
                "slots": serde_json::from_str::<Value>(&worker.slots).ok(),
                "sandbox": worker.sandbox,
            })
        })
        .collect();
    json!({
        "workers": workers, "paused": paused, "waiting": waiting,
        "applications": counts.applications, "documents": counts.documents,
    })
    .to_string()
}
