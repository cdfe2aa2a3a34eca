//! One application, held while it changes.

use jiff::Timestamp;

use super::applications::Schedule;
use super::audit::{self, AuditEntry};
use super::record::{ApplicationRecord, ApplicationState, DocumentRecord, ExaminationState};
use super::replacements::{Replacement, Replacements};
use super::session::Session;
use super::statement::{Row, Sql, sql};
use super::{Dialect, Registry, RegistryError, json};
use crate::object_keys::ExaminationKey;

/// A transaction that holds one application's row. Dropped, it rolls back.
pub(crate) struct LockedApplication {
    pub(super) session: Session,
    pub(super) record: ApplicationRecord,
    pub(super) now: Timestamp,
    audit: Vec<AuditEntry>,
    /// Set when personal data was erased: SQLite's journal still holds it.
    pub(super) erased: bool,
    pub(super) dialect: Dialect,
}

macro_rules! application {
    () => {
        "SELECT application_id, state, body, received_at, last_activity_at, occurred_at,
                accepted_on, due_on, next_judge_on, next_reminder_on
         FROM applications WHERE application_id = $1"
    };
}

const DOCUMENTS: &str = "
    SELECT d.document_id, d.stage, d.body, d.examination_state, d.reason, d.occurred_at, e.body AS examination
    FROM documents d
    LEFT JOIN examinations e
           ON e.sha256 = d.sha256 AND e.kind = d.kind AND e.examiner = d.examiner
    WHERE d.application_id = $1
    ORDER BY d.position";

const REPLACEMENTS: &str = "
    SELECT document_id, replaced_by, occurred_at FROM replacements
    WHERE application_id = $1
    ORDER BY occurred_at, received_at, document_id, replaced_by";

impl Registry {
    /// Begins a transaction, makes the application's row if absent, waits for
    /// it, and reads what is known.
    ///
    /// # Errors
    /// `Unavailable`, also when another holds it for ten seconds; `Corrupt`.
    pub(crate) async fn lock(
        &self,
        application_id: &str,
        now: Timestamp,
    ) -> Result<LockedApplication, RegistryError> {
        let mut session = self.begin().await?;
        let expect =
            "INSERT INTO applications (application_id, state, received_at, last_activity_at)
            VALUES ($1, 'expected', $2, $2) ON CONFLICT (application_id) DO NOTHING";
        sql("expect an application", expect)
            .text(application_id)
            .instant(now)
            .run(&mut session)
            .await?;
        let text = match self.dialect {
            Dialect::Postgres => concat!(application!(), " FOR UPDATE"),
            Dialect::Sqlite => application!(),
        };
        let record = load(&mut session, text, application_id).await?;
        let record =
            record.ok_or_else(|| RegistryError::internal("lock an application", "gone"))?;
        let audit = Vec::new();
        Ok(LockedApplication { session, record, now, audit, erased: false, dialect: self.dialect })
    }

    /// What is known of an application, without holding it; none if nothing is.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn find_application(
        &self,
        application_id: &str,
    ) -> Result<Option<ApplicationRecord>, RegistryError> {
        load(&mut self.read().await?, application!(), application_id).await
    }

    /// What was seen in these bytes, if they were examined before.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn find_examination(
        &self,
        key: &ExaminationKey,
    ) -> Result<Option<pipeline::examination::Examination>, RegistryError> {
        let text = "SELECT sha256, body FROM examinations
            WHERE sha256 = $1 AND kind = $2 AND examiner = $3";
        let find = keyed(sql("look for an examination", text), key);
        let row = find.first("examinations", &mut self.read().await?).await?;
        row.map(|row| json::read(&row.text("body")?).ok_or_else(|| row.corrupt("body"))).transpose()
    }
}

impl LockedApplication {
    /// What is known, with what this transaction changed.
    #[must_use]
    pub(crate) fn record(&self) -> &ApplicationRecord {
        &self.record
    }

    /// Notes who did what; written when this is committed.
    ///
    /// # Errors
    /// None yet.
    pub(crate) async fn audit(&mut self, entry: &AuditEntry) -> Result<(), RegistryError> {
        self.audit.push(entry.clone());
        Ok(())
    }

