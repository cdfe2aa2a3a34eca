//! Leases: work that one process does at a time. Only the clock of the database counts.

use std::time::Duration;

use jiff::SignedDuration;

use super::clock::clock;
use super::connection::Registry;
use super::error::RegistryError;
use super::statement::sql;

/// The longest lease.
const LONGEST: SignedDuration = SignedDuration::from_hours(4);
/// A lease that lasts longer than one's own by more than this was written by a wrong clock,
/// and would outlive its holder.
const SLACK: SignedDuration = SignedDuration::from_mins(3);

impl Registry {
    /// Acquires a lease, or renews it for its holder; false while another process holds it.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` for more than four hours.
    pub(crate) async fn acquire_lease(
        &self,
        name: &str,
        holder: &str,
        duration: Duration,
    ) -> Result<bool, RegistryError> {
        const ACTION: &str = "acquire a lease";
        let duration = SignedDuration::try_from(duration).ok().filter(|d| *d <= LONGEST);
        let duration = duration.ok_or_else(|| RegistryError::internal(ACTION, "too long"))?;
        let mut session = self.write().await?;
        let now = clock(&mut session, self.dialect).await?;
        let text = "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET holder = $2, expires_at = $3
            WHERE leases.holder = $2 OR leases.expires_at <= $4 OR leases.expires_at > $5";
        let acquire = sql(ACTION, text)
            .text(name)
            .text(holder)
            .instant(now + duration)
            .instant(now)
            .instant(now + duration + SLACK);
        Ok(acquire.execute(&mut session).await? == 1)
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
