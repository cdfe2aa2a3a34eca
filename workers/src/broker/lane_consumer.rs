//! Consumes one lane on one connection: subscribe, consume, pause, subscribe again.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt};
use lapin::message::Delivery as LapinDelivery;
use lapin::options::{BasicCancelOptions, BasicNackOptions};
use lapin::{Channel, Consumer};
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;

use super::caution::Caution;
use super::connection::Connection;
use super::delivery::Delivery;
use super::disposition::Disposition;
use super::job_runner::{Job, JobRunner};
use super::lane::Lane;
use super::problem::BrokerProblem;
use super::reporter::Reporter;
use super::sender::Senders;
use super::shutdown::Shutdown;
use super::state::LaneState;
use crate::runtime::backoff::Backoff;

/// The consumer of a lane; its slots outlive connections.
pub(super) struct LaneConsumer {
    pub(super) lane: Lane,
    pub(super) caution: Arc<Caution>,
    senders: Senders,
    slots: Arc<Semaphore>,
}

/// Signals that start and stop consuming, and where to report the state.
#[derive(Clone)]
pub(super) struct Signals {
    /// The lanes that are paused.
    pub(super) paused: watch::Receiver<BTreeSet<Lane>>,
    pub(super) shutdown: Shutdown,
    pub(super) reporter: Reporter,
}

/// A channel that consumes the lane's queue.
struct Subscription {
    channel: Channel,
    consumer: Consumer,
    prefetch: u16,
}

/// Why a subscription ended.
enum SubscriptionEnd {
    Draining,
    Paused,
    /// The lane was careful and trusts its messages again.
    Trusted,
    Failed(BrokerProblem),
}

impl LaneConsumer {
    pub(super) fn new(lane: Lane, slots: NonZero<u16>, senders: Senders) -> Self {
        let slots = slots.get();
        let caution = Arc::new(Caution::none(slots));
        Self { lane, caution, senders, slots: Arc::new(Semaphore::new(slots.into())) }
    }

    /// Consumes until draining begins or the connection is lost.
    pub(super) async fn run<H, F>(
        &self,
        connection: &Connection,
        runner: &Arc<JobRunner<H>>,
        signals: &Signals,
    ) where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output = Disposition> + Send + 'static,
    {
        let mut backoff = Backoff::new();
        while self.wait_until_open(signals).await && connection.is_up() {
            let prefetch = self.caution.prefetch();
            let problem = match connection.subscribe(self.lane.queue(), prefetch).await {
                Ok((channel, consumer)) => {
                    signals.reporter.set_lane(self.lane, LaneState::Consuming);
                    backoff.reset();
                    let subscription = Subscription { channel, consumer, prefetch };
                    match self.consume(connection, runner, subscription, signals).await {
                        SubscriptionEnd::Draining
                        | SubscriptionEnd::Paused
                        | SubscriptionEnd::Trusted => continue,
                        SubscriptionEnd::Failed(problem) => problem,
                    }
                }
                Err(problem) => problem,
            };
            if !connection.is_up() || matches!(problem, BrokerProblem::Unreachable(_)) {
                connection.lost.cancel();
                break;
            }
            signals.reporter.set_lane(self.lane, LaneState::Refused(problem));
            tokio::select! {
                () = tokio::time::sleep(backoff.next()) => {}
                () = signals.shutdown.draining() => {}
            }
        }
        signals.reporter.set_lane(self.lane, LaneState::Waiting);
    }

    /// Waits while the lane is paused; false when draining begins.
    async fn wait_until_open(&self, signals: &Signals) -> bool {
        if self.is_paused(signals) {
            signals.reporter.set_lane(self.lane, LaneState::Paused);
        }
        let open = async {
            let mut paused = signals.paused.clone();
            if paused.wait_for(|paused| !paused.contains(&self.lane)).await.is_err()
                && self.is_paused(signals)
            {
                // the sender is gone, so the lane stays paused
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            biased;
            () = signals.shutdown.draining() => false,
            () = open => true,
        }
    }

    fn is_paused(&self, signals: &Signals) -> bool {
        signals.paused.borrow().contains(&self.lane)
    }

    async fn wait_until_paused(&self, signals: &Signals) {
        let mut paused = signals.paused.clone();
        if paused.wait_for(|paused| paused.contains(&self.lane)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Starts a job for every delivery until the subscription ends.
    async fn consume<H, F>(
        &self,
        connection: &Connection,
        runner: &Arc<JobRunner<H>>,
        subscription: Subscription,
        signals: &Signals,
    ) -> SubscriptionEnd
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output = Disposition> + Send + 'static,
    {
        let unacknowledged = TaskTracker::new();
        let Subscription { channel, mut consumer, prefetch } = subscription;
        let is_careful = prefetch < self.caution.slots;
        let start = |delivery: LapinDelivery| {
            let job = Job {
                delivery: Delivery::from_lapin(&delivery, self.lane, &self.senders),
                acker: delivery.acker,
                slots: Arc::clone(&self.slots),
                caution: Arc::clone(&self.caution),
                lost: connection.lost.clone(),
            };
            let job = Arc::clone(runner).run(job);
            runner.jobs.spawn(unacknowledged.track_future(job));
        };
        let end = loop {
            let next = tokio::select! {
                biased;
                () = signals.shutdown.draining() => break SubscriptionEnd::Draining,
                () = self.wait_until_paused(signals) => break SubscriptionEnd::Paused,
                () = self.caution.ends(), if is_careful => break SubscriptionEnd::Trusted,
                next = consumer.next() => next,
            };
            match next {
                Some(Ok(delivery)) => start(delivery),
                // after its first error the stream yields nothing more
                Some(Err(error)) => {
                    return SubscriptionEnd::Failed(BrokerProblem::from_lapin(
                        &error,
                        self.lane.queue(),
                    ));
                }
                None => {
                    return SubscriptionEnd::Failed(BrokerProblem::Cancelled(
                        self.lane.queue().to_owned(),
                    ));
                }
            }
        };
        for delivery in self.cancel(connection, &channel, &mut consumer).await {
            match end {
                SubscriptionEnd::Trusted => start(delivery),
                _ => {
                    let options = BasicNackOptions { requeue: true, multiple: false };
                    let _ = delivery.nack(options).await;
                }
            }
        }
        // running jobs acknowledge on this channel, while the lane may already consume on another
        unacknowledged.close();
        runner.jobs.spawn(async move {
            unacknowledged.wait().await;
            let _ = channel.close(200, "bye".into()).await;
        });
        end
    }

    /// Cancels the consumer, and returns deliveries whose job has not started.
    async fn cancel(
        &self,
        connection: &Connection,
        channel: &Channel,
        consumer: &mut Consumer,
    ) -> Vec<LapinDelivery> {
        let cancelling = channel.basic_cancel(consumer.tag(), BasicCancelOptions::default());
        if connection.response(cancelling, self.lane.queue()).await.is_err() {
            return Vec::new();
        }
        let mut waiting = Vec::new();
        while let Some(Some(Ok(delivery))) = consumer.next().now_or_never() {
            waiting.push(delivery);
        }
        waiting
    }
}