    pub(super) fn note(&mut self, entry: AuditEntry) {
        self.audit.push(entry);
    }

    /// Makes it so.
    ///
    /// # Errors
    /// `Unavailable`: it may have happened or not; ask again.
    pub(crate) async fn commit(mut self) -> Result<(), RegistryError> {
        // the chain's lock comes last: whoever waits for it holds an
        // application, and whoever holds it waits for nothing
        audit::append(&mut self.session, self.dialect, self.now, &self.audit).await?;
        if self.erased && self.dialect == Dialect::Sqlite {
            return self.session.commit_and_clear_journal().await;
        }
        self.session.commit().await
    }

    /// Nothing is written to an erased application.
    pub(super) fn ensure_active(&self, what: &'static str) -> Result<(), RegistryError> {
        match self.record.state {
            ApplicationState::Withdrawn => {
                Err(RegistryError::internal(what, "application was withdrawn"))
            }
            ApplicationState::Expected | ApplicationState::Submitted => Ok(()),
        }
    }
}

pub(super) fn keyed(statement: Sql, key: &ExaminationKey) -> Sql {
    statement.text(&key.sha256).text(key.kind.name()).text(&key.examiner)
}

async fn load(
    session: &mut Session,
    text: &'static str,
    id: &str,
) -> Result<Option<ApplicationRecord>, RegistryError> {
    let row = sql("lock an application", text).text(id).first("applications", session).await?;
    let Some(row) = row else { return Ok(None) };
    let application = row.maybe("body")?;
    let application =
        application.map(|text| json::read(&text).ok_or_else(|| row.corrupt("body"))).transpose()?;
    let rows = sql("read documents", DOCUMENTS).text(id).all("documents", session).await?;
    let said = sql("read replacements", REPLACEMENTS).text(id).all("replacements", session).await?;
    let replacements =
        Replacements::from_ordered(said.iter().map(replacement).collect::<Result<_, _>>()?);
    Ok(Some(ApplicationRecord {
        application_id: row.text("application_id")?,
        state: ApplicationState::from_name(&row.text("state")?)
            .ok_or_else(|| row.corrupt("state"))?,
        application,
        received_at: row.instant("received_at")?,
        last_activity_at: row.instant("last_activity_at")?,
        occurred_at: row.maybe_instant("occurred_at")?,
        schedule: Schedule {
            due_on: row.maybe_date("due_on")?,
            accepted_on: row.maybe_date("accepted_on")?,
            next_judge_on: row.maybe_date("next_judge_on")?,
            next_reminder_on: row.maybe_date("next_reminder_on")?,
        },
        documents: rows.iter().map(|row| document(row, &replacements)).collect::<Result<_, _>>()?,
        replacements,
    }))
}

fn replacement(row: &Row) -> Result<Replacement, RegistryError> {
    Ok(Replacement {
        document_id: row.text("document_id")?,
        replaced_by: row.text("replaced_by")?,
        occurred_at: row.instant("occurred_at")?,
    })
}

fn document(row: &Row, replacements: &Replacements) -> Result<DocumentRecord, RegistryError> {
    Ok(DocumentRecord {
        document: json::read(&row.text("body")?).ok_or_else(|| row.corrupt("body"))?,
        stage: row.text("stage")?,
        examination: seen(row)?,
        is_replaced: replacements.is_replaced(&row.text("document_id")?),
        occurred_at: row.maybe_instant("occurred_at")?,
    })
}

fn seen(row: &Row) -> Result<ExaminationState, RegistryError> {
    fn held<T: serde::de::DeserializeOwned>(
        row: &Row,
        column: &'static str,
    ) -> Result<T, RegistryError> {
        row.maybe(column)?.and_then(|text| json::read(&text)).ok_or_else(|| row.corrupt(column))
    }
    Ok(match row.text("examination_state")?.as_str() {
        "pending" => ExaminationState::Pending,
        "examined" => ExaminationState::Examined(held(row, "examination")?),
        "unavailable" => ExaminationState::Unavailable(held(row, "reason")?),
        _ => return Err(row.corrupt("examination_state")),
    })
}
