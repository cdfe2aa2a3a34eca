//! Rounds: a new command may request that a file be examined again.
//!
//! Rounds are counted, so that it is known after a crash which of them are still to be
//! made, and so that a worker that fetched the file earlier cannot undo a later round.

use super::error::RegistryError;
use super::examination_rounds::ExaminationRounds;
use super::lock::LockedApplication;
use super::statement::sql;

impl LockedApplication {
    /// Stores that a command requests another round for a document's file.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the document is unknown or the application was withdrawn.
    pub(crate) async fn request_round(&mut self, document_id: &str) -> Result<(), RegistryError> {
        let rounds = self.rounds(document_id)?;
        let requested = rounds.requested + 1;
        self.put_rounds(document_id, ExaminationRounds { requested, ..rounds }).await
    }

    /// Stores that a round is completed.
    ///
    /// # Errors
    /// `Unavailable`; `Internal` when the document is unknown or the application was withdrawn.
    pub(crate) async fn complete_round(
        &mut self,
        document_id: &str,
        round: i64,
    ) -> Result<(), RegistryError> {
        let rounds = self.rounds(document_id)?;
        let completed = rounds.completed.max(round);
        if completed == rounds.completed {
            return Ok(());
        }
        self.put_rounds(document_id, ExaminationRounds { completed, ..rounds }).await
    }

    /// Stores that no round is due any more: none succeeded.
    ///
    /// # Errors
    /// As [`Self::complete_round`].
    pub(crate) async fn complete_rounds(&mut self, document_id: &str) -> Result<(), RegistryError> {
        let requested = self.rounds(document_id)?.requested;
        self.complete_round(document_id, requested).await
    }

    fn rounds(&self, document_id: &str) -> Result<ExaminationRounds, RegistryError> {
        let known = self.record.document(document_id);
        known.map(|known| known.rounds).ok_or_else(|| {
            RegistryError::internal("count rounds of a document", "document is unknown")
        })
    }

    async fn put_rounds(
        &mut self,
        document_id: &str,
        rounds: ExaminationRounds,
    ) -> Result<(), RegistryError> {
        const ACTION: &str = "count rounds of a document";
        self.ensure_active(ACTION)?;
        let text = "UPDATE documents SET rounds_requested = $1, rounds_completed = $2
            WHERE application_id = $3 AND document_id = $4";
        sql(ACTION, text)
            .number(rounds.requested)
            .number(rounds.completed)
            .text(&self.record.key)
            .text(document_id)
            .execute(&mut self.session)
            .await?;
        if let Some(i) = self.index_of(document_id) {
            self.record.documents[i].rounds = rounds;
        }
        Ok(())
    }
}
