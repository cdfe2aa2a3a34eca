//! Letters that lie in `dead` or `unrouted`, one at a time.

use std::time::Duration;

use futures_util::StreamExt;
use lapin::{Acker, Consumer};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::acknowledge::{Open, Settler, acknowledge};
use super::config::BrokerConfig;
use super::connection::Live;
use super::delivery::DeadDelivery;
use super::disposition::Disposition;
use super::names::ParkedQueue;
use super::publish::Publisher;
use super::shutdown::{Phase, Shutdown};
use super::state::{BrokerState, Problem, Reporter, Role};
use crate::runtime::backoff::Backoff;

/// Consumes a queue one letter at a time until `shutdown`.
///
/// [`Disposition::Done`] takes a letter out. [`Disposition::Dead`] moves one from
/// `unrouted` to `dead`. Anything else holds it and asks again after a while:
/// the retry levels lead back to work, which is not where it failed.
pub(crate) async fn consume_parked<H, F>(
    config: &BrokerConfig,
    publisher: &Publisher,
    kept: ParkedQueue,
    handle: H,
    shutdown: Shutdown,
    state: watch::Sender<BrokerState>,
) where
    H: Fn(DeadDelivery) -> F,
    F: Future<Output = Disposition>,
{
    let reporter = Reporter(state);
    let settler = Settler::new(config, publisher);
    let mut backoff = Backoff::new();
    while shutdown.phase() == Phase::Run {
        let problem = match Live::open(config, Role::Consume, &reporter).await {
            Ok(live) => match live.subscribe(kept.queue(), 1).await {
                Ok((_channel, consumer)) => {
                    backoff.reset();
                    let drainer = Drainer { kept, handle: &handle, settler: &settler };
                    let problem = tokio::select! {
                        problem = drainer.letters(consumer, &live.lost) => problem,
                        () = shutdown.draining() => {
                            live.close().await;
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

struct Drainer<'a, H> {
    kept: ParkedQueue,
    handle: &'a H,
    settler: &'a Settler,
}

impl<H, F> Drainer<'_, H>
where
    H: Fn(DeadDelivery) -> F,
    F: Future<Output = Disposition>,
{
    /// Returns what ended the subscription.
    async fn letters(&self, mut consumer: Consumer, lost: &CancellationToken) -> Problem {
        let queue = self.kept.queue();
        loop {
            match consumer.next().await {
                Some(Ok(delivery)) => {
                    self.one(&DeadDelivery::from_lapin(&delivery, queue), &delivery.acker, lost)
                        .await;
                }
                Some(Err(error)) => return Problem::of(&error, queue),
                None => return Problem::Cancelled(queue.to_owned()),
            }
        }
    }

    async fn one(&self, letter: &DeadDelivery, acker: &Acker, lost: &CancellationToken) {
        let mut backoff = Backoff::new();
        while acker.usable() {
            match (self.handle)(letter.clone()).await {
                Disposition::Done => {
                    acknowledge(acker).await;
                }
                ending @ Disposition::Dead { .. } if self.kept == ParkedQueue::Unrouted => {
                    let open = Open {
                        message: &letter.message,
                        queue: &letter.queue,
                        routing_key: &letter.routing_key,
                        acker,
                        gone: lost,
                    };
                    self.settler.settle(ending, &open).await;
                }
                _ => tokio::time::sleep(backoff.next()).await,
            }
        }
    }
}
