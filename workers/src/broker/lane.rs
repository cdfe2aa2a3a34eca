//! One lane on one connection: subscribe, take, pause, subscribe again.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt};
use lapin::options::{BasicCancelOptions, BasicNackOptions};
use lapin::{Channel, Consumer};
use tokio::sync::{Semaphore, watch};
use tokio_util::task::TaskTracker;

use super::connection::Live;
use super::delivery::Delivery;
use super::disposition::Disposition;
use super::job::{Crew, Job};
use super::names::Lane;
use super::shutdown::Shutdown;
use super::state::{LaneState, Problem, Reporter};
use crate::runtime::backoff::Backoff;

/// A lane and its slots, which outlive connections.
pub(super) struct Worker {
    pub(super) lane: Lane,
    prefetch: u16,
    slots: Arc<Semaphore>,
}

/// Whether to take work.
#[derive(Clone)]
pub(super) struct Signals {
    pub(super) gate: watch::Receiver<BTreeSet<Lane>>,
    pub(super) shutdown: Shutdown,
    pub(super) reporter: Reporter,
}

/// Why a subscription ended.
enum Left {
    Draining,
    Paused,
    Broken(Problem),
}

impl Worker {
    pub(super) fn new(lane: Lane, slots: NonZero<u16>) -> Self {
        let prefetch = slots.get();
        Self { lane, prefetch, slots: Arc::new(Semaphore::new(prefetch.into())) }
    }

    /// Takes work until draining begins or the connection is lost.
    pub(super) async fn serve<H, F>(&self, live: &Live, crew: &Arc<Crew<H>>, signals: Signals)
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output = Disposition> + Send + 'static,
    {
        let mut backoff = Backoff::new();
        while self.may_take(&signals).await && live.is_up() {
            let problem = match live.subscribe(self.lane.queue(), self.prefetch).await {
                Ok((channel, consumer)) => {
                    signals.reporter.lane(self.lane, LaneState::Consuming);
                    backoff.reset();
                    match self.take(live, crew, channel, consumer, &signals).await {
                        Left::Draining | Left::Paused => continue,
                        Left::Broken(problem) => problem,
                    }
                }
                Err(problem) => problem,
            };
            if !live.is_up() || matches!(problem, Problem::Unreachable(_)) {
                // the other lanes would not get far on it either
                live.lost.cancel();
                break;
            }
            signals.reporter.lane(self.lane, LaneState::Refused(problem));
            tokio::select! {
                () = tokio::time::sleep(backoff.next()) => {}
                () = signals.shutdown.draining() => {}
            }
        }
        signals.reporter.lane(self.lane, LaneState::Waiting);
    }

    /// Waits while the lane is paused; false when it is time to end.
    async fn may_take(&self, signals: &Signals) -> bool {
        if self.is_paused(signals) {
            signals.reporter.lane(self.lane, LaneState::Paused);
        }
        let open = async {
            let mut gate = signals.gate.clone();
            if gate.wait_for(|paused| !paused.contains(&self.lane)).await.is_err()
                && self.is_paused(signals)
            {
                // nobody is left to open it
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
        signals.gate.borrow().contains(&self.lane)
    }

    async fn paused(&self, signals: &Signals) {
        let mut gate = signals.gate.clone();
        if gate.wait_for(|paused| paused.contains(&self.lane)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    async fn take<H, F>(
        &self,
        live: &Live,
        crew: &Arc<Crew<H>>,
        channel: Channel,
        mut consumer: Consumer,
        signals: &Signals,
    ) -> Left
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output = Disposition> + Send + 'static,
    {
        let unsettled = TaskTracker::new();
        let left = loop {
            let next = tokio::select! {
                biased;
                () = signals.shutdown.draining() => break Left::Draining,
                () = self.paused(signals) => break Left::Paused,
                next = consumer.next() => next,
            };
            match next {
                Some(Ok(delivery)) => {
                    let job = Job {
                        delivery: Delivery::from_lapin(&delivery, self.lane),
                        acker: delivery.acker,
                        slots: Arc::clone(&self.slots),
                        lost: live.lost.clone(),
                    };
                    let job = Arc::clone(crew).work(job);
                    crew.jobs.spawn(unsettled.track_future(job));
                }
                // after the first of these the stream says nothing more, ever
                Some(Err(error)) => return Left::Broken(Problem::of(&error, self.lane.queue())),
                None => return Left::Broken(Problem::Cancelled(self.lane.queue().to_owned())),
            }
        };
        self.cancel(live, &channel, &mut consumer).await;
        // what runs is settled on its channel, while the lane may already take again on another
        unsettled.close();
        crew.jobs.spawn(async move {
            unsettled.wait().await;
            let _ = channel.close(200, "bye".into()).await;
        });
        left
    }

    /// Takes nothing more, and gives back what has arrived and not begun.
    async fn cancel(&self, live: &Live, channel: &Channel, consumer: &mut Consumer) {
        let cancelling = channel.basic_cancel(consumer.tag(), BasicCancelOptions::default());
        if live.answer(cancelling, self.lane.queue()).await.is_err() {
            return;
        }
        while let Some(Some(Ok(delivery))) = consumer.next().now_or_never() {
            let _ = delivery.nack(BasicNackOptions { requeue: true, multiple: false }).await;
        }
    }
}
