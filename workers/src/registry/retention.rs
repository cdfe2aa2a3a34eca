//! What is forgotten because its time is over.

use jiff::Timestamp;

use super::statement::sql;
use super::{Registry, RegistryError};

impl Registry {
    /// Applications of which nothing was heard since before an instant, longest first.
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
        let find = sql("look for old applications", text).instant(before).number(limit.into());
        let rows = find.all("applications", &mut self.read().await?).await?;
        rows.iter().map(|row| row.text("application_id")).collect()
    }

    /// Erases an application as [`super::LockedApplication::withdraw`] does; the audit
    /// says that it was forgotten. None where it is not known, or there was
    /// news of it at `before` or later.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn delete_expired(
        &self,
        application_id: &str,
        before: Timestamp,
        at: Timestamp,
        who: &str,
    ) -> Result<Option<Vec<String>>, RegistryError> {
        if self.find_application(application_id).await?.is_none() {
            return Ok(None);
        }
        let mut locked = self.lock(application_id, at).await?;
        if locked.record.last_activity_at >= before {
            return Ok(None);
        }
        let folders = locked.erase(at, who, "application.forgotten").await?;
        locked.commit().await?;
        Ok(Some(folders))
    }

    /// Forgets dead letters that died before an instant, but those that wait
    /// for a person and are about an application that is not forgotten itself;
    /// how many there were.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_dead_letters(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let text = "DELETE FROM dead_letters WHERE dead_lettered_at < $1 AND (state <> 'waiting'
            OR NOT EXISTS (SELECT 1 FROM applications a
                WHERE a.application_id = dead_letters.application_id
                AND a.state <> 'withdrawn'))";
        let drop = sql("forget dead letters", text).instant(before);
        drop.run(&mut self.write().await?).await
    }

    /// Takes processes off the list that were not there since an instant; how many there were.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn prune_workers(&self, before: Timestamp) -> Result<u64, RegistryError> {
        let drop = sql("forget workers", "DELETE FROM workers WHERE last_heartbeat_at < $1")
            .instant(before);
        drop.run(&mut self.write().await?).await
    }
}
