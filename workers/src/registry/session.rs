//! One connection in use, and whether it may be used again.

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::error::RegistryError;
use super::statement::PATIENCE;

/// A connection. Dropped inside a transaction or a statement it is closed, not
/// handed back: the server rolls back, and no later user waits for what was
/// left on the line by a server that no longer answers.
pub(super) struct Session {
    connection: PoolConnection<Any>,
    busy: bool,
    transaction: bool,
    failed: bool,
    /// SQLite has one writer at a time; those of this process queue here, in order.
    _turn: Option<OwnedSemaphorePermit>,
}

impl Session {
    pub(super) fn new(connection: PoolConnection<Any>, turn: Option<OwnedSemaphorePermit>) -> Self {
        Self { connection, busy: false, transaction: false, failed: false, _turn: turn }
    }

    pub(super) async fn within<T>(
        &mut self,
        what: &'static str,
        run: impl AsyncFnOnce(&mut AnyConnection) -> sqlx::Result<T>,
    ) -> Result<T, RegistryError> {
        self.busy = true;
        let failed_before = std::mem::replace(&mut self.failed, true);
        let Ok(done) = timeout(PATIENCE, run(&mut self.connection)).await else {
            return Err(RegistryError::unavailable(what, "no answer in time"));
        };
        // an answer of the database leaves the line clear, a broken line does not
        self.busy = matches!(&done, Err(error) if error.as_database_error().is_none());
        self.failed = self.transaction && (failed_before || done.is_err());
        done.map_err(|error| RegistryError::from_sqlx(what, &error))
    }

    pub(super) async fn begin(&mut self, text: &'static str) -> Result<(), RegistryError> {
        self.transaction = true;
        self.raw("begin a transaction", text).await
    }

    pub(super) async fn commit(mut self) -> Result<(), RegistryError> {
        self.check_sound()?;
        self.raw("commit", "COMMIT").await?;
        self.transaction = false;
        Ok(())
    }

    /// Postgres would roll back and call that a success.
    fn check_sound(&self) -> Result<(), RegistryError> {
        match self.failed {
            true => Err(RegistryError::internal("commit", "a statement failed before")),
            false => Ok(()),
        }
    }

    /// On SQLite, after something was erased: what it was is still in the
    /// journal, which is emptied if no reader needs it.
    pub(super) async fn commit_and_clear_journal(mut self) -> Result<(), RegistryError> {
        self.check_sound()?;
        self.raw("commit", "COMMIT").await?;
        self.transaction = false;
        // a busy journal is emptied by a later checkpoint; the commit holds
        let _ = self.raw("empty the journal", "PRAGMA wal_checkpoint(TRUNCATE)").await;
        Ok(())
    }

    /// Statements without values; several at once are allowed.
    pub(super) async fn raw(
        &mut self,
        what: &'static str,
        text: &'static str,
    ) -> Result<(), RegistryError> {
        self.within(what, async |connection| sqlx::raw_sql(text).execute(connection).await).await?;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.busy || self.transaction {
            self.connection.close_on_drop();
        }
    }
}
