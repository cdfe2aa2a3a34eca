//! One delivery's way: wait for its turn, handle, settle.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::FutureExt;
use lapin::Acker;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::error;

use super::acknowledge::{Open, Settler};
use super::delivery::Delivery;
use super::disposition::Disposition;
use super::names::Lane;
use super::running::Running;

/// What all jobs of a process share.
pub(super) struct Crew<H> {
    pub(super) handle: H,
    pub(super) settler: Settler,
    pub(super) running: Running,
    pub(super) jobs: TaskTracker,
    /// Cancelled when what still runs is given up.
    pub(super) stop: CancellationToken,
    /// How many were.
    pub(super) given_up: AtomicUsize,
}

/// A delivery of a lane.
pub(super) struct Job {
    pub(super) delivery: Delivery,
    pub(super) acker: Acker,
    /// As many at once as the lane has slots, over all connections.
    pub(super) slots: Arc<Semaphore>,
    pub(super) lost: CancellationToken,
}

impl<H, F> Crew<H>
where
    H: Fn(Delivery) -> F + Send + Sync + 'static,
    F: Future<Output = Disposition> + Send + 'static,
{
    /// Returns when the delivery is settled, lost or given up.
    pub(super) async fn work(self: Arc<Self>, job: Job) {
        tokio::select! {
            () = self.carry(&job) => {}
            // dropped unsettled: the broker gives it out again when we are gone
            () = self.stop.cancelled() => {
                self.given_up.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    async fn carry(&self, job: &Job) {
        if job.delivery.redelivered || job.delivery.delivery_count > 0 {
            metrics::counter!("tekseru_redeliveries_total", "lane" => job.delivery.lane.name())
                .increment(1);
        }
        let turn = async {
            let entered = self.running.enter(&job.delivery.message.id).await;
            (entered, job.slots.acquire().await)
        };
        let (_entered, _slot) = tokio::select! {
            turn = turn => turn,
            () = job.lost.cancelled() => return,
        };
        // buffered deliveries are handed out even when their channel is gone
        if !job.acker.usable() {
            return;
        }
        let _counted = InFlight::new(job.delivery.lane);
        let ending = self.handled(job).await;
        let open = Open {
            message: &job.delivery.message,
            queue: job.delivery.lane.queue(),
            routing_key: &job.delivery.routing_key,
            acker: &job.acker,
            gone: &job.lost,
        };
        self.settler.settle(ending, &open).await;
    }

    /// A panic is a failed attempt; unsettled, the delivery would hold its slot.
    async fn handled(&self, job: &Job) -> Disposition {
        let delivery = job.delivery.clone();
        let handling = AssertUnwindSafe(async { (self.handle)(delivery).await });
        handling.catch_unwind().await.unwrap_or_else(|_| {
            error!(message.id = %job.delivery.message.loggable_id(), "The handler of a message panicked");
            Disposition::Retry { code: "panicked", count_attempt: true }
        })
    }
}

struct InFlight(metrics::Gauge);

impl InFlight {
    fn new(lane: Lane) -> Self {
        let gauge = metrics::gauge!("tekseru_jobs_in_flight", "lane" => lane.name());
        gauge.increment(1);
        Self(gauge)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.decrement(1);
    }
}
