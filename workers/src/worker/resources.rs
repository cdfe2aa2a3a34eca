//! The resources of a worker: its services and its examiner.

use std::sync::Arc;

use crate::examiner::Examiner;
use crate::services::Services;

/// The services of a worker, and the examiner that no other role has.
pub(super) struct Worker {
    pub(super) services: Services,
    pub(super) examiner: Arc<Examiner>,
    /// Buckets from which uploads may be fetched.
    pub(super) uploads: Vec<String>,
}
