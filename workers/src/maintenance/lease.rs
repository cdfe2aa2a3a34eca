//! The lease that lets one maintenance process act.

use std::time::Duration;

use crate::services::{ServiceError, Services, agreed_clock};

const NAME: &str = "maintenance";

/// The lease, as one process sees it.
pub(super) struct Lease<'a> {
    pub(super) services: &'a Services,
    /// Name of this process.
    pub(super) holder: &'a str,
    /// Interval between two rounds.
    pub(super) every: Duration,
}

/// Longest lease: one that lasts much longer is taken for that of a wrong clock.
const LONGEST: Duration = Duration::from_secs(60);

impl Lease<'_> {
    /// Acquires or renews the lease. Returns false while another process holds it.
    ///
    /// # Errors
    /// When the clocks differ: then the lease is free for another process. When the database
    /// fails, or this program cannot use its tables.
    pub(super) async fn acquire(&self) -> Result<bool, ServiceError> {
        let registry = &self.services.registry;
        if let Err(error) = agreed_clock(registry).await {
            self.release().await;
            return Err(error.into());
        }
        registry.require_usable_schema().await?;
        Ok(registry.acquire_lease(NAME, self.holder, self.length()).await?)
    }

    fn length(&self) -> Duration {
        (self.every * 4).min(LONGEST)
    }

    /// Renews the lease until that fails or another process holds it.
    pub(super) async fn renew_until_lost(&self) {
        loop {
            tokio::time::sleep(self.length() / 4).await;
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
