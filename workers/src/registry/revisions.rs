//! Verdicts, one revision after the other, and whether they are attached.

use jiff::Timestamp;

use super::record::{NewRevision, Revision};
use super::session::Session;
use super::statement::{Row, Sql, sql};
use super::{LockedApplication, Registry, RegistryError};

const TABLE: &str = "revisions";
const READ: &str = "read a revision";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT application_id, scope, revision, digest, previous_digest, judged_on, programme,
             outcome, complete, verdict, produced_at, attached_at FROM revisions ",
            $rest
        )
    };
}

const NEWEST: &str =
    select!("WHERE application_id = $1 AND scope = $2 ORDER BY revision DESC LIMIT 1");

impl LockedApplication {
    /// The newest revision: of the application where `scope` is empty, else of that document.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn latest_revision(
        &mut self,
        scope: &str,
    ) -> Result<Option<Revision>, RegistryError> {
        let find = sql(READ, NEWEST).text(&self.record.application_id).text(scope);
        one(find, &mut self.session).await
    }

    /// Adds a revision after the newest.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the application was withdrawn.
    pub(crate) async fn add_revision(
        &mut self,
        new: &NewRevision,
    ) -> Result<Revision, RegistryError> {
        const WHAT: &str = "add a revision";
        self.ensure_active(WHAT)?;
        let last = self.latest_revision(&new.scope).await?;
        let revision = Revision {
            application_id: self.record.application_id.clone(),
            scope: new.scope.clone(),
            revision: last.as_ref().map_or(1, |last| last.revision + 1),
            digest: new.digest.clone(),
            previous_digest: last.map(|last| last.digest),
            judged_on: new.judged_on,
            programme: new.programme.clone(),
            outcome: new.outcome.clone(),
            complete: new.complete,
            verdict: new.verdict.clone(),
            produced_at: new.produced_at,
            attached_at: None,
        };
        let text = "INSERT INTO revisions (application_id, scope, revision, digest,
            previous_digest, judged_on, programme, outcome, complete, verdict, produced_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        sql(WHAT, text)
            .text(&revision.application_id)
            .text(&revision.scope)
            .number(revision.revision.into())
            .text(&revision.digest)
            .maybe(revision.previous_digest.as_deref())
            .date(Some(revision.judged_on))
            .text(&revision.programme)
            .text(&revision.outcome)
            .number(revision.complete.into())
            .text(&revision.verdict)
            .instant(revision.produced_at)
            .run(&mut self.session)
            .await?;
        if revision.scope.is_empty() {
            let text = "UPDATE applications SET programme = $1 WHERE application_id = $2";
            sql(WHAT, text)
                .text(&revision.programme)
                .text(&revision.application_id)
                .run(&mut self.session)
                .await?;
        }
        Ok(revision)
    }
}

impl Registry {
    /// Revisions made at or before `older_than` that are not attached, oldest first.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn unattached_revisions(
        &self,
        limit: u32,
        older_than: Timestamp,
    ) -> Result<Vec<Revision>, RegistryError> {
        const TEXT: &str = select!(
            "WHERE attached_at IS NULL AND produced_at <= $1
             ORDER BY produced_at, application_id, scope, revision LIMIT $2"
        );
        let find = sql(READ, TEXT).instant(older_than).number(limit.into());
        many(find, &mut self.read().await?).await
    }

    /// Revisions of an application that are not in the object store yet, in order.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn unattached_revisions_of(
        &self,
        application_id: &str,
    ) -> Result<Vec<Revision>, RegistryError> {
        const TEXT: &str =
            select!("WHERE application_id = $1 AND attached_at IS NULL ORDER BY scope, revision");
        many(sql(READ, TEXT).text(application_id), &mut self.read().await?).await
    }

    /// Notes that a revision is in the object store. Its first instant stays.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn mark_attached(
        &self,
        application_id: &str,
        scope: &str,
        revision: u32,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        let text = "UPDATE revisions SET attached_at = $1 WHERE application_id = $2
            AND scope = $3 AND revision = $4 AND attached_at IS NULL";
        sql("mark a revision as attached", text)
            .instant(at)
            .text(application_id)
            .text(scope)
            .number(revision.into())
            .run(&mut self.write().await?)
            .await?;
        Ok(())
    }

    /// The newest revision of an application or of one of its documents.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn latest_revision(
        &self,
        application_id: &str,
        scope: &str,
    ) -> Result<Option<Revision>, RegistryError> {
        one(sql(READ, NEWEST).text(application_id).text(scope), &mut self.read().await?).await
    }

    /// One revision.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn revision(
        &self,
        application_id: &str,
        scope: &str,
        revision: u32,
    ) -> Result<Option<Revision>, RegistryError> {
        const TEXT: &str = select!("WHERE application_id = $1 AND scope = $2 AND revision = $3");
        let find = sql(READ, TEXT).text(application_id).text(scope).number(revision.into());
        one(find, &mut self.read().await?).await
    }

    /// Every revision of an application and of its documents, by scope and number.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn revisions(
        &self,
        application_id: &str,
    ) -> Result<Vec<Revision>, RegistryError> {
        const TEXT: &str = select!("WHERE application_id = $1 ORDER BY scope, revision");
        many(sql(READ, TEXT).text(application_id), &mut self.read().await?).await
    }
}

async fn one(find: Sql, session: &mut Session) -> Result<Option<Revision>, RegistryError> {
    find.first(TABLE, session).await?.map(|row| revision(&row)).transpose()
}

async fn many(find: Sql, session: &mut Session) -> Result<Vec<Revision>, RegistryError> {
    find.all(TABLE, session).await?.iter().map(revision).collect()
}

fn revision(row: &Row) -> Result<Revision, RegistryError> {
    Ok(Revision {
        application_id: row.text("application_id")?,
        scope: row.text("scope")?,
        revision: row.count("revision")?,
        digest: row.text("digest")?,
        previous_digest: row.maybe("previous_digest")?,
        judged_on: row.date("judged_on")?,
        programme: row.text("programme")?,
        outcome: row.text("outcome")?,
        complete: row.flag("complete")?,
        verdict: row.text("verdict")?,
        produced_at: row.instant("produced_at")?,
        attached_at: row.maybe_instant("attached_at")?,
    })
}
