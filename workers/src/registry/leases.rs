//! Leases: work that one process does at a time.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::connection::Registry;
use super::error::RegistryError;
use super::statement::sql;

impl Registry {
    /// Acquires a lease, or renews it for its holder; false while another
    /// process holds it. Expiry depends on the clocks of the holders: let
    /// `duration` be far longer than they differ.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn acquire_lease(
        &self,
        name: &str,
        holder: &str,
        duration: Duration,
        now: Timestamp,
    ) -> Result<bool, RegistryError> {
        const ACTION: &str = "acquire a lease";
        let expires_at =
            SignedDuration::try_from(duration).ok().and_then(|d| now.checked_add(d).ok());
        let expires_at = expires_at.ok_or_else(|| RegistryError::internal(ACTION, "too long"))?;
        let text = "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET holder = $2, expires_at = $3
            WHERE leases.holder = $2 OR leases.expires_at <= $4";
        let acquire = sql(ACTION, text).text(name).text(holder).instant(expires_at).instant(now);
        Ok(acquire.execute(&mut self.write().await?).await? == 1)
    }

    /// Releases a lease, if `holder` holds it.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn release_lease(
        &self,
        name: &str,
        holder: &str,
    ) -> Result<(), RegistryError> {
        let text = "DELETE FROM leases WHERE name = $1 AND holder = $2";
        let release = sql("release a lease", text).text(name).text(holder);
        release.execute(&mut self.write().await?).await?;
        Ok(())
    }
}
