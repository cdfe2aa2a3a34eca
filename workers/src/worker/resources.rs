//! The resources of a worker: its services and its examiner.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::examiner::Examiner;
use crate::services::Services;

/// The services of a worker, and the examiner that no other role has.
pub(super) struct Worker {
    pub(super) services: Services,
    pub(super) examiner: Arc<Examiner>,
    /// One second attempt at a time, so that files that break their readers leave room.
    pub(super) second_attempts: Semaphore,
}
