//! The queues of messages that no worker takes, and their consumer.

use std::time::Duration;

use futures_util::StreamExt;
use lapin::{Acker, Consumer};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::acknowledge::{Acknowledger, Unacknowledged, acknowledge};
use super::config::BrokerConfig;
use super::connection::Connection;
use super::delivery::DeadDelivery;
use super::disposition::Disposition;
use super::problem::BrokerProblem;
use super::publisher::Publisher;
use super::reporter::{Reporter, Role};
use super::sender::Senders;
use super::shutdown::{Phase, Shutdown};
use super::state::BrokerState;
use crate::runtime::backoff::Backoff;

/// A queue of messages that no worker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParkedQueue {
    /// Dead-lettered by a worker or by the broker.
    Dead,
    /// Unroutable: no lane is bound for the routing key.
    Unrouted,
}

impl ParkedQueue {
    /// Returns the name of the queue.
    pub(crate) fn queue(self) -> &'static str {
        match self {
            Self::Dead => "dead",
            Self::Unrouted => "unrouted",
        }
    }
}

/// Consumes a parked queue one message at a time until `shutdown`.
///
/// [`Disposition::Done`] acknowledges a message. [`Disposition::Dead`] moves it
/// from `unrouted` to `dead`. Otherwise `handle` is called again after a delay:
/// the retry queues lead back to the lanes, which is not where it failed.
pub(crate) async fn consume_parked<H, F>(
    config: &BrokerConfig,
    publisher: &Publisher,
    queue: ParkedQueue,
    handle: H,
    shutdown: Shutdown,
    state: watch::Sender<BrokerState>,
) where
    H: Fn(DeadDelivery) -> F,
    F: Future<Output = Disposition>,
{
    let reporter = Reporter(state);
    let acknowledger = Acknowledger::new(config, publisher);
    let mut backoff = Backoff::new();
    while shutdown.phase() == Phase::Run {
        let problem = match Connection::open(config, Role::Consume, &reporter).await {
            Ok(connection) => match connection.subscribe(queue.queue(), 1).await {
                Ok((_channel, consumer)) => {
                    backoff.reset();
                    let parked = ParkedConsumer {
                        queue,
                        senders: &config.senders,
                        handle: &handle,
                        acknowledger: &acknowledger,
                    };
                    let problem = tokio::select! {
                        problem = parked.consume(consumer, &connection.lost) => problem,
                        () = shutdown.draining() => {
                            connection.close().await;
                            break;
                        }
                    };
                    problem
                }
                Err(problem) => problem,
            },
            Err(problem) => problem,
        };
        reporter.lost(Role::Consume, problem);
        pause(backoff.next(), &shutdown).await;
    }
    reporter.closed(Role::Consume);
}

async fn pause(time: Duration, shutdown: &Shutdown) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = shutdown.draining() => {}
    }
}

struct ParkedConsumer<'a, H> {
    queue: ParkedQueue,
    senders: &'a Senders,
    handle: &'a H,
    acknowledger: &'a Acknowledger,
}

impl<H, F> ParkedConsumer<'_, H>
where
    H: Fn(DeadDelivery) -> F,
    F: Future<Output = Disposition>,
{
    /// Returns the problem that ended the subscription.
    async fn consume(&self, mut consumer: Consumer, lost: &CancellationToken) -> BrokerProblem {
        let queue = self.queue.queue();
        loop {
            match consumer.next().await {
                Some(Ok(delivery)) => {
                    let dead = DeadDelivery::from_lapin(&delivery, queue, self.senders);
                    self.handle_until_done(&dead, &delivery.acker, lost).await;
                }
                Some(Err(error)) => return BrokerProblem::from_lapin(&error, queue),
                None => return BrokerProblem::Cancelled(queue.to_owned()),
            }
        }
    }

    async fn handle_until_done(
        &self,
        delivery: &DeadDelivery,
        acker: &Acker,
        lost: &CancellationToken,
    ) {
        let mut backoff = Backoff::new();
        while acker.usable() {
            match (self.handle)(delivery.clone()).await {
                Disposition::Done => {
                    acknowledge(acker).await;
                }
                dead @ Disposition::Dead { .. } if self.queue == ParkedQueue::Unrouted => {
                    let unacknowledged = Unacknowledged {
                        message: &delivery.message,
                        queue: &delivery.queue,
                        routing_key: &delivery.routing_key,
                        acker,
                        lost,
                    };
                    self.acknowledger.complete(dead, &unacknowledged).await;
                }
                _ => tokio::time::sleep(backoff.next()).await,
            }
        }
    }
}
