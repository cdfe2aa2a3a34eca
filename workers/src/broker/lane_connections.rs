//! The connections of one lane: opened again and again until draining begins.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::config::BrokerConfig;
use super::connection::Connection;
use super::delivery::Delivery;
use super::disposition::Disposition;
use super::job_runner::JobRunner;
use super::lane_consumer::{LaneConsumer, Signals};
use super::problem::BrokerProblem;
use super::reporter::Role;
use super::shutdown::Phase;
use super::state::LaneState;
use crate::runtime::backoff::Backoff;

/// A message that ends its connection does so at once; one that lasted longer was lost for
/// another reason.
const LASTED: Duration = Duration::from_secs(60);
/// The broker answers, so a culprit is found in seconds; it is delivered six times.
const MAX_PAUSE_AFTER_LOSS: Duration = Duration::from_secs(4);

/// Consumes a lane until draining begins; then returns the connection, if it is open.
pub(super) async fn consume_lane<H, F>(
    config: &BrokerConfig,
    consumer: &LaneConsumer,
    runner: &Arc<JobRunner<H>>,
    signals: &Signals,
) -> Option<Connection>
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Disposition> + Send + 'static,
{
    let role = Role::Lane(consumer.lane);
    let mut unreachable = Backoff::new();
    let mut lost = Backoff::up_to(MAX_PAUSE_AFTER_LOSS);
    while signals.shutdown.phase() == Phase::Run {
        let opened = tokio::select! {
            opened = Connection::open(config, role, &signals.reporter) => opened,
            () = signals.shutdown.draining() => return None,
        };
        let (problem, pause) = match opened {
            Ok(connection) => {
                unreachable.reset();
                let since = Instant::now();
                tokio::select! {
                    () = consumer.run(&connection, runner, signals) => {}
                    () = connection.lost.cancelled() => {}
                }
                if signals.shutdown.phase() != Phase::Run {
                    return Some(connection);
                }
                if consumer.caution.has_progressed() || since.elapsed() > LASTED {
                    lost.reset();
                }
                consumer.caution.connection_lost();
                (BrokerProblem::connection_lost(), lost.next())
            }
            Err(problem) => (problem, unreachable.next()),
        };
        signals.reporter.lost(role, problem);
        signals.reporter.set_lane(consumer.lane, LaneState::Waiting);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = signals.shutdown.draining() => {}
        }
    }
    None
}
