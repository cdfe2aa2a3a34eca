//! One connection in use, and whether it can be used again.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::error::RegistryError;

/// For one call. Longer than the server's own limits, so that a running server answers first.
pub(super) const CALL_TIMEOUT: Duration = Duration::from_secs(20);

/// A connection. When it is dropped inside a transaction or a statement it is
/// closed, not returned to the pool: the server rolls back, and no later user
/// waits for the answer to an earlier statement.
pub(super) struct Session {
    connection: PoolConnection<Any>,
    is_busy: bool,
    in_transaction: bool,
    has_failed: bool,
    /// For each call; none for a migration.
    time_limit: Option<Duration>,
    /// The permit of SQLite's single writer: writers of this process queue for it in order.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Session {
    pub(super) fn new(
        connection: PoolConnection<Any>,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        Self {
            connection,
            is_busy: false,
            in_transaction: false,
            has_failed: false,
            time_limit: Some(CALL_TIMEOUT),
            _permit: permit,
        }
    }

    /// Lets calls take as long as they need.
    pub(super) fn lift_time_limit(&mut self) {
        self.time_limit = None;
    }

    /// Runs a call on the connection within the time limit. `action` completes "registry could not …".
    pub(super) async fn run<T>(
        &mut self,
        action: &'static str,
        call: impl AsyncFnOnce(&mut AnyConnection) -> sqlx::Result<T>,
    ) -> Result<T, RegistryError> {
        self.is_busy = true;
        let had_failed = std::mem::replace(&mut self.has_failed, true);
        let call = call(&mut self.connection);
        let result = match self.time_limit {
            Some(limit) => timeout(limit, call).await,
            None => Ok(call.await),
        };
        let Ok(result) = result else {
            return Err(RegistryError::unavailable(action, "no answer in time"));
        };
        // after an error of the database the connection is idle; after any other it may not be
        self.is_busy = matches!(&result, Err(error) if error.as_database_error().is_none());
        self.has_failed = self.in_transaction && (had_failed || result.is_err());
        result.map_err(|error| RegistryError::from_sqlx(action, &error))
    }

    /// Checks the plan of a statement, unless the transaction has failed.
    #[cfg(test)]
    pub(super) async fn check_plan(&mut self, text: &'static str) {
        if !self.has_failed && !self.is_busy {
            super::tests::plans::check(&mut self.connection, text).await;
        }
    }

    pub(super) async fn begin(&mut self, statement: &'static str) -> Result<(), RegistryError> {
        self.in_transaction = true;
        self.run_raw("begin a transaction", statement).await
    }

    pub(super) async fn commit(mut self) -> Result<(), RegistryError> {
        self.commit_in_place().await
    }

    /// Commits, and empties SQLite's journal, which still holds deleted content.
    pub(super) async fn commit_and_clear_journal(mut self) -> Result<(), RegistryError> {
        self.commit_in_place().await?;
        // while a reader uses the journal, a later checkpoint empties it; the commit is done
        let _ = self.run_raw("empty the journal", "PRAGMA wal_checkpoint(TRUNCATE)").await;
        Ok(())
    }

    async fn commit_in_place(&mut self) -> Result<(), RegistryError> {
        if self.has_failed {
            // PostgreSQL would roll back and report success
            return Err(RegistryError::internal("commit", "an earlier statement failed"));
        }
        self.run_raw("commit", "COMMIT").await?;
        self.in_transaction = false;
        Ok(())
    }

    /// Runs one or more statements without values.
    pub(super) async fn run_raw(
        &mut self,
        action: &'static str,
        statements: &'static str,
    ) -> Result<(), RegistryError> {
        self.run(action, async |connection| sqlx::raw_sql(statements).execute(connection).await)
            .await?;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.is_busy || self.in_transaction {
            self.connection.close_on_drop();
        }
    }
}
