//! What is written to a locked application.

use jiff::Timestamp;
use pipeline::application::{Application, Document};

use super::deletions;
use super::lock::keyed;
use super::record::{ApplicationRecord, ApplicationState, DocumentRecord, ExaminationState};
use super::replacements::Replacement;
use super::statement::sql;
use super::{LockedApplication, RegistryError, json};
use crate::object_keys::ExaminationKey;

/// What became of the pictures of an examination that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoredPictures {
    /// They are where they were put.
    Present,
    /// They were erased, or were to be.
    Deleted,
}

impl LockedApplication {
    /// Stores what was submitted, and when that was said. Its documents are put one by one.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when it was withdrawn.
    pub(crate) async fn put_application(
        &mut self,
        application: &Application,
        received_at: Timestamp,
        occurred_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const WHAT: &str = "store an application";
        self.ensure_active(WHAT)?;
        let text = "UPDATE applications SET state = 'submitted', stage = $1, body = $2,
            received_at = $3, last_activity_at = $4, occurred_at = $6 WHERE application_id = $5";
        sql(WHAT, text)
            .text(&application.stage)
            .text(&json::application(application))
            .instant(received_at)
            .instant(self.now)
            .text(&self.record.application_id)
            .instant(occurred_at)
            .run(&mut self.session)
            .await?;
        self.record.state = ApplicationState::Submitted;
        self.record.occurred_at = Some(occurred_at);
        self.record.application = Some(application.clone());
        self.record.received_at = received_at;
        self.record.last_activity_at = self.now;
        Ok(())
    }

    /// Stores a document, new or announced again. Another object, hash or kind
    /// under the same id is another file: it is still to be looked at.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the application was withdrawn.
    pub(crate) async fn put_document(
        &mut self,
        document: &Document,
        stage: &str,
        occurred_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const WHAT: &str = "store a document";
        self.ensure_active(WHAT)?;
        let known = self.position(&document.document_id);
        let changed = known.is_some_and(|i| {
            let old = &self.record.documents[i].document;
            (&old.object, &old.file, &old.sha256, old.kind)
                != (&document.object, &document.file, &document.sha256, document.kind)
        });
        // positions are given under the lock, and documents are never taken out
        let position = known.unwrap_or(self.record.documents.len());
        let text =
            "INSERT INTO documents (application_id, document_id, position, stage, body, examination_state, occurred_at)
            VALUES ($1, $2, $3, $4, $5, 'pending', $6)
            ON CONFLICT (application_id, document_id)
            DO UPDATE SET stage = $4, body = $5, occurred_at = $6";
        sql(WHAT, text)
            .text(&self.record.application_id)
            .text(&document.document_id)
            .number(position as i64)
            .text(stage)
            .text(&json::document(document))
            .instant(occurred_at)
            .run(&mut self.session)
            .await?;
        match known {
            Some(i) => {
                self.record.documents[i].document = document.clone();
                stage.clone_into(&mut self.record.documents[i].stage);
                self.record.documents[i].occurred_at = Some(occurred_at);
            }
            None => {
                let is_replaced = self.record.replacements.is_replaced(&document.document_id);
                self.record.documents.push(DocumentRecord {
                    document: document.clone(),
                    stage: stage.to_owned(),
                    examination: ExaminationState::Pending,
                    is_replaced,
                    occurred_at: Some(occurred_at),
                });
            }
        }
        if changed {
            return self
                .put_examination_state(&document.document_id, &ExaminationState::Pending)
                .await
                .map(drop);
        }
        self.touch().await
    }

