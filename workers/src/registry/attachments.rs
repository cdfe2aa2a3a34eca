//! Which process attaches a revision, and when: one at a time, and while an application is
//! incomplete only the newest of several in a short time.

use jiff::{SignedDuration, Timestamp};

use super::connection::Registry;
use super::error::RegistryError;
use super::events::{OutgoingEvent, read_event};
use super::lock::LockedApplication;
use super::revision::Revision;
use super::revisions::{READ, SELECT_SETTLED, find_one};
use super::statement::{Statement, sql};
use crate::application_key::ApplicationKey;

/// Longer than attaching takes; a process that takes longer, or was killed, has lost its claim.
/// Two that attach write the same bytes.
const CLAIM: SignedDuration = SignedDuration::from_secs(10);

const TABLE: &str = "revisions";

/// Whether this process attaches a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It does.
    Ours,
    /// Another one is attaching it.
    Others,
    /// It is attached, or was deleted, or another one took its place.
    Over,
}

impl Registry {
    /// Claims a revision that is not attached.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn claim_revision(
        &self,
        revision: &Revision,
        now: Timestamp,
    ) -> Result<Claim, RegistryError> {
        const ACTION: &str = "claim a revision";
        let mut session = self.write().await?;
        // one that was claimed waits no more: the next one has a number of its own
        let text = "UPDATE revisions SET claimed_until = $5, attach_at = NULL
            WHERE application_id = $1 AND scope = $2 AND revision = $3 AND digest = $4
              AND attached_at IS NULL AND (claimed_until IS NULL OR claimed_until <= $6)";
        let claim = about(revision, sql(ACTION, text)).instant(now + CLAIM).instant(now);
        let claimed = claim.execute(&mut session).await?;
        if claimed > 0 {
            return Ok(Claim::Ours);
        }
        let text = "SELECT application_id FROM revisions
            WHERE application_id = $1 AND scope = $2 AND revision = $3 AND digest = $4
              AND attached_at IS NULL";
        let find = about(revision, sql(ACTION, text));
        let is_open = find.fetch_first(TABLE, &mut session).await?.is_some();
        Ok(if is_open { Claim::Others } else { Claim::Over })
    }

    /// Gives a claim up, so that others need not wait for its end.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn release_revision(&self, revision: &Revision) -> Result<(), RegistryError> {
        let text = "UPDATE revisions SET claimed_until = NULL
            WHERE application_id = $1 AND scope = $2 AND revision = $3 AND digest = $4";
        let release = about(revision, sql("release a revision", text));
        release.execute(&mut self.write().await?).await?;
        Ok(())
    }

    /// Returns the latest revision that does not wait: nothing takes its place.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn latest_settled_revision(
        &self,
        application: &ApplicationKey,
        scope: &str,
    ) -> Result<Option<Revision>, RegistryError> {
        find_one(sql(READ, SELECT_SETTLED).text(application).text(scope), &mut self.read().await?)
            .await
    }

    /// Returns when the next revision of an application is to be attached that waits for that.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn next_attachment(
        &self,
        application: &ApplicationKey,
    ) -> Result<Option<Timestamp>, RegistryError> {
        let text = "SELECT MIN(attach_at) AS attach_at FROM revisions
            WHERE application_id = $1 AND attached_at IS NULL AND attach_at IS NOT NULL";
        let find = sql("find the next attachment", text).text(application);
        let row = find.fetch_first(TABLE, &mut self.read().await?).await?;
        row.map_or(Ok(None), |row| row.optional_instant("attach_at"))
    }
}

/// Binds application, scope, number and digest of a revision, in this order.
fn about(revision: &Revision, statement: Statement) -> Statement {
    let Revision { application, scope, revision, digest, .. } = revision;
    statement.text(application).text(scope).number((*revision).into()).text(digest)
}

impl LockedApplication {
    /// Removes a revision that waits to be attached, and returns its events, of which none was
    /// sent; none where a process is attaching it, or it does not wait.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn take_back(
        &mut self,
        revision: &Revision,
    ) -> Result<Option<Vec<OutgoingEvent>>, RegistryError> {
        const ACTION: &str = "take a revision back";
        let text = "DELETE FROM revisions
            WHERE application_id = $1 AND scope = $2 AND revision = $3
              AND attached_at IS NULL AND attach_at > $4";
        let number = revision.revision.into();
        let deleted = sql(ACTION, text)
            .text(&self.record.key)
            .text(&revision.scope)
            .number(number)
            .instant(self.now)
            .execute(&mut self.session)
            .await?;
        if deleted == 0 {
            return Ok(None);
        }
        let text = "SELECT id, application_id, routing_key, body, traceparent, scope, revision
            FROM events WHERE application_id = $1 AND scope = $2 AND revision = $3
            ORDER BY number";
        let find = sql(ACTION, text).text(&self.record.key).text(&revision.scope).number(number);
        let rows = find.fetch_all("events", &mut self.session).await?;
        let text = "DELETE FROM events WHERE application_id = $1 AND scope = $2 AND revision = $3";
        let delete = sql(ACTION, text).text(&self.record.key).text(&revision.scope).number(number);
        delete.execute(&mut self.session).await?;
        rows.iter().map(read_event).collect::<Result<_, _>>().map(Some)
    }

    /// Has a revision attached at once.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn attach_at_once(
        &mut self,
        revision: &Revision,
    ) -> Result<(), RegistryError> {
        let text = "UPDATE revisions SET attach_at = NULL
            WHERE application_id = $1 AND scope = $2 AND revision = $3";
        sql("attach a revision at once", text)
            .text(&self.record.key)
            .text(&revision.scope)
            .number(revision.revision.into())
            .execute(&mut self.session)
            .await?;
        Ok(())
    }
}
