//! Looks: a new command may ask to look at a file again that was examined before.
//!
//! Looks are counted, so that it is known after a crash which of them are still to be
//! made, and so that a worker that fetched the file earlier cannot undo a later look.

use super::error::RegistryError;
use super::lock::LockedApplication;
use super::look_count::Looks;
use super::statement::sql;

impl LockedApplication {
    /// Stores that a command asks to look at a document's file.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the document is unknown or the application was withdrawn.
    pub(crate) async fn ask_for_look(&mut self, document_id: &str) -> Result<(), RegistryError> {
        let looks = self.looks(document_id)?;
        self.put_looks(document_id, Looks { asked: looks.asked + 1, ..looks }).await
    }

    /// Stores that a look was made.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the document is unknown or the application was withdrawn.
    pub(crate) async fn answer_look(
        &mut self,
        document_id: &str,
        look: i64,
    ) -> Result<(), RegistryError> {
        let looks = self.looks(document_id)?;
        let answered = looks.answered.max(look);
        if answered == looks.answered {
            return Ok(());
        }
        self.put_looks(document_id, Looks { answered, ..looks }).await
    }

    fn looks(&self, document_id: &str) -> Result<Looks, RegistryError> {
        let known = self.record.document(document_id);
        known.map(|known| known.looks).ok_or_else(|| {
            RegistryError::internal("count looks at a document", "document is unknown")
        })
    }

    async fn put_looks(&mut self, document_id: &str, looks: Looks) -> Result<(), RegistryError> {
        const ACTION: &str = "count looks at a document";
        self.ensure_active(ACTION)?;
        let text = "UPDATE documents SET looks_asked = $1, looks_answered = $2
            WHERE application_id = $3 AND document_id = $4";
        sql(ACTION, text)
            .number(looks.asked)
            .number(looks.answered)
            .text(&self.record.application_id)
            .text(document_id)
            .execute(&mut self.session)
            .await?;
        if let Some(i) = self.index_of(document_id) {
            self.record.documents[i].looks = looks;
        }
        Ok(())
    }
}
