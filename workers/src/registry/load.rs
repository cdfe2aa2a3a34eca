//! Reading the record of an application, and stored examinations.

use jiff::Timestamp;
use pipeline::examination::Examination;

use super::connection::{Dialect, Registry};
use super::error::RegistryError;
use super::examination_rounds::ExaminationRounds;
use super::record::{
    ApplicationRecord, ApplicationState, DocumentRecord, ExaminationState, Schedule,
};
use super::replacements::{Replacement, Replacements};
use super::session::Session;
use super::statement::{Row, format_instant, sql};
use crate::application_key::ApplicationKey;
use crate::object_keys::ExaminationKey;

/// The columns of [`read_record`]; a condition follows.
macro_rules! select_applications {
    () => {
        "SELECT application_id, state, body, received_at, last_activity_at, occurred_at,
                accepted_on, due_on, next_judge_on, next_reminder_on
         FROM applications WHERE "
    };
}
pub(super) use select_applications;

macro_rules! select_application {
    () => {
        concat!(select_applications!(), "application_id = $1")
    };
}

macro_rules! select_state {
    () => {
        "SELECT application_id, state FROM applications
         WHERE application_id = $1 AND ($2 IS NULL OR last_activity_at < $2)"
    };
}

const SELECT_DOCUMENTS: &str = "
    SELECT d.document_id, d.stage, d.body, d.examination_state, d.reason, d.occurred_at,
           d.rounds_requested, d.rounds_completed,
           e.body AS examination
    FROM documents d
    LEFT JOIN examinations e
           ON e.sha256 = d.sha256 AND e.kind = d.kind AND e.examiner = d.examiner
    WHERE d.application_id = $1
    ORDER BY d.position";

const SELECT_REPLACEMENTS: &str = "
    SELECT document_id, replaced_by, occurred_at FROM replacements
    WHERE application_id = $1
    ORDER BY occurred_at, received_at, document_id, replaced_by";

impl Registry {
    /// Returns the record of an application without locking it; none if there is no such record.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn find_application(
        &self,
        application: &ApplicationKey,
    ) -> Result<Option<ApplicationRecord>, RegistryError> {
        load(&mut self.read().await?, select_application!(), application).await
    }

    /// Returns a stored examination, with the text that its file contains.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn find_examination(
        &self,
        key: &ExaminationKey,
    ) -> Result<Option<Examination>, RegistryError> {
        let text = "SELECT e.sha256, e.body, t.body AS text FROM examinations e
            LEFT JOIN examination_texts t
                   ON t.sha256 = e.sha256 AND t.kind = e.kind AND t.examiner = e.examiner
            WHERE e.sha256 = $1 AND e.kind = $2 AND e.examiner = $3";
        let row = sql("find an examination", text)
            .examination_key(key)
            .fetch_first("examinations", &mut self.read().await?)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut examination: Examination = row.json("body")?;
        if let Some(text) = row.optional_json("text")? {
            examination.text = Some(text);
        }
        Ok(Some(examination))
    }
}

/// Locks the row of an application until the transaction ends, and returns its record.
pub(super) async fn load_locked(
    session: &mut Session,
    dialect: Dialect,
    application: &ApplicationKey,
) -> Result<Option<ApplicationRecord>, RegistryError> {
    let text = match dialect {
        Dialect::Postgres => concat!(select_application!(), " FOR UPDATE"),
        Dialect::Sqlite => select_application!(),
    };
    load(session, text, application).await
}

