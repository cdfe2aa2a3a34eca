//! What is known of applications, kept in Postgres or SQLite.
//!
//! The centre is [`Registry::lock`]: it holds one application's row while its
//! documents, verdicts and outgoing events change together, so two workers
//! that finish two documents of one application cannot lose each other's
//! result. Every other call is one short transaction of its own. No clock is
//! read here: callers say what time it is.
//!
//! While a [`LockedApplication`] is held, calls on the registry that write would wait for
//! it on SQLite: finish with it first.

mod applications;
mod audit;
mod commands;
mod connect;
mod control;
mod counts;
mod dead;
mod deletions;
mod error;
mod events;
mod json;
mod lock;
mod record;
mod replacements;
mod retention;
mod revisions;
mod schema;
mod session;
mod statement;
mod withdraw;
mod workers;
mod write;

use std::fmt;
use std::sync::Arc;
#[cfg(test)]
use std::time::Duration;

use sqlx::AnyPool;
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub(crate) use applications::{Schedule, SubmittedFilter};
pub(crate) use audit::{AuditEntry, AuditVerification};
pub(crate) use commands::{CommandReceipt, CommandRef};
pub(crate) use counts::{Backlog, Counts};
pub(crate) use dead::{DeadLetter, DeadLetterFilter, DeadLetterState, Resolution};
pub(crate) use error::RegistryError;
pub(crate) use events::OutgoingEvent;
pub(crate) use lock::LockedApplication;
pub(crate) use record::{
    ApplicationRecord, ApplicationState, DocumentRecord, ExaminationState, NewRevision, Revision,
};
pub(crate) use schema::Schema;
pub(crate) use workers::WorkerRow;
pub(crate) use write::StoredPictures;

use session::Session;
use statement::PATIENCE;

/// The database: a pool of connections.
#[derive(Clone)]
pub(crate) struct Registry {
    pool: AnyPool,
    dialect: Dialect,
    /// One permit, on SQLite alone.
    turn: Option<Arc<Semaphore>>,
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Postgres,
    Sqlite,
}

impl Registry {
    /// A connection to read with.
    async fn read(&self) -> Result<Session, RegistryError> {
        self.session(false).await
    }

    /// A connection to write with, one statement at a time.
    async fn write(&self) -> Result<Session, RegistryError> {
        self.session(true).await
    }

    /// A connection within a transaction that will write.
    async fn begin(&self) -> Result<Session, RegistryError> {
        let mut session = self.write().await?;
        session
            .begin(match self.dialect {
                Dialect::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
                // a read that turns into a write later could not wait for its turn
                Dialect::Sqlite => "BEGIN IMMEDIATE",
            })
            .await?;
        Ok(session)
    }

    async fn session(&self, writes: bool) -> Result<Session, RegistryError> {
        const WHAT: &str = "be reached";
        let turn = match &self.turn {
            Some(turn) if writes => Some(
                timeout(PATIENCE, turn.clone().acquire_owned())
                    .await
                    .map_err(|_| RegistryError::unavailable(WHAT, "other writers took too long"))?
                    .map_err(|_| RegistryError::unavailable(WHAT, "closed"))?,
            ),
            _ => None,
        };
        let connection =
            self.pool.acquire().await.map_err(|error| RegistryError::from_sqlx(WHAT, &error))?;
        Ok(Session::new(connection, turn))
    }

    /// Closes every connection; those in use, when they are handed back.
    #[cfg(test)]
    pub(crate) async fn close(&self) {
        // a connection in use by a caller that hangs must not hold up an exit
        let _ = timeout(Duration::from_secs(5), self.pool.close()).await;
    }
}

/// The address may hold a password.
impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registry({:?})", self.dialect)
    }
}

#[cfg(test)]
mod tests;
