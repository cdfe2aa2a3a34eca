//! From the command line to a worker that runs until it is told to stop.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use pipeline::verdict::Sandbox;
use tokio::sync::watch;
use tracing::{error, info, warn};

use super::hold::handle;
use super::{Arguments, Worker};
use crate::broker::{self, BrokerState, Lane, Phase, Shutdown};
use crate::examiner::Examiner;
use crate::exit::{Exit, Failure};
use crate::failpoint;
use crate::health::Health;
use crate::registry::{Registry, WorkerRow};
use crate::role::Role;
use crate::services;
use crate::terminal::Terminal;

/// How often a worker says that it is there and looks whether lanes are paused.
const HELLO: Duration = Duration::from_secs(2);

pub(crate) fn run(arguments: &Arguments, _: &mut Terminal) -> Result<Exit, Failure> {
    let mut role = arguments.role.open()?;
    role.broker.drain_limit = arguments.drain();
    role.broker.retry_scale = failpoint::retry_scale();
    let examiner = arguments.cost.examiner()?;
    let runtime = services::runtime()?;
    let ended = runtime.block_on(async {
        let health = Health::default();
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
    shutter.on_signals().map_err(|error| Failure::Ours(format!("no signals: {error}")))?;
    tokio::spawn(tell_draining(shutdown.clone(), health.clone(), arguments.drain()));
    let registry = tokio::select! {
        registry = services::registry(&role.database, &health) => registry?,
        () = shutdown.draining() => return Ok(Exit::Fine),
    };
    let (broker, name) = (role.broker.clone(), role.name.clone());
    let say = watch::Sender::new(BrokerState::default());
    tokio::spawn(report(say.subscribe(), health.clone()));
    let services = role.services(registry, &say, health);
    let publisher = services.publisher.clone();
    let uploads = arguments.role.store.uploads.clone();
    let worker = Arc::new(Worker { services, examiner: Arc::new(examiner), uploads });
    let lanes = arguments.lanes();
    let (pause, gate) = watch::channel(BTreeSet::new());
    tokio::spawn(greet(Arc::clone(&worker), row(&name, &lanes, arguments.cost.sandbox()), pause));
    info!(worker = %name, "Working");
    let job = Arc::clone(&worker);
    let handle = move |incoming| {
        let worker = Arc::clone(&job);
        async move { handle(incoming, &worker).await }
    };
    let ended = broker::consume(&broker, &publisher, &lanes, handle, gate, shutdown.clone(), say);
    let ended = ended.await;
    let _ = worker.services.registry.goodbye(&name).await;
    match ended.given_up {
        0 => info!("Stopped"),
        given_up => warn!(given_up, "Stopped; what was in hand goes to another worker"),
    }
    debug_assert!(shutdown.phase() >= Phase::Drain);
    Ok(Exit::Fine)
}

/// A worker that stops takes nothing more, and says so.
async fn tell_draining(shutdown: Shutdown, health: Health, limit: Duration) {
    shutdown.draining().await;
    health.set("work", Some("draining".to_owned()));
    info!(limit_s = limit.as_secs(), "Draining: what is in hand is finished, nothing more taken");
}

/// Says that this worker is there, and pauses lanes that operators paused.
async fn greet(worker: Arc<Worker>, mut row: WorkerRow, pause: watch::Sender<BTreeSet<Lane>>) {
    loop {
        row.seen_at = Timestamp::now();
        match greet_once(&worker.services.registry, &row).await {
            Ok(paused) => {
                pause.send_if_modified(|now| {
                    let changed = *now != paused;
                    *now = paused;
                    changed
                });
            }
            Err(error) => warn!(%error, "Could not look for paused lanes"),
        }
        tokio::time::sleep(HELLO).await;
    }
}

async fn greet_once(
    registry: &Registry,
    row: &WorkerRow,
) -> Result<BTreeSet<Lane>, crate::registry::RegistryError> {
    registry.hello(row).await?;
    let paused = registry.paused().await?;
    Ok(paused.iter().filter_map(|lane| lane.parse().ok()).collect())
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
        seen_at: Timestamp::now(),
        slots: serde_json::Value::Object(slots).to_string(),
        sandbox: format!("{sandbox:?}").to_lowercase(),
    }
}

/// Keeps readiness in step with the broker.
async fn report(mut state: watch::Receiver<BrokerState>, health: Health) {
    loop {
        let missing = {
            let state = state.borrow_and_update();
            (!state.ready()).then(|| match &state.problem {
                Some(problem) => problem.to_string(),
                None if state.blocked => "is short of memory or disk and takes nothing".to_owned(),
                None => "not connected yet".to_owned(),
            })
        };
        health.set("broker", missing);
        if state.changed().await.is_err() {
            error!("The broker's state is not known any more");
            return;
        }
    }
}
