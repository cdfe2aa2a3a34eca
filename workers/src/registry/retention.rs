//! Deleting what is older than the retention period.

use jiff::{SignedDuration, Timestamp};

use super::connection::{Dialect, Registry};
use super::error::RegistryError;
use super::page::Page;
use super::session::Session;
use super::statement::{Row, sql};
use crate::application_key::ApplicationKey;

/// The action of the audit.
const EXPIRED: &str = "application.expired";
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What became of an application that had expired.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// It is deleted, and these folders are to be deleted from the object store.
    Deleted(Vec<String>),
    /// It is unknown, or had activity meanwhile.
    Kept,
    /// As many as an hour allows were deleted; this one stays for now.
    LimitReached,
}

impl Registry {
    /// Returns applications without activity since an instant, longest inactive first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn expired_applications(
        &self,
        before: Timestamp,
        page: Page,
    ) -> Result<Vec<ApplicationKey>, RegistryError> {
        let text = "SELECT application_id FROM applications
            WHERE last_activity_at < $1 AND state <> 'withdrawn'
            ORDER BY last_activity_at, application_id LIMIT $2 OFFSET $3";
        let rows = sql("find expired applications", text)
            .instant(before)
            .page(page)
            .fetch_all("applications", &mut self.read().await?)
            .await?;
        rows.iter().map(Row::application).collect()
    }

    /// Deletes an application as [`super::LockedApplication::withdraw`] does, with another
    /// action in the audit, unless it had activity at `before` or later, or `per_hour`
    /// applications were deleted so in the hour before `at`.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn delete_expired(
        &self,
        application: &ApplicationKey,
        before: Timestamp,
        at: Timestamp,
        actor: &str,
        per_hour: u32,
    ) -> Result<Expiry, RegistryError> {
        let mut session = self.begin().await?;
        if self.dialect == Dialect::Postgres {
            // what is counted stays true until the commit, even if others delete; the number is
            // arbitrary and no other program uses it
            let text = "SELECT pg_advisory_xact_lock(8390277110945514)";
            session.run_raw("wait for another deletion", text).await?;
        }
        if count_expired_since(&mut session, at - HOUR).await? >= per_hour.into() {
            session.commit().await?;
            return Ok(Expiry::LimitReached);
        }
        let locked = self.lock_expired(session, application, before, at).await?;
        let Some(mut locked) = locked else { return Ok(Expiry::Kept) };
        let folders = locked.delete(at, actor, EXPIRED).await?;
        locked.commit().await?;
        Ok(Expiry::Deleted(folders))
    }
}

/// Returns how many applications were deleted since an instant because they had expired.
async fn count_expired_since(
    session: &mut Session,
    since: Timestamp,
) -> Result<u64, RegistryError> {
    // a deletion is the last activity of an application
    let text = "SELECT COUNT(*) AS count FROM applications a
        WHERE a.last_activity_at >= $1 AND a.state = 'withdrawn' AND EXISTS (
            SELECT 1 FROM audit WHERE audit.application_id = a.application_id
            AND audit.action = $2)";
    let count = sql("count expired applications", text).instant(since).text(EXPIRED);
    let row = count.fetch_first("applications", session).await?;
    row.map_or(Ok(0), |row| row.count("count").map(u64::from))
}
