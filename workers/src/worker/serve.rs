//! Runs a worker until it receives a signal to stop.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pipeline::verdict::Sandbox;
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::arguments::Arguments;
use super::attach_later::attach_later;
use super::handle::handle;
use super::resources::Worker;
use crate::broker::{self, BrokerState, Lane, Phase, Shutdown};
use crate::cli::Terminal;
use crate::cli::{Exit, Failure};
use crate::examiner::Examiner;
use crate::registry::WorkerRow;
use crate::runtime::backoff::Backoff;
use crate::runtime::{failpoint, process};
use crate::services::health::Health;
use crate::services::role::Role;
use crate::services::{ClockError, Dependency, Services, agreed_clock, wait_for_registry};
use crate::verdicts::later::Later;

/// Interval between two heartbeats; each also reads which lanes are paused.
pub(crate) const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(2);

/// For revisions that wait when the worker stops; maintenance attaches the rest.
const LAST_ATTACHMENTS: Duration = Duration::from_secs(10);

pub(crate) fn run(arguments: &Arguments, _: &mut Terminal) -> Result<Exit, Failure> {
    let mut role = arguments.role.open()?;
    role.broker.drain_timeout = arguments.drain();
    role.broker.retry_scale = failpoint::retry_scale();
    let examiner = arguments.examiner.start_examiner(&arguments.examining_lanes())?;
    let runtime = process::tokio_runtime()?;
    let ended = runtime.block_on(async {
        let health = Health::starting();
        role.listen(arguments.listen, &health).await?;
        serve(arguments, role, examiner, health).await
    });
    // no wait for threads that examine: their children end with this process
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
    let signals = shutter.on_signals();
    signals.map_err(|error| Failure::Internal(format!("cannot listen for signals: {error}")))?;
    tokio::spawn(report_draining(shutdown.clone(), health.clone(), arguments.drain()));
    let registry = tokio::select! {
        registry = wait_for_registry(&role.database, &health) => registry?,
        () = shutdown.draining() => return Ok(Exit::Success),
    };
    let (broker, name) = (role.broker.clone(), role.name.clone());
    let state = watch::Sender::new(BrokerState::default());
    tokio::spawn(health.clone().follow_broker("broker", state.subscribe()));
    let (later, attachments) = Later::new(arguments.incomplete_interval());
    let services = Services { later, ..role.services(registry, &state, health) };
    let publisher = services.publisher.clone();
    let second_attempts = Semaphore::new(1);
    let worker = Arc::new(Worker { services, examiner: Arc::new(examiner), second_attempts });
    let lanes = arguments.lanes();
    let row = row(&name, &lanes, arguments.examiner.sandbox());
    // no delivery is taken before the paused lanes are known
    let paused = tokio::select! {
        paused = first_heartbeat(&worker, &row) => paused,
        () = shutdown.draining() => return Ok(Exit::Success),
    };
    let (pause, gate) = watch::channel(paused);
    tokio::spawn(heartbeats(Arc::clone(&worker), row, pause));
    let end = CancellationToken::new();
    let attaching = attach_later(Arc::clone(&worker), attachments, end.clone());
    let attaching = tokio::spawn(attaching);
    info!(worker = %name, "Working");
    let job = Arc::clone(&worker);
    let handle = move |incoming| {
        let worker = Arc::clone(&job);
        async move { handle(incoming, &worker).await }
    };
    let ended = broker::consume(&broker, &publisher, &lanes, handle, gate, shutdown.clone(), state);
    let ended = ended.await;
    end.cancel();
    let _ = timeout(LAST_ATTACHMENTS, attaching).await;
    let _ = worker.services.registry.deregister(&name).await;
    match ended.abandoned {
        0 => info!("Stopped"),
        given_up => warn!(given_up, "Stopped; deliveries in progress go to another worker"),
    }
    debug_assert!(shutdown.phase() >= Phase::Drain);
    Ok(Exit::Success)
}

/// Reports that the worker takes nothing more.
async fn report_draining(shutdown: Shutdown, health: Health, limit: Duration) {
    shutdown.draining().await;
    health.set_missing("work", Some("draining".to_owned()));
    info!(
        limit_s = limit.as_secs(),
        "Draining: deliveries in progress are finished, no more are taken"
    );
}

/// Sends heartbeats and passes on which lanes operators paused.
async fn heartbeats(worker: Arc<Worker>, mut row: WorkerRow, pause: watch::Sender<BTreeSet<Lane>>) {
    loop {
        tokio::time::sleep(HEARTBEAT_INTERVAL).await;
        row.last_heartbeat_at = Timestamp::now();
        if let Some(paused) = heartbeat(&worker, &row).await {
            pause.send_if_modified(|now| {
                let changed = *now != paused;
                *now = paused;
                changed
            });
        }
    }
}

async fn first_heartbeat(worker: &Worker, row: &WorkerRow) -> BTreeSet<Lane> {
    let mut backoff = Backoff::new();
    loop {
        if let Some(paused) = heartbeat(worker, row).await {
            return paused;
        }
        tokio::time::sleep(backoff.next()).await;
    }
}

/// Sends one heartbeat and returns the paused lanes, if the database answers. All are paused
/// while the clocks differ: a wrong one would make an application of today look a year old.
/// All are paused, too, after a later version changed the tables beyond this one.
async fn heartbeat(worker: &Worker, row: &WorkerRow) -> Option<BTreeSet<Lane>> {
    let registry = &worker.services.registry;
    let paused = async {
        match agreed_clock(registry).await {
            Ok(_) => worker.services.health.set_missing("clock", None),
            Err(ClockError::Registry(error)) => return Err(error),
            Err(ClockError::Differ(problem)) => {
                warn!("{problem}");
                worker.services.health.set_missing("clock", Some(problem.to_string()));
                return Ok(Lane::ALL.map(|lane| lane.name().to_owned()).into());
            }
        }
        if let Err(problem) = registry.require_usable_schema().await {
            if problem.may_pass() {
                return Err(problem);
            }
            warn!("{problem}");
            worker.services.health.set_missing("tables", Some(problem.to_string()));
            return Ok(Lane::ALL.map(|lane| lane.name().to_owned()).into());
        }
        worker.services.health.set_missing("tables", None);
        registry.heartbeat(row).await?;
        registry.paused_lanes().await
    };
    match paused.await {
        Ok(paused) => Some(paused.iter().filter_map(|lane| lane.parse().ok()).collect()),
        Err(error) => {
            if error.may_pass() {
                worker.services.health.report_down(Dependency::Database);
            }
            warn!(%error, "Could not read paused lanes");
            None
        }
    }
}

fn row(name: &str, lanes: &[(Lane, NonZero<u16>)], sandbox: Sandbox) -> WorkerRow {
    let slots: serde_json::Map<String, serde_json::Value> =
        lanes.iter().map(|(lane, slots)| (lane.to_string(), slots.get().into())).collect();
    WorkerRow {
        id: name.to_owned(),
        host: process::host_name(),
        pid: std::process::id(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: Timestamp::now(),
        last_heartbeat_at: Timestamp::now(),
        slots: serde_json::Value::Object(slots).to_string(),
        sandbox: format!("{sandbox:?}").to_lowercase(),
    }
}
