//! `tekseru status`: what runs and what waits.

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{ago, ours, registry};
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::text::{escaped, padded};
use crate::registry::{Backlog, Counts, WorkerRow};
use crate::services;
use crate::services::config::RegistryArguments;

/// A worker that was not heard of for so long is gone.
const GONE: SignedDuration = SignedDuration::from_secs(30);

/// Says what runs, what waits and what failed, from the registry.
///
/// The lengths of queues are the broker's: `rabbitmqctl list_queues`.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru status
  tekseru status --format json | jq .waiting.dead

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// Human or json
    #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
    format: String,
    #[command(flatten)]
    registry: RegistryArguments,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let (counts, paused, workers) = services::runtime()?.block_on(async {
        let registry = registry(&arguments.registry).await?;
        let counts = registry.counts().await.map_err(ours)?;
        let paused = registry.paused_lanes().await.map_err(ours)?;
        let workers = registry.active_workers(Timestamp::now() - GONE).await.map_err(ours)?;
        Ok::<_, Failure>((counts, paused, workers))
    })?;
    let paused: Vec<&str> = paused.iter().map(String::as_str).collect();
    if arguments.format == "json" {
        terminal.say(&as_json(&counts, &paused, &workers))?;
        return Ok(Exit::Fine);
    }
    terminal.say("Workers")?;
    if workers.is_empty() {
        terminal.say("  none was heard of in the last 30 s; start one with `tekseru work`")?;
    }
    for worker in &workers {
        let sandbox = if worker.sandbox == "on" { "" } else { "  SANDBOX OFF" };
        terminal.say(&format!(
            "  {}  {}  up {}  slots {}{sandbox}",
            padded(&escaped(&worker.id), 24),
            worker.version,
            ago(worker.started_at),
            escaped(&worker.slots.replace(['{', '}', '"'], "").replace(',', " ").replace(':', "=")),
        ))?;
    }
    if !paused.is_empty() {
        terminal.say(&format!("  paused: {}; go on with `tekseru resume`", paused.join(", ")))?;
    }
    for (title, by_state) in
        [("Applications", &counts.applications), ("Documents", &counts.documents)]
    {
        terminal.say(title)?;
        for (state, count) in by_state {
            terminal.say(&format!("  {}  {count}", padded(state, 12)))?;
        }
    }
    terminal.say("Waiting")?;
    for (what, waiting, mend) in waits(&counts) {
        let oldest = waiting.oldest.map(|at| format!(", the oldest for {}{mend}", ago(at)));
        let oldest = oldest.unwrap_or_default();
        terminal.say(&format!("  {}  {}{oldest}", padded(what, 12), waiting.count))?;
    }
    Ok(Exit::Fine)
}

fn waits(counts: &Counts) -> [(&'static str, &Backlog, &'static str); 4] {
    [
        ("unattached", &counts.unattached_revisions, "; is a keeper running?"),
        ("unsent", &counts.unsent_events, "; is a keeper running?"),
        ("unerased", &counts.pending_deletions, "; is a keeper running?"),
        ("dead", &counts.dead_letters, "; see `tekseru dead list`"),
    ]
}

fn as_json(counts: &Counts, paused: &[&str], workers: &[WorkerRow]) -> String {
    let waiting: serde_json::Map<String, serde_json::Value> = waits(counts)
        .iter()
        .map(|(what, waiting, _)| {
            ((*what).to_owned(), json!({"count": waiting.count, "oldest": waiting.oldest}))
        })
        .collect();
    let workers: Vec<serde_json::Value> = workers
        .iter()
        .map(|worker| {
            json!({
                "id": worker.id, "host": worker.host, "pid": worker.pid, "version": worker.version,
                "started_at": worker.started_at, "seen_at": worker.last_heartbeat_at,
                "slots": serde_json::from_str::<serde_json::Value>(&worker.slots).ok(),
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
