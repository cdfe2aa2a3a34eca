//! From the command line to a worker that runs until it is told to stop.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pipeline::verdict::Sandbox;
use tokio::sync::watch;
use tracing::{info, warn};

use super::handle::handle;
use super::{Arguments, Dependency, Worker};
use crate::broker::{self, BrokerState, Lane, Phase, Shutdown};
use crate::cli::Terminal;
use crate::cli::{Exit, Failure};
use crate::examiner::Examiner;
use crate::registry::WorkerRow;
use crate::runtime::backoff::Backoff;
use crate::runtime::failpoint;
use crate::services;
use crate::services::health::Health;
use crate::services::role::Role;

/// Time between two heartbeats of a worker, after which it also checks for paused lanes.
pub(crate) const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(2);

pub(crate) fn run(arguments: &Arguments, _: &mut Terminal) -> Result<Exit, Failure> {
    let mut role = arguments.role.open()?;
    role.broker.drain_timeout = arguments.drain();
    role.broker.retry_scale = failpoint::retry_scale();
    let examiner = arguments.examiner.start_examiner()?;
    let runtime = services::runtime()?;
    let ended = runtime.block_on(async {
        let health = Health::starting();
        role.listen(arguments.listen, &health).await?;
        serve(arguments, role, examiner, health).await
    });
    // threads that examine are waited for by nobody: their children end with this process
    runtime.shutdown_background();
    ended
}

async fn serve(
    arguments: &Arguments,
    role: Role,
    examiner: Examiner,
    health: Health,
) -> Result<Exit, Failure> {
    let (shutter, shutdown) = Shutdown::new();
    shutter.on_signals().map_err(|error| Failure::Internal(format!("no signals: {error}")))?;
    tokio::spawn(tell_draining(shutdown.clone(), health.clone(), arguments.drain()));
    let registry = tokio::select! {
        registry = services::registry(&role.database, &health) => registry?,
        () = shutdown.draining() => return Ok(Exit::Success),
    };
    let (broker, name) = (role.broker.clone(), role.name.clone());
    let say = watch::Sender::new(BrokerState::default());
    tokio::spawn(health.clone().follow("broker", say.subscribe()));
    let services = role.services(registry, &say, health);
    let publisher = services.publisher.clone();
    let uploads = arguments.role.store.uploads.clone();
    let worker = Arc::new(Worker { services, examiner: Arc::new(examiner), uploads });
    let lanes = arguments.lanes();
    let row = row(&name, &lanes, arguments.examiner.sandbox());
    // nothing is taken before it is known what is paused
    let paused = tokio::select! {
        paused = first_greeting(&worker, &row) => paused,
        () = shutdown.draining() => return Ok(Exit::Success),
    };
    let (pause, gate) = watch::channel(paused);
    tokio::spawn(greet(Arc::clone(&worker), row, pause));
    info!(worker = %name, "Working");
    let job = Arc::clone(&worker);
    let handle = move |incoming| {
        let worker = Arc::clone(&job);
        async move { handle(incoming, &worker).await }
    };
    let ended = broker::consume(&broker, &publisher, &lanes, handle, gate, shutdown.clone(), say);
    let ended = ended.await;
    let _ = worker.services.registry.deregister(&name).await;
    match ended.abandoned {
        0 => info!("Stopped"),
        given_up => warn!(given_up, "Stopped; what was in hand goes to another worker"),
    }
    debug_assert!(shutdown.phase() >= Phase::Drain);
    Ok(Exit::Success)
}

/// A worker that stops takes nothing more, and says so.
async fn tell_draining(shutdown: Shutdown, health: Health, limit: Duration) {
    shutdown.draining().await;
    health.set("work", Some("draining".to_owned()));
    info!(limit_s = limit.as_secs(), "Draining: what is in hand is finished, nothing more taken");
}

/// Says again and again that this worker is there, and pauses lanes that operators paused.
async fn greet(worker: Arc<Worker>, mut row: WorkerRow, pause: watch::Sender<BTreeSet<Lane>>) {
    loop {
        tokio::time::sleep(HEARTBEAT_INTERVAL).await;
        row.last_heartbeat_at = Timestamp::now();
        if let Some(paused) = greet_once(&worker, &row).await {
            pause.send_if_modified(|now| {
                let changed = *now != paused;
                *now = paused;
                changed
            });
        }
    }
}

async fn first_greeting(worker: &Worker, row: &WorkerRow) -> BTreeSet<Lane> {
    let mut backoff = Backoff::new();
    loop {
        if let Some(paused) = greet_once(worker, row).await {
            return paused;
        }
        tokio::time::sleep(backoff.next()).await;
    }
}

/// The lanes that are paused, if the database says.
async fn greet_once(worker: &Worker, row: &WorkerRow) -> Option<BTreeSet<Lane>> {
    let registry = &worker.services.registry;
    let paused = async {
        registry.heartbeat(row).await?;
        registry.paused_lanes().await
    };
    match paused.await {
        Ok(paused) => Some(paused.iter().filter_map(|lane| lane.parse().ok()).collect()),
        Err(error) => {
            if error.may_pass() {
                worker.services.health.down(Dependency::Database);
            }
            warn!(%error, "Could not look for paused lanes");
            None
        }
    }
}

fn row(name: &str, lanes: &[(Lane, NonZero<u16>)], sandbox: Sandbox) -> WorkerRow {
    let slots: serde_json::Map<String, serde_json::Value> =
        lanes.iter().map(|(lane, slots)| (lane.to_string(), slots.get().into())).collect();
    WorkerRow {
        id: name.to_owned(),
        host: services::host(),
        pid: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: Timestamp::now(),
        last_heartbeat_at: Timestamp::now(),
        slots: serde_json::Value::Object(slots).to_string(),
        sandbox: format!("{sandbox:?}").to_lowercase(),
    }
}
