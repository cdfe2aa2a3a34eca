//! Runs one delivery as a job: wait for a slot, handle, acknowledge.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt;
use lapin::Acker;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::error;

use super::acknowledge::{Acknowledger, Unacknowledged};
use super::caution::Caution;
use super::delivery::Delivery;
use super::disposition::{Disposition, RetryCount};
use super::in_progress::InProgress;
use super::lane::Lane;

/// Runs jobs; shared by all lanes of a process.
pub(super) struct JobRunner<H> {
    pub(super) handle: H,
    pub(super) acknowledger: Acknowledger,
    pub(super) in_progress: InProgress,
    pub(super) jobs: TaskTracker,
    /// Cancelled when running jobs are to be abandoned.
    pub(super) stop: CancellationToken,
    /// How many jobs were abandoned.
    pub(super) abandoned: AtomicUsize,
}

/// A delivery to handle.
pub(super) struct Job {
    pub(super) delivery: Delivery,
    pub(super) acker: Acker,
    /// The lane's slots, shared over all connections.
    pub(super) slots: Arc<Semaphore>,
    /// The lane's caution.
    pub(super) caution: Arc<Caution>,
    /// Cancelled when the connection of the delivery is lost.
    pub(super) lost: CancellationToken,
}

impl<H, F> JobRunner<H>
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Disposition> + Send + 'static,
{
    /// Returns when the delivery is acknowledged, lost or abandoned.
    pub(super) async fn run(self: Arc<Self>, job: Job) {
        tokio::select! {
            () = self.handle_and_acknowledge(&job) => {}
            // not acknowledged: the broker requeues it when the connection closes
            () = self.stop.cancelled() => {
                self.abandoned.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    async fn handle_and_acknowledge(&self, job: &Job) {
        if job.delivery.redelivered || job.delivery.delivery_count > 0 {
            metrics::counter!("tekseru_redeliveries_total", "lane" => job.delivery.lane.name())
                .increment(1);
        }
        let turn = async {
            let claim = self.in_progress.claim(&job.delivery.message).await;
            (claim, job.slots.acquire().await)
        };
        let (_claim, _slot) = tokio::select! {
            turn = turn => turn,
            () = job.lost.cancelled() => return,
        };
        // the client library yields buffered deliveries even when their channel is closed
        if !job.acker.usable() {
            return;
        }
        let _in_flight = InFlightGauge::new(job.delivery.lane);
        let disposition = self.call_handler(job).await;
        let delivery = Unacknowledged {
            message: &job.delivery.message,
            queue: job.delivery.lane.queue(),
            routing_key: &job.delivery.routing_key,
            acker: &job.acker,
            lost: &job.lost,
        };
        if self.acknowledger.complete(disposition, &delivery).await {
            job.caution.acknowledged();
        }
    }

    /// Calls the handler. A panic counts as a failed attempt; without an acknowledgement
    /// the delivery would keep its slot.
    async fn call_handler(&self, job: &Job) -> Disposition {
        let delivery = job.delivery.clone();
        let handling = AssertUnwindSafe(async { (self.handle)(delivery).await });
        handling.catch_unwind().await.unwrap_or_else(|_| {
            error!(message.id = %job.delivery.message.loggable_id(), "The handler of a message panicked");
            Disposition::Retry { code: "panicked", count: RetryCount::Attempt }
        })
    }
}

struct InFlightGauge(metrics::Gauge);

impl InFlightGauge {
    fn new(lane: Lane) -> Self {
        let gauge = metrics::gauge!("tekseru_jobs_in_flight", "lane" => lane.name());
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for InFlightGauge {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}
