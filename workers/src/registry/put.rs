//! What is written to a locked application.

use jiff::Timestamp;
use pipeline::application::{Application, Document};

use super::erasures;
use super::lock::keyed;
use super::records::{DocumentRecord, Record, SeenRecord, State};
use super::sql::sql;
use super::succession::Replacement;
use super::{ExaminationKey, Locked, RegistryError, json};

/// What became of the pictures of an examination that is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pictures {
    /// They are where they were put.
    Kept,
    /// They were erased, or were to be.
    Erased,
}

impl Locked {
    /// Stores what was submitted, and when that was said. Its documents are put one by one.
    ///
    /// # Errors
    /// `Unavailable`; `Ours` when it was withdrawn.
    pub(crate) async fn put_application(
        &mut self,
        application: &Application,
        received_at: Timestamp,
        said_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const WHAT: &str = "store an application";
        self.living(WHAT)?;
        let text = "UPDATE applications SET state = 'submitted', stage = $1, body = $2,
            received_at = $3, touched_at = $4, said_at = $6 WHERE application_id = $5";
        sql(WHAT, text)
            .text(&application.stage)
            .text(&json::application(application))
            .instant(received_at)
            .instant(self.now)
            .text(&self.record.application_id)
            .instant(said_at)
            .run(&mut self.session)
            .await?;
        self.record.state = State::Submitted;
        self.record.said_at = Some(said_at);
        self.record.application = Some(application.clone());
        self.record.received_at = received_at;
        self.record.touched_at = self.now;
        Ok(())
    }

    /// Stores a document, new or announced again. Another object, hash or kind
    /// under the same id is another file: it is still to be looked at.
    ///
    /// # Errors
    /// `Unavailable`; `Ours` when the application was withdrawn.
    pub(crate) async fn put_document(
        &mut self,
        document: &Document,
        stage: &str,
        said_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const WHAT: &str = "store a document";
        self.living(WHAT)?;
        let known = self.position(&document.document_id);
        let changed = known.is_some_and(|i| {
            let old = &self.record.documents[i].document;
            (&old.object, &old.file, &old.sha256, old.kind)
                != (&document.object, &document.file, &document.sha256, document.kind)
        });
        // positions are given under the lock, and documents are never taken out
        let position = known.unwrap_or(self.record.documents.len());
        let text =
            "INSERT INTO documents (application_id, document_id, position, stage, body, seen, said_at)
            VALUES ($1, $2, $3, $4, $5, 'expected', $6)
            ON CONFLICT (application_id, document_id)
            DO UPDATE SET stage = $4, body = $5, said_at = $6";
        sql(WHAT, text)
            .text(&self.record.application_id)
            .text(&document.document_id)
            .number(position as i64)
            .text(stage)
            .text(&json::document(document))
            .instant(said_at)
            .run(&mut self.session)
            .await?;
        match known {
            Some(i) => {
                self.record.documents[i].document = document.clone();
                stage.clone_into(&mut self.record.documents[i].stage);
                self.record.documents[i].said_at = Some(said_at);
            }
            None => {
                let replaced = self.record.succession.is_replaced(&document.document_id);
                self.record.documents.push(DocumentRecord {
                    document: document.clone(),
                    stage: stage.to_owned(),
                    seen: SeenRecord::Expected,
                    replaced,
                    said_at: Some(said_at),
                });
            }
        }
        if changed {
            return self.put_seen(&document.document_id, &SeenRecord::Expected).await.map(drop);
        }
        self.touch().await
    }

    /// Holds an examination that was made before, until this is committed.
    /// False where it was erased meanwhile.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn hold(&mut self, key: &ExaminationKey) -> Result<bool, RegistryError> {
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
    /// `Unavailable`; `Ours` when the document is not known or the application was withdrawn.
    pub(crate) async fn put_seen(
        &mut self,
        document_id: &str,
        seen: &SeenRecord,
    ) -> Result<Pictures, RegistryError> {
        const WHAT: &str = "store what was seen";
        self.living(WHAT)?;
        let Some(i) = self.position(document_id) else {
            return Err(RegistryError::ours(WHAT, "no such document"));
        };
        let mut key = None;
        let mut reason = None;
        let mut pictures = Pictures::Kept;
        let mut seen = seen.clone();
        match &mut seen {
            SeenRecord::Expected => {}
            SeenRecord::Examined(examination) => {
                let of = ExaminationKey::of(examination);
                // held in order, as whoever erases holds them
                if let SeenRecord::Examined(former) = &self.record.documents[i].seen {
                    let former = ExaminationKey::of(former);
                    if former < of {
                        self.hold(&former).await?;
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
                let row = row.ok_or_else(|| RegistryError::ours(WHAT, "nothing was stored"))?;
                *examination = json::read(&row.text("body")?).ok_or_else(|| row.corrupt("body"))?;
                if erasures::call_off(&mut self.session, &of).await? {
                    pictures = Pictures::Erased;
                }
                key = Some(of);
            }
            SeenRecord::Missing(why) => reason = Some(json::text(why)),
        }
        self.keep_former(i, key.as_ref()).await?;
        let text = "UPDATE documents
            SET seen = $1, reason = $2, sha256 = $3, kind = $4, examiner = $5
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
        self.record.documents[i].seen = seen;
        self.touch().await?;
        Ok(pictures)
    }

    /// Earlier verdicts rest on what the document was: it goes when the application does.
    async fn keep_former(
        &mut self,
        i: usize,
        now: Option<&ExaminationKey>,
    ) -> Result<(), RegistryError> {
        let SeenRecord::Examined(former) = &self.record.documents[i].seen else { return Ok(()) };
        let former = ExaminationKey::of(former);
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
    /// `Unavailable`; `Ours` when the application was withdrawn.
    pub(crate) async fn put_replacement(
        &mut self,
        replaced: &str,
        by: &str,
        said_at: Timestamp,
    ) -> Result<(), RegistryError> {
        const WHAT: &str = "replace a document";
        self.living(WHAT)?;
        let text =
            "INSERT INTO replacements (application_id, document_id, replaced_by, said_at, heard_at)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (application_id, document_id, replaced_by)
            DO UPDATE SET said_at = excluded.said_at, heard_at = excluded.heard_at
            WHERE replacements.said_at <= excluded.said_at";
        sql(WHAT, text)
            .text(&self.record.application_id)
            .text(replaced)
            .text(by)
            .instant(said_at)
            .instant(self.now)
            .run(&mut self.session)
            .await?;
        let Record { succession, documents, .. } = &mut self.record;
        succession.hear(Replacement { replaced: replaced.to_owned(), by: by.to_owned(), said_at });
        for known in documents {
            known.replaced = succession.is_replaced(&known.document.document_id);
        }
        self.touch().await
    }

    pub(super) fn position(&self, document_id: &str) -> Option<usize> {
        self.record.documents.iter().position(|d| d.document.document_id == document_id)
    }

    /// What retention counts from: news of the application, not our judging again.
    async fn touch(&mut self) -> Result<(), RegistryError> {
        let text = "UPDATE applications SET touched_at = $1 WHERE application_id = $2";
        sql("touch an application", text)
            .instant(self.now)
            .text(&self.record.application_id)
            .run(&mut self.session)
            .await?;
        self.record.touched_at = self.now;
        Ok(())
    }
}
