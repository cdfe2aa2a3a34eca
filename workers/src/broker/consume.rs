//! Lanes of work, over one connection after the other.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::acknowledge::Settler;
use super::config::BrokerConfig;
use super::connection::Live;
use super::delivery::Delivery;
use super::disposition::Disposition;
use super::job::Crew;
use super::lane::{Signals, Worker};
use super::names::Lane;
use super::publish::Publisher;
use super::running::Running;
use super::shutdown::{Phase, Shutdown};
use super::state::{BrokerState, LaneState, Problem, Reporter, Role};
use crate::runtime::backoff::Backoff;

/// How consuming ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    /// Jobs that were given up; the broker gives them to another.
    pub(crate) given_up: usize,
}

/// Consumes lanes until `shutdown`, each with a channel of its own and as many
/// deliveries at once as it has slots. `handle` is called for each, and what it
/// says is settled.
///
/// A message whose id is worked on in this process already waits for its turn.
/// Lanes in `gate` are paused: their jobs finish, and no more are taken.
/// Draining lets jobs finish within the limit of `config`; stopping does not.
pub(crate) async fn consume<H, F>(
    config: &BrokerConfig,
    publisher: &Publisher,
    lanes: &[(Lane, NonZero<u16>)],
    handle: H,
    gate: watch::Receiver<BTreeSet<Lane>>,
    shutdown: Shutdown,
    state: watch::Sender<BrokerState>,
) -> Ended
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Disposition> + Send + 'static,
{
    let crew = Arc::new(Crew {
        handle,
        settler: Settler::new(config, publisher),
        running: Running::default(),
        jobs: TaskTracker::new(),
        stop: CancellationToken::new(),
        given_up: AtomicUsize::new(0),
    });
    let workers: Vec<Worker> =
        lanes.iter().map(|(lane, slots)| Worker::new(*lane, *slots)).collect();
    let signals = Signals { gate, shutdown, reporter: Reporter(state) };
    for worker in &workers {
        signals.reporter.lane(worker.lane, LaneState::Waiting);
    }
    let limits = tokio::spawn(limit(config.clone(), signals.shutdown.clone(), crew.stop.clone()));
    let mut backoff = Backoff::new();
    let mut last = None;
    while signals.shutdown.phase() == Phase::Run {
        last = session(config, &workers, &crew, &signals, &mut backoff).await;
    }
    let given_up = finish(&crew).await;
    limits.abort();
    // closed last, or what still ran could not be acknowledged
    if let Some(live) = last {
        live.close().await;
    }
    signals.reporter.closed(Role::Consume);
    Ended { given_up }
}

/// One connection, until it is lost or draining begins; then it is still there.
async fn session<H, F>(
    config: &BrokerConfig,
    workers: &[Worker],
    crew: &Arc<Crew<H>>,
    signals: &Signals,
    backoff: &mut Backoff,
) -> Option<Live>
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Disposition> + Send + 'static,
{
    let opening = Live::open(config, Role::Consume, &signals.reporter);
    let opened = tokio::select! {
        opened = opening => opened,
        () = signals.shutdown.draining() => return None,
    };
    let problem = match opened {
        Ok(live) => {
            backoff.reset();
            let serving = workers.iter().map(|worker| worker.serve(&live, crew, signals.clone()));
            tokio::select! {
                _ = join_all(serving) => {}
                () = live.lost.cancelled() => {}
            }
            if signals.shutdown.phase() != Phase::Run {
                return Some(live);
            }
            Problem::Unreachable("the connection was lost".to_owned())
        }
        Err(problem) => problem,
    };
    signals.reporter.lost(Role::Consume, problem);
    for worker in workers {
        signals.reporter.lane(worker.lane, LaneState::Waiting);
    }
    tokio::select! {
        () = tokio::time::sleep(backoff.next()) => {}
        () = signals.shutdown.draining() => {}
    }
    None
}

/// Waits for what runs, and says how many were given up.
async fn finish<H>(crew: &Crew<H>) -> usize {
    crew.jobs.close();
    crew.jobs.wait().await;
    crew.given_up.load(Ordering::Relaxed)
}

/// Gives up what runs when draining has lasted too long or there is no time for it.
async fn limit(config: BrokerConfig, shutdown: Shutdown, stop: CancellationToken) {
    shutdown.draining().await;
    tokio::select! {
        () = tokio::time::sleep(config.drain_timeout) => {}
        () = shutdown.stopped() => {}
    }
    stop.cancel();
}
