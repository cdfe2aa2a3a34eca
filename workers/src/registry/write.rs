//! Writing to a locked application: its form, its documents and its schedule.

use jiff::Timestamp;
use pipeline::application::{Application, Document};

use super::error::RegistryError;
use super::examination_rounds::ExaminationRounds;
use super::json;
use super::lock::LockedApplication;
use super::record::{
    ApplicationRecord, ApplicationState, DocumentRecord, ExaminationState, Schedule,
};
use super::replacements::Replacement;
use super::statement::sql;

impl LockedApplication {
    /// Stores the submitted application and the time of its command, without its documents.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when it was withdrawn.
    pub(crate) async fn put_application(
        &mut self,
        application: &Application,
        received_at: Timestamp,
        occurred_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const ACTION: &str = "store an application";
        self.ensure_active(ACTION)?;
        let text = "UPDATE applications SET state = 'submitted', stage = $1, body = $2,
            received_at = $3, last_activity_at = $4, occurred_at = $6 WHERE application_id = $5";
        sql(ACTION, text)
            .text(&application.stage)
            .text(&json::from_application(application))
            .instant(received_at)
            .instant(self.now)
            .text(&self.record.key)
            .instant(occurred_at)
            .execute(&mut self.session)
            .await?;
        self.record.state = ApplicationState::Submitted;
        self.record.occurred_at = Some(occurred_at);
        self.record.application = Some(application.clone());
        self.record.received_at = received_at;
        self.record.last_activity_at = self.now;
        Ok(())
    }

    /// Stores a document, new or announced again. With another object, hash or
    /// kind it is another file, and its examination is pending again.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the application was withdrawn.
    pub(crate) async fn put_document(
        &mut self,
        document: &Document,
        stage: &str,
        occurred_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const ACTION: &str = "store a document";
        self.ensure_active(ACTION)?;
        let known = self.index_of(&document.document_id);
        // positions are assigned under the lock, and documents are never removed
        let position = known.unwrap_or(self.record.documents.len());
        let text = "INSERT INTO documents
            (application_id, document_id, position, stage, body, examination_state, occurred_at)
            VALUES ($1, $2, $3, $4, $5, 'pending', $6)
            ON CONFLICT (application_id, document_id)
            DO UPDATE SET stage = $4, body = $5, occurred_at = $6";
        sql(ACTION, text)
            .text(&self.record.key)
            .text(&document.document_id)
            .number(position as i64)
            .text(stage)
            .text(&json::from_document(document))
            .instant(occurred_at)
            .execute(&mut self.session)
            .await?;
        let Some(i) = known else {
            let is_replaced = self.record.replacements.is_replaced(&document.document_id);
            self.record.documents.push(DocumentRecord {
                document: document.clone(),
                stage: stage.to_owned(),
                examination: ExaminationState::Pending,
                rounds: ExaminationRounds::default(),
                is_replaced,
                occurred_at: Some(occurred_at),
            });
            return self.record_activity().await;
        };
        let record = &mut self.record.documents[i];
        let is_other_file = !is_same_file(&record.document, document);
        record.document = document.clone();
        stage.clone_into(&mut record.stage);
        record.occurred_at = Some(occurred_at);
        if is_other_file {
            let pending = ExaminationState::Pending;
            return self.put_examination_state(&document.document_id, &pending).await.map(drop);
        }
        self.record_activity().await
    }

    /// Stores that a document no longer counts because another replaces it, or
    /// replaces the document that counts in its place. Both may still be
    /// unknown. Replacements count in the order of their commands.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the application was withdrawn.
    pub(crate) async fn put_replacement(
        &mut self,
        document_id: &str,
        replaced_by: &str,
        occurred_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const ACTION: &str = "store a replacement";
        self.ensure_active(ACTION)?;
        let text = "INSERT INTO replacements
            (application_id, document_id, replaced_by, occurred_at, received_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (application_id, document_id, replaced_by)
            DO UPDATE SET occurred_at = excluded.occurred_at, received_at = excluded.received_at
            WHERE replacements.occurred_at <= excluded.occurred_at";
        sql(ACTION, text)
            .text(&self.record.key)
            .text(document_id)
            .text(replaced_by)
            .instant(occurred_at)
            .instant(self.now)
            .execute(&mut self.session)
            .await?;
        let ApplicationRecord { replacements, documents, .. } = &mut self.record;
        replacements.add(Replacement {
            document_id: document_id.to_owned(),
            replaced_by: replaced_by.to_owned(),
            occurred_at,
        });
        for known in documents {
            known.is_replaced = replacements.is_replaced(&known.document.document_id);
        }
        self.record_activity().await
    }

    /// Sets the days on which the application needs attention; those that are
    /// absent are cleared.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when it was withdrawn.
    pub(crate) async fn set_schedule(&mut self, schedule: &Schedule) -> Result<(), RegistryError> {
        const ACTION: &str = "schedule an application";
        self.ensure_active(ACTION)?;
        let text = "UPDATE applications SET due_on = $1, accepted_on = $2, next_judge_on = $3,
            next_reminder_on = $4 WHERE application_id = $5";
        sql(ACTION, text)
            .optional_date(schedule.due_on)
            .optional_date(schedule.accepted_on)
            .optional_date(schedule.next_judge_on)
            .optional_date(schedule.next_reminder_on)
            .text(&self.record.key)
            .execute(&mut self.session)
            .await?;
        self.record.schedule = schedule.clone();
        Ok(())
    }

    pub(super) fn index_of(&self, document_id: &str) -> Option<usize> {
        self.record.documents.iter().position(|d| d.document.document_id == document_id)
    }

    /// Sets the time that retention counts from. Judging again is not activity.
    pub(super) async fn record_activity(&mut self) -> Result<(), RegistryError> {
        let text = "UPDATE applications SET last_activity_at = $1 WHERE application_id = $2";
        sql("record activity of an application", text)
            .instant(self.now)
            .text(&self.record.key)
            .execute(&mut self.session)
            .await?;
        self.record.last_activity_at = self.now;
        Ok(())
    }
}

fn is_same_file(known: &Document, document: &Document) -> bool {
    (&known.object, &known.file, &known.sha256, known.kind)
        == (&document.object, &document.file, &document.sha256, document.kind)
}