/// Locks the row of an application until the transaction ends, and returns a record of its
/// state alone. No form, document or examination is read, so it works where they cannot be.
pub(super) async fn load_locked_state(
    session: &mut Session,
    dialect: Dialect,
    application: &ApplicationKey,
    before: Option<Timestamp>,
) -> Result<Option<ApplicationRecord>, RegistryError> {
    let text = match dialect {
        Dialect::Postgres => concat!(select_state!(), " FOR UPDATE"),
        Dialect::Sqlite => select_state!(),
    };
    let find = sql("lock an application", text)
        .text(application)
        .optional_text(before.map(format_instant).as_deref());
    let Some(row) = find.fetch_first("applications", session).await? else { return Ok(None) };
    Ok(Some(ApplicationRecord {
        key: application.clone(),
        state: row.word("state", ApplicationState::from_name)?,
        application: None,
        received_at: Timestamp::UNIX_EPOCH,
        last_activity_at: Timestamp::UNIX_EPOCH,
        occurred_at: None,
        schedule: Schedule::default(),
        documents: Vec::new(),
        replacements: Replacements::default(),
    }))
}

async fn load(
    session: &mut Session,
    text: &'static str,
    key: &ApplicationKey,
) -> Result<Option<ApplicationRecord>, RegistryError> {
    let find = sql("read an application", text).text(key);
    let Some(row) = find.fetch_first("applications", session).await? else { return Ok(None) };
    let documents = sql("read documents", SELECT_DOCUMENTS).text(key);
    let documents = documents.fetch_all("documents", session).await?;
    let replacements = load_replacements(session, key).await?;
    let documents = documents.iter().map(|row| read_document(row, &replacements));
    let documents = documents.collect::<Result<_, _>>()?;
    read_record(&row, documents, replacements).map(Some)
}

/// Reads the record of an application whose documents are read.
pub(super) fn read_record(
    row: &Row,
    documents: Vec<DocumentRecord>,
    replacements: Replacements,
) -> Result<ApplicationRecord, RegistryError> {
    let application = row.optional_json("body")?;
    Ok(ApplicationRecord {
        key: row.application()?,
        state: row.word("state", ApplicationState::from_name)?,
        application,
        received_at: row.instant("received_at")?,
        last_activity_at: row.instant("last_activity_at")?,
        occurred_at: row.optional_instant("occurred_at")?,
        schedule: Schedule {
            due_on: row.optional_date("due_on")?,
            accepted_on: row.optional_date("accepted_on")?,
            next_judge_on: row.optional_date("next_judge_on")?,
            next_reminder_on: row.optional_date("next_reminder_on")?,
        },
        documents,
        replacements,
    })
}

async fn load_replacements(session: &mut Session, id: &str) -> Result<Replacements, RegistryError> {
    let rows = sql("read replacements", SELECT_REPLACEMENTS).text(id);
    let rows = rows.fetch_all("replacements", session).await?;
    let ordered = rows.iter().map(read_replacement).collect::<Result<_, _>>()?;
    Ok(Replacements::from_ordered(ordered))
}

pub(super) fn read_replacement(row: &Row) -> Result<Replacement, RegistryError> {
    Ok(Replacement {
        document_id: row.text("document_id")?,
        replaced_by: row.text("replaced_by")?,
        occurred_at: row.instant("occurred_at")?,
    })
}

pub(super) fn read_document(
    row: &Row,
    replacements: &Replacements,
) -> Result<DocumentRecord, RegistryError> {
    Ok(DocumentRecord {
        document: row.json("body")?,
        stage: row.text("stage")?,
        examination: read_examination_state(row)?,
        rounds: ExaminationRounds {
            requested: row.number("rounds_requested")?,
            completed: row.number("rounds_completed")?,
        },
        is_replaced: replacements.is_replaced(&row.text("document_id")?),
        occurred_at: row.optional_instant("occurred_at")?,
    })
}

fn read_examination_state(row: &Row) -> Result<ExaminationState, RegistryError> {
    Ok(match row.text("examination_state")?.as_str() {
        "pending" => ExaminationState::Pending,
        "examined" => ExaminationState::Examined(row.json("examination")?),
        "unavailable" => ExaminationState::Unavailable(row.json("reason")?),
        _ => return Err(row.unknown("examination_state")),
    })
}
