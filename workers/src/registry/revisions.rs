//! Revisions of verdicts, and whether their files are attached: written to the object store.

use jiff::Timestamp;

use super::connection::Registry;
use super::error::RegistryError;
use super::listed::Listed;
use super::lock::LockedApplication;
use super::page::Page;
use super::revision::{NewRevision, Revision};
use super::session::Session;
use super::statement::{Row, Statement, format_instant, sql};
use crate::application_key::ApplicationKey;

const TABLE: &str = "revisions";
pub(super) const READ: &str = "read a revision";

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT application_id, scope, revision, digest, previous_digest, judged_on, programme,
             outcome, complete, verdict, produced_at, attach_at, attached_at FROM revisions ",
            $rest
        )
    };
}

const SELECT_LATEST: &str =
    select!("WHERE application_id = $1 AND scope = $2 ORDER BY revision DESC LIMIT 1");

pub(super) const SELECT_SETTLED: &str = select!(
    "WHERE application_id = $1 AND scope = $2 AND attach_at IS NULL ORDER BY revision DESC LIMIT 1"
);

impl LockedApplication {
    /// Returns the latest revision: of the application where `scope` is empty, else of that document.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn latest_revision(
        &mut self,
        scope: &str,
    ) -> Result<Option<Revision>, RegistryError> {
        let find = sql(READ, SELECT_LATEST).text(&self.record.key).text(scope);
        find_one(find, &mut self.session).await
    }

    /// Adds a revision after the latest one.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the application was withdrawn.
    pub(crate) async fn add_revision(
        &mut self,
        new: &NewRevision,
    ) -> Result<Revision, RegistryError> {
        const ACTION: &str = "add a revision";
        self.ensure_active(ACTION)?;
        let last = self.latest_revision(&new.scope).await?;
        let revision = Revision {
            application: self.record.key.clone(),
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
            attach_at: new.attach_at,
            attached_at: None,
        };
        let text = "INSERT INTO revisions (application_id, scope, revision, digest,
            previous_digest, judged_on, programme, outcome, complete, verdict, inputs, produced_at,
            attach_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        sql(ACTION, text)
            .text(&revision.application)
            .text(&revision.scope)
            .number(revision.revision.into())
            .text(&revision.digest)
            .optional_text(revision.previous_digest.as_deref())
            .optional_date(Some(revision.judged_on))
            .text(&revision.programme)
            .text(&revision.outcome)
            .number(revision.complete.into())
            .text(&revision.verdict)
            .text(&new.inputs.to_text())
            .instant(revision.produced_at)
            .optional_text(revision.attach_at.map(format_instant).as_deref())
            .execute(&mut self.session)
            .await?;
        if revision.scope.is_empty() {
            let text = "UPDATE applications SET programme = $1 WHERE application_id = $2";
            sql(ACTION, text)
                .text(&revision.programme)
                .text(&revision.application)
                .execute(&mut self.session)
                .await?;
        }
        Ok(revision)
    }
}

impl Registry {
    /// Returns revisions judged at or before `older_than` that are not attached and do not wait
    /// until later, oldest first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn unattached_revisions(
        &self,
        page: Page,
        older_than: Timestamp,
    ) -> Result<Listed<Revision>, RegistryError> {
        const TEXT: &str = select!(
            "WHERE attached_at IS NULL AND produced_at <= $1
               AND (attach_at IS NULL OR attach_at <= $1)
             ORDER BY produced_at, application_id, scope, revision LIMIT $2 OFFSET $3"
        );
        let find = sql(READ, TEXT).instant(older_than).page(page);
        let rows = find.fetch_all(TABLE, &mut self.read().await?).await?;
        Ok(Listed::read(&rows, read_revision))
    }

    /// Returns the revisions of an application that are to be attached and are not, in order.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn unattached_revisions_of(
        &self,
        application: &ApplicationKey,
        now: Timestamp,
    ) -> Result<Vec<Revision>, RegistryError> {
        const TEXT: &str = select!(
            "WHERE application_id = $1 AND attached_at IS NULL
               AND (attach_at IS NULL OR attach_at <= $2) ORDER BY scope, revision"
        );
        let find = sql(READ, TEXT).text(application).instant(now);
        find_many(find, &mut self.read().await?).await
    }

    /// Marks a revision as attached. The first instant is kept.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn mark_attached(
        &self,
        application: &ApplicationKey,
        scope: &str,
        revision: u32,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        let text = "UPDATE revisions SET attached_at = $1 WHERE application_id = $2
            AND scope = $3 AND revision = $4 AND attached_at IS NULL";
        sql("mark a revision as attached", text)
            .instant(at)
            .text(application)
            .text(scope)
            .number(revision.into())
            .execute(&mut self.write().await?)
            .await?;
        Ok(())
    }

    /// Returns the latest revision of an application or of one of its documents.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn latest_revision(
        &self,
        application: &ApplicationKey,
        scope: &str,
    ) -> Result<Option<Revision>, RegistryError> {
        find_one(sql(READ, SELECT_LATEST).text(application).text(scope), &mut self.read().await?)
            .await
    }

    /// Returns one revision.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn revision(
        &self,
        application: &ApplicationKey,
        scope: &str,
        revision: u32,
    ) -> Result<Option<Revision>, RegistryError> {
        const TEXT: &str = select!("WHERE application_id = $1 AND scope = $2 AND revision = $3");
        let find = sql(READ, TEXT).text(application).text(scope).number(revision.into());
        find_one(find, &mut self.read().await?).await
    }

    /// Returns all revisions of an application and of its documents, by scope and number.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn revisions(
        &self,
        application: &ApplicationKey,
    ) -> Result<Vec<Revision>, RegistryError> {
        const TEXT: &str = select!("WHERE application_id = $1 ORDER BY scope, revision");
        find_many(sql(READ, TEXT).text(application), &mut self.read().await?).await
    }
}

pub(super) async fn find_one(
    find: Statement,
    session: &mut Session,
) -> Result<Option<Revision>, RegistryError> {
    find.fetch_first(TABLE, session).await?.map(|row| read_revision(&row)).transpose()
}

async fn find_many(find: Statement, session: &mut Session) -> Result<Vec<Revision>, RegistryError> {
    find.fetch_all(TABLE, session).await?.iter().map(read_revision).collect()
}

fn read_revision(row: &Row) -> Result<Revision, RegistryError> {
    Ok(Revision {
        application: row.application()?,
        scope: row.text("scope")?,
        revision: row.count("revision")?,
        digest: row.text("digest")?,
        previous_digest: row.optional_text("previous_digest")?,
        judged_on: row.date("judged_on")?,
        programme: row.text("programme")?,
        outcome: row.text("outcome")?,
        complete: row.flag("complete")?,
        verdict: row.text("verdict")?,
        produced_at: row.instant("produced_at")?,
        attach_at: row.optional_instant("attach_at")?,
        attached_at: row.optional_instant("attached_at")?,
    })
}
