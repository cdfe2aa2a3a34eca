//! Consumes lanes, over one connection after another.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::acknowledge::Acknowledger;
use super::config::BrokerConfig;
use super::connection::Connection;
use super::delivery::Delivery;
use super::disposition::Disposition;
use super::in_progress::InProgress;
use super::job_runner::JobRunner;
use super::lane::Lane;
use super::lane_consumer::{LaneConsumer, Signals};
use super::problem::BrokerProblem;
use super::publisher::Publisher;
use super::reporter::{Reporter, Role};
use super::shutdown::{Phase, Shutdown};
use super::state::{BrokerState, LaneState};
use crate::runtime::backoff::Backoff;

/// The result of consuming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConsumeSummary {
    /// Jobs that were abandoned at shutdown; the broker requeues their messages.
    pub(crate) abandoned: usize,
}

/// Consumes lanes until `shutdown`, each on its own channel with as many
/// concurrent jobs as it has slots. Calls `handle` for each delivery and carries
/// out the disposition that it returns.
///
/// A message waits while another delivery of the same id is in progress. Lanes in
/// `paused` finish their running jobs and start none. Draining lets jobs finish
/// within `config.drain_timeout`; stopping abandons them.
pub(crate) async fn consume<H, F>(
    config: &BrokerConfig,
    publisher: &Publisher,
    lanes: &[(Lane, NonZero<u16>)],
    handle: H,
    paused: watch::Receiver<BTreeSet<Lane>>,
    shutdown: Shutdown,
    state: watch::Sender<BrokerState>,
) -> ConsumeSummary
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Disposition> + Send + 'static,
{
    let runner = Arc::new(JobRunner {
        handle,
        acknowledger: Acknowledger::new(config, publisher),
        in_progress: InProgress::default(),
        jobs: TaskTracker::new(),
        stop: CancellationToken::new(),
        abandoned: AtomicUsize::new(0),
    });
    let consumers: Vec<LaneConsumer> =
        lanes.iter().map(|(lane, slots)| LaneConsumer::new(*lane, *slots)).collect();
    let signals = Signals { paused, shutdown, reporter: Reporter(state) };
    for consumer in &consumers {
        signals.reporter.set_lane(consumer.lane, LaneState::Waiting);
    }
    let deadline =
        abandon_at_deadline(config.clone(), signals.shutdown.clone(), runner.stop.clone());
    let deadline = tokio::spawn(deadline);
    let mut backoff = Backoff::new();
    let mut last = None;
    while signals.shutdown.phase() == Phase::Run {
        last = run_on_one_connection(config, &consumers, &runner, &signals, &mut backoff).await;
    }
    let abandoned = wait_for_jobs(&runner).await;
    deadline.abort();
    // closed last, because running jobs acknowledge on it
    if let Some(connection) = last {
        connection.close().await;
    }
    signals.reporter.closed(Role::Consume);
    ConsumeSummary { abandoned }
}

/// Consumes until the connection is lost or draining begins; then returns the connection,
/// which is still open.
async fn run_on_one_connection<H, F>(
    config: &BrokerConfig,
    consumers: &[LaneConsumer],
    runner: &Arc<JobRunner<H>>,
    signals: &Signals,
    backoff: &mut Backoff,
) -> Option<Connection>
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Disposition> + Send + 'static,
{
    let opening = Connection::open(config, Role::Consume, &signals.reporter);
    let opened = tokio::select! {
        opened = opening => opened,
        () = signals.shutdown.draining() => return None,
    };
    let problem = match opened {
        Ok(connection) => {
            backoff.reset();
            let consuming =
                consumers.iter().map(|consumer| consumer.run(&connection, runner, signals.clone()));
            tokio::select! {
                _ = join_all(consuming) => {}
                () = connection.lost.cancelled() => {}
            }
            if signals.shutdown.phase() != Phase::Run {
                return Some(connection);
            }
            BrokerProblem::connection_lost()
        }
        Err(problem) => problem,
    };
    signals.reporter.lost(Role::Consume, problem);
    for consumer in consumers {
        signals.reporter.set_lane(consumer.lane, LaneState::Waiting);
    }
    tokio::select! {
        () = tokio::time::sleep(backoff.next()) => {}
        () = signals.shutdown.draining() => {}
    }
    None
}

/// Waits for running jobs, and returns how many were abandoned.
async fn wait_for_jobs<H>(runner: &JobRunner<H>) -> usize {
    runner.jobs.close();
    runner.jobs.wait().await;
    runner.abandoned.load(Ordering::Relaxed)
}

/// Abandons running jobs when draining lasts too long, or at once when stopping.
async fn abandon_at_deadline(config: BrokerConfig, shutdown: Shutdown, stop: CancellationToken) {
    shutdown.draining().await;
    tokio::select! {
        () = tokio::time::sleep(config.drain_timeout) => {}
        () = shutdown.stopped() => {}
    }
    stop.cancel();
}
