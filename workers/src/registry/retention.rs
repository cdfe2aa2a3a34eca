//! Deleting what is older than the retention period.

use jiff::Timestamp;

use super::connection::Registry;
use super::error::RegistryError;
use super::statement::sql;

/// The action of the audit.
const EXPIRED: &str = "application.expired";

impl Registry {
    /// Returns ids of applications without activity since an instant, longest inactive first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn expired_applications(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<String>, RegistryError> {
        let text = "SELECT application_id FROM applications
            WHERE last_activity_at < $1 AND state <> 'withdrawn'
            ORDER BY last_activity_at, application_id LIMIT $2";
        let rows = sql("find expired applications", text)
            .instant(before)
            .number(limit.into())
            .fetch_all("applications", &mut self.read().await?)
            .await?;
        rows.iter().map(|row| row.text("application_id")).collect()
    }

    /// Returns how many applications were deleted since an instant because they had expired.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn count_expired_since(&self, since: Timestamp) -> Result<u64, RegistryError> {
        // a deletion is the last activity; the index on it keeps this short
        let text = "SELECT COUNT(*) AS count FROM applications a
            WHERE a.last_activity_at >= $1 AND a.state = 'withdrawn' AND EXISTS (
                SELECT 1 FROM audit WHERE audit.application_id = a.application_id
                AND audit.action = $2)";
        let count = sql("count expired applications", text).instant(since).text(EXPIRED);
        let row = count.fetch_first("applications", &mut self.read().await?).await?;
        row.map_or(Ok(0), |row| row.count("count").map(u64::from))
    }

    /// Deletes an application as [`super::LockedApplication::withdraw`] does,
    /// with another action in the audit. None where it is unknown or had
    /// activity at `before` or later.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn delete_expired(
        &self,
        application_id: &str,
        before: Timestamp,
        at: Timestamp,
        actor: &str,
    ) -> Result<Option<Vec<String>>, RegistryError> {
        let locked = self.lock_expired(application_id, before, at).await?;
        let Some(mut locked) = locked else { return Ok(None) };
        let folders = locked.delete(at, actor, EXPIRED).await?;
        locked.commit().await?;
        Ok(Some(folders))
    }

    /// Deletes dead letters from before an instant and returns how many. Those
    /// that wait for a person stay while their application does.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_dead_letters(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM dead_letters WHERE dead_lettered_at < $1 AND (state <> 'waiting'
            OR NOT EXISTS (SELECT 1 FROM applications a
                WHERE a.application_id = dead_letters.application_id
                AND a.state <> 'withdrawn'))";
        let prune = sql("prune dead letters", text).instant(before);
        prune.execute(&mut self.write().await?).await
    }

    /// Deletes commands received before an instant and returns how many. A
    /// repeated delivery of one of them then counts as new.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_commands(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM commands WHERE received_at < $1";
        let prune = sql("prune commands", text).instant(before);
        prune.execute(&mut self.write().await?).await
    }

    /// Deletes workers without a heartbeat since an instant and returns how many.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_workers(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM workers WHERE last_heartbeat_at < $1";
        let prune = sql("prune workers", text).instant(before);
        prune.execute(&mut self.write().await?).await
    }
}
