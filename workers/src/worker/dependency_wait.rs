//! Waiting for a service that is down.
//!
//! While the store or the database is down, every delivery would fail alike.
//! Instead of using up their attempts, the deliveries in progress wait. As many
//! wait as there are slots, so the worker takes nothing more from the queues,
//! and other workers that reach the services continue.

use std::time::{Duration, Instant};

use tracing::warn;

use super::error::ProcessError;
use super::resources::Worker;
use crate::broker::PublishError;
use crate::runtime::backoff::Backoff;
use crate::services::{Dependency, ServiceError};

/// Longest wait; well under the 30 minutes after which a broker takes a delivery back.
const MAX_WAIT: Duration = Duration::from_secs(10 * 60);

/// The waits of one delivery.
pub(super) struct DependencyWait {
    since: Instant,
    backoff: Backoff,
}

impl DependencyWait {
    pub(super) fn new() -> Self {
        Self { since: Instant::now(), backoff: Backoff::new() }
    }

    /// Whether the delivery has waited so long that it goes to a retry queue.
    pub(super) fn is_over(&self) -> bool {
        self.since.elapsed() > MAX_WAIT
    }

    /// Reports the failed dependency and waits before the next attempt.
    pub(super) async fn wait(&mut self, dependency: Dependency, code: &str, worker: &Worker) {
        let name = dependency.name();
        warn!(dependency = name, code, "Waiting for a dependency: {name} is down");
        worker.services.health.report_down(dependency);
        metrics::counter!("tekseru_dependency_waits_total", "dependency" => name).increment(1);
        tokio::time::sleep(self.backoff.next()).await;
    }
}

/// Returns the dependency that is down; nothing when this message alone failed.
pub(super) async fn failed_dependency(error: &ProcessError, worker: &Worker) -> Option<Dependency> {
    let ProcessError::Failed(error) = error else { return None };
    let dependency = error.dependency()?;
    // a queue that is full is full for every message
    if matches!(error, ServiceError::Publish(PublishError::Nacked)) {
        return Some(dependency);
    }
    (!worker.services.is_up(dependency).await).then_some(dependency)
}
