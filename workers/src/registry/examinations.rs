//! Examinations: stored by key, shared by every document with the same file.
//!
//! The row of an examination and the deletion of its pictures exclude each
//! other: both change only while the row is locked. A transaction that stores an
//! examination therefore learns whether its pictures were deleted after they
//! were written.

use super::deletions::cancel_deletion;
use super::error::RegistryError;
use super::json;
use super::lock::LockedApplication;
use super::record::ExaminationState;
use super::statement::sql;
use crate::object_keys::ExaminationKey;

/// Whether the pictures of a stored examination are in the object store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoredPictures {
    /// They are there.
    Present,
    /// They were deleted, or their deletion was requested: write them again.
    Deleted,
}

impl LockedApplication {
    /// Locks the row of an earlier examination until commit. False where it was deleted.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn lock_examination(
        &mut self,
        key: &ExaminationKey,
    ) -> Result<bool, RegistryError> {
        // an update without a change locks the row in both databases
        let text = "UPDATE examinations SET sha256 = sha256
            WHERE sha256 = $1 AND kind = $2 AND examiner = $3";
        let lock = sql("lock an examination", text).examination_key(key);
        Ok(lock.execute(&mut self.session).await? > 0)
    }

    /// Stores the state of a document's examination. An examination is stored
    /// under its key; if one is stored there already, the document takes that
    /// one. Where its pictures were deleted after they were written, the caller
    /// writes them again before it commits.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the document is unknown or the application was withdrawn.
    pub(crate) async fn put_examination_state(
        &mut self,
        document_id: &str,
        state: &ExaminationState,
    ) -> Result<StoredPictures, RegistryError> {
        const ACTION: &str = "store the state of an examination";
        self.ensure_active(ACTION)?;
        let Some(i) = self.index_of(document_id) else {
            return Err(RegistryError::internal(ACTION, "document is unknown"));
        };
        let mut state = state.clone();
        let (key, pictures) = self.store_examination(i, &mut state).await?;
        let reason = match &state {
            ExaminationState::Unavailable(reason) => Some(json::to_text(reason)),
            ExaminationState::Pending | ExaminationState::Examined(_) => None,
        };
        self.keep_former_examination(i, key.as_ref()).await?;
        let text = "UPDATE documents
            SET examination_state = $1, reason = $2, sha256 = $3, kind = $4, examiner = $5
            WHERE application_id = $6 AND document_id = $7";
        sql(ACTION, text)
            .text(state.name())
            .optional_text(reason.as_deref())
            .optional_text(key.as_ref().map(|key| key.sha256.as_str()))
            .optional_text(key.as_ref().map(|key| key.kind.name()))
            .optional_text(key.as_ref().map(|key| key.examiner.as_str()))
            .text(&self.record.key)
            .text(document_id)
            .execute(&mut self.session)
            .await?;
        self.record.documents[i].examination = state;
        self.record_activity().await?;
        Ok(pictures)
    }

    /// Stores the examination of document `i`, if there is one, and replaces it
    /// by the one that is stored under its key already. The text that the file contains is
    /// stored apart: the record of an application never has it.
    async fn store_examination(
        &mut self,
        i: usize,
        state: &mut ExaminationState,
    ) -> Result<(Option<ExaminationKey>, StoredPictures), RegistryError> {
        const ACTION: &str = "store an examination";
        let ExaminationState::Examined(examination) = state else {
            return Ok((None, StoredPictures::Present));
        };
        let key = ExaminationKey::from_examination(examination);
        // rows are locked in the order of their keys, as a deletion locks them
        if let ExaminationState::Examined(former) = &self.record.documents[i].examination {
            let former = ExaminationKey::from_examination(former);
            if former < key {
                self.lock_examination(&former).await?;
            }
        }
        // the update without a change locks the row: a concurrent deletion
        // waits, and then finds this document
        let text = "INSERT INTO examinations (sha256, kind, examiner, body, stored_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (sha256, kind, examiner) DO UPDATE SET sha256 = excluded.sha256
            RETURNING sha256, body";
        let own_text = examination.text.take();
        let row = sql(ACTION, text)
            .examination_key(&key)
            .text(&json::to_text(examination))
            .instant(self.now)
            .fetch_first("examinations", &mut self.session)
            .await?;
        let row = row.ok_or_else(|| RegistryError::internal(ACTION, "no row was returned"))?;
        *examination = row.json("body")?;
        if let Some(own_text) = own_text {
            let text = "INSERT INTO examination_texts (sha256, kind, examiner, body)
                VALUES ($1, $2, $3, $4) ON CONFLICT (sha256, kind, examiner) DO NOTHING";
            let body = json::to_text(&own_text);
            let insert = sql(ACTION, text).examination_key(&key).text(&body);
            insert.execute(&mut self.session).await?;
        }
        let pictures = match cancel_deletion(&mut self.session, &key).await? {
            true => StoredPictures::Deleted,
            false => StoredPictures::Present,
        };
        Ok((Some(key), pictures))
    }

    /// Keeps the former examination of document `i` for as long as the
    /// application: earlier verdicts are based on it.
    async fn keep_former_examination(
        &mut self,
        i: usize,
        current: Option<&ExaminationKey>,
    ) -> Result<(), RegistryError> {
        let ExaminationState::Examined(former) = &self.record.documents[i].examination else {
            return Ok(());
        };
        let former = ExaminationKey::from_examination(former);
        if Some(&former) == current {
            return Ok(());
        }
        let text = "INSERT INTO former_examinations (sha256, kind, examiner, application_id)
            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        sql("keep a former examination", text)
            .examination_key(&former)
            .text(&self.record.key)
            .execute(&mut self.session)
            .await?;
        Ok(())
    }
}