    /// Holds an examination that was made before, until this is committed.
    /// False where it was erased meanwhile.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn lock_examination(
        &mut self,
        key: &ExaminationKey,
    ) -> Result<bool, RegistryError> {
        let text = "UPDATE examinations SET sha256 = sha256
            WHERE sha256 = $1 AND kind = $2 AND examiner = $3";
        let held = keyed(sql("hold an examination", text), key).run(&mut self.session).await?;
        Ok(held > 0)
    }

    /// Stores what became of a document's file. An examination is stored under
    /// its key; one that is there already stays, and is what the document rests
    /// on from now on. Its pictures may have been erased after they were written:
    /// the caller is told, and writes them again before it commits.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the document is not known or the application was withdrawn.
    pub(crate) async fn put_examination_state(
        &mut self,
        document_id: &str,
        seen: &ExaminationState,
    ) -> Result<StoredPictures, RegistryError> {
        const WHAT: &str = "store what was seen";
        self.ensure_active(WHAT)?;
        let Some(i) = self.position(document_id) else {
            return Err(RegistryError::internal(WHAT, "no such document"));
        };
        let mut key = None;
        let mut reason = None;
        let mut pictures = StoredPictures::Present;
        let mut seen = seen.clone();
        match &mut seen {
            ExaminationState::Pending => {}
            ExaminationState::Examined(examination) => {
                let of = ExaminationKey::from_examination(examination);
                // held in order, as whoever erases holds them
                if let ExaminationState::Examined(former) = &self.record.documents[i].examination {
                    let former = ExaminationKey::from_examination(former);
                    if former < of {
                        self.lock_examination(&former).await?;
                    }
                }
                // an update of nothing, so that the row is held: whoever erases
                // it now waits, and then finds this document
                let text = "INSERT INTO examinations (sha256, kind, examiner, body, stored_at)
                    VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (sha256, kind, examiner) DO UPDATE SET sha256 = excluded.sha256
                    RETURNING sha256, body";
                let row = keyed(sql(WHAT, text), &of)
                    .text(&json::text(examination))
                    .instant(self.now)
                    .first("examinations", &mut self.session)
                    .await?;
                let row = row.ok_or_else(|| RegistryError::internal(WHAT, "nothing was stored"))?;
                *examination = json::read(&row.text("body")?).ok_or_else(|| row.corrupt("body"))?;
                if deletions::cancel_deletion(&mut self.session, &of).await? {
                    pictures = StoredPictures::Deleted;
                }
                key = Some(of);
            }
            ExaminationState::Unavailable(why) => reason = Some(json::text(why)),
        }
        self.keep_former(i, key.as_ref()).await?;
        let text = "UPDATE documents
            SET examination_state = $1, reason = $2, sha256 = $3, kind = $4, examiner = $5
            WHERE application_id = $6 AND document_id = $7";
        sql(WHAT, text)
            .text(seen.name())
            .maybe(reason.as_deref())
            .maybe(key.as_ref().map(|key| key.sha256.as_str()))
            .maybe(key.as_ref().map(|key| key.kind.name()))
            .maybe(key.as_ref().map(|key| key.examiner.as_str()))
            .text(&self.record.application_id)
            .text(document_id)
            .run(&mut self.session)
            .await?;
        self.record.documents[i].examination = seen;
        self.touch().await?;
        Ok(pictures)
    }

    /// Earlier verdicts rest on what the document was: it goes when the application does.
    async fn keep_former(
        &mut self,
        i: usize,
        now: Option<&ExaminationKey>,
    ) -> Result<(), RegistryError> {
        let ExaminationState::Examined(former) = &self.record.documents[i].examination else {
            return Ok(());
        };
        let former = ExaminationKey::from_examination(former);
        if Some(&former) == now {
            return Ok(());
        }
        let text = "INSERT INTO former_examinations (sha256, kind, examiner, application_id)
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        let keep = keyed(sql("keep a former examination", text), &former);
        keep.text(&self.record.application_id).run(&mut self.session).await?;
        Ok(())
    }

    /// Says that a document no longer counts because another stands in its
    /// place, or in that of what took it. Either may be heard of later, and what
    /// was said before what is known counts before it.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the application was withdrawn.
    pub(crate) async fn put_replacement(
        &mut self,
        document_id: &str,
        replaced_by: &str,
        occurred_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const WHAT: &str = "replace a document";
        self.ensure_active(WHAT)?;
        let text =
            "INSERT INTO replacements (application_id, document_id, replaced_by, occurred_at, received_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (application_id, document_id, replaced_by)
            DO UPDATE SET occurred_at = excluded.occurred_at, received_at = excluded.received_at
            WHERE replacements.occurred_at <= excluded.occurred_at";
        sql(WHAT, text)
            .text(&self.record.application_id)
            .text(document_id)
            .text(replaced_by)
            .instant(occurred_at)
            .instant(self.now)
            .run(&mut self.session)
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
        self.touch().await
    }

    pub(super) fn position(&self, document_id: &str) -> Option<usize> {
        self.record.documents.iter().position(|d| d.document.document_id == document_id)
    }

    /// What retention counts from: news of the application, not our judging again.
    async fn touch(&mut self) -> Result<(), RegistryError> {
        let text = "UPDATE applications SET last_activity_at = $1 WHERE application_id = $2";
        sql("touch an application", text)
            .instant(self.now)
            .text(&self.record.application_id)
            .run(&mut self.session)
            .await?;
        self.record.last_activity_at = self.now;
        Ok(())
    }
}
