//! The lease that lets one maintenance process act.

use std::time::Duration;

use super::round_error::RoundError;
use crate::services::{Services, agreed_clock};

const NAME: &str = "maintenance";

/// The lease, as one process sees it.
pub(super) struct Lease<'a> {
    pub(super) services: &'a Services,
    /// Name of this process.
    pub(super) holder: &'a str,
    /// Interval between two renewals; the lease lasts four of them.
    pub(super) every: Duration,
}

impl Lease<'_> {
    /// Acquires or renews the lease. Returns false while another process holds it.
    ///
    /// # Errors
    /// When the clocks differ: then the lease is free for another process. When the database
    /// fails.
    pub(super) async fn acquire(&self) -> Result<bool, RoundError> {
        let registry = &self.services.registry;
        if let Err(error) = agreed_clock(registry).await {
            self.release().await;
            return Err(error.into());
        }
        Ok(registry.acquire_lease(NAME, self.holder, self.every * 4).await?)
    }

    /// Renews the lease until that fails or another process holds it.
    pub(super) async fn renew_until_lost(&self) {
        loop {
            tokio::time::sleep(self.every).await;
            if !matches!(self.acquire().await, Ok(true)) {
                return;
            }
        }
    }

    /// Releases the lease, so that another process need not wait until it expires.
    pub(super) async fn release(&self) {
        let _ = self.services.registry.release_lease(NAME, self.holder).await;
    }
}
