//! Waiting for a service that is down.
//!
//! While the store or the database is down, every delivery would fail alike.
//! Instead of using up their attempts, the deliveries in progress wait. As many
//! wait as there are slots, so the worker takes nothing more from the queues,
//! and other workers that reach the services continue. A queue of a portal that is
//! full, a bucket of its that refuses us, and what only a later version can read, hold up
//! no slot.

use std::time::{Duration, Instant};

use tracing::warn;

use super::resources::Worker;
use crate::broker::{Headers, PublishError, RetryCount};
use crate::objects::{FetchError, StoreError, is_about_credentials, is_about_rights};
use crate::runtime::backoff::Backoff;
use crate::services::{Dependency, ServiceError, Services};

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

/// Waits for a worker of a later version, a quarter of an hour each: about a day. An upgrade
/// that takes longer was given up.
const LATER_VERSION_WAITS: u32 = 100;

/// Returns the dependency that is down; nothing when this message alone failed. A service that
/// refuses us is down too: after a password or key was changed it refuses every message.
pub(super) async fn failed_dependency(
    error: &ServiceError,
    services: &Services,
) -> Option<Dependency> {
    let (dependency, is_up) = match error {
        // keys of results are ours: only a lost right makes the store refuse them all
        ServiceError::Store(StoreError::Refused { code, .. })
        | ServiceError::Fetch(FetchError::Refused { code, .. })
            if is_about_credentials(code) =>
        {
            (Dependency::Store, false)
        }
        ServiceError::Store(StoreError::Refused { location, code }) if is_about_rights(code) => {
            let is_evidence = location.bucket == services.objects.buckets().evidence;
            (Dependency::Store, !is_evidence && services.is_up(Dependency::Store).await)
        }
        ServiceError::Fetch(FetchError::Refused { location, .. }) => {
            let can_read = services.objects.can_read(&location.bucket).await;
            (Dependency::Store, can_read || services.is_up(Dependency::Store).await)
        }
        ServiceError::Registry(_) => {
            (Dependency::Database, services.is_up(Dependency::Database).await)
        }
        error => {
            let dependency = error.dependency()?;
            (dependency, services.is_up(dependency).await)
        }
    };
    (!is_up).then_some(dependency)
}

/// Returns what the message waits for without an attempt while every dependency is up: a
/// worker of a later version, or a queue or bucket of its portal.
pub(super) async fn wait_without_attempt(
    error: &ServiceError,
    headers: &Headers,
    services: &Services,
) -> Option<RetryCount> {
    if is_left_to_later_version(error, headers) {
        return Some(RetryCount::LaterVersionWait);
    }
    is_about_portal(error, services).await.then_some(RetryCount::DependencyWait)
}

/// Whether a queue is full or missing, or a portal's bucket refuses us while the store is up:
/// the message is not at fault, and others need not wait for it.
async fn is_about_portal(error: &ServiceError, services: &Services) -> bool {
    match error {
        ServiceError::Publish(PublishError::Nacked | PublishError::Unroutable) => true,
        ServiceError::Store(StoreError::Refused { code, .. }) => is_about_rights(code),
        ServiceError::Fetch(FetchError::Refused { location, .. }) => {
            !services.objects.can_read(&location.bucket).await
        }
        _ => false,
    }
}

/// Whether the message waits for a worker that can read what this one cannot: while a new
/// version is installed, both work on the same applications.
fn is_left_to_later_version(error: &ServiceError, headers: &Headers) -> bool {
    if !error.is_of_later_version() {
        return false;
    }
    metrics::counter!("tekseru_written_by_later_version_total").increment(1);
    headers.later_version_waits < LATER_VERSION_WAITS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::RegistryError;

    #[test]
    fn a_message_waits_a_day_for_a_later_version() {
        let id = "A-1".to_owned();
        let later = RegistryError::Unknown { table: "documents", id: id.clone(), column: "body" };
        let damaged = RegistryError::Corrupt { table: "documents", id, column: "body" };
        let is_left = |error: &ServiceError, later_version_waits| {
            // waits for a portal's queue do not count
            let dependency_waits = 1000;
            let waited = Headers { later_version_waits, dependency_waits, ..Headers::default() };
            is_left_to_later_version(error, &waited)
        };
        let (later, damaged) = (ServiceError::from(later), ServiceError::from(damaged));
        assert!(is_left(&later, 0) && is_left(&later, 99));
        assert!(!is_left(&later, 100), "then its attempts count");
        assert!(!is_left(&damaged, 0));
        assert_eq!(later.code(), "WRITTEN_BY_LATER_VERSION");
    }
}
