//! Consumes lanes, each over one connection after another.

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
use super::delivery::Delivery;
use super::disposition::Disposition;
use super::in_progress::InProgress;
use super::job_runner::JobRunner;
use super::lane::Lane;
use super::lane_connections::consume_lane;
use super::lane_consumer::{LaneConsumer, Signals};
use super::publisher::Publisher;
use super::reporter::{Reporter, Role};
use super::shutdown::Shutdown;
use super::state::{BrokerState, LaneState};

/// The result of consuming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ConsumeSummary {
    /// Jobs that were abandoned at shutdown; the broker requeues their messages.
    pub(crate) abandoned: usize,
}

/// Consumes lanes until `shutdown`, each on its own connection with as many
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
    let consumer =
        |(lane, slots): &(Lane, _)| LaneConsumer::new(*lane, *slots, config.senders.clone());
    let consumers: Vec<LaneConsumer> = lanes.iter().map(consumer).collect();
    let signals = Signals { paused, shutdown, reporter: Reporter(state) };
    for consumer in &consumers {
        signals.reporter.set_lane(consumer.lane, LaneState::Waiting);
    }
    let deadline =
        abandon_at_deadline(config.clone(), signals.shutdown.clone(), runner.stop.clone());
    let deadline = tokio::spawn(deadline);
    let consuming = consumers.iter().map(|lane| consume_lane(config, lane, &runner, &signals));
    let open = join_all(consuming).await;
    let abandoned = wait_for_jobs(&runner).await;
    deadline.abort();
    // closed last, because running jobs acknowledge on them
    join_all(open.into_iter().flatten().map(|connection| connection.close())).await;
    for consumer in &consumers {
        signals.reporter.closed(Role::Lane(consumer.lane));
    }
    ConsumeSummary { abandoned }
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
