//! The transaction in which one application changes.

use jiff::Timestamp;

use super::audit::{self, AuditEntry};
use super::connection::{Dialect, Registry};
use super::error::RegistryError;
use super::load::{load_locked, load_locked_state};
use super::record::{ApplicationRecord, ApplicationState};
use super::session::Session;
use super::statement::sql;
use crate::application_key::ApplicationKey;

/// The database transaction that holds an application's row lock. Dropped, it rolls back.
pub(crate) struct LockedApplication {
    pub(super) session: Session,
    pub(super) record: ApplicationRecord,
    pub(super) now: Timestamp,
    audit: Vec<AuditEntry>,
    /// Whether personal data was deleted, which SQLite's journal still holds.
    pub(super) has_deleted: bool,
    pub(super) dialect: Dialect,
}

impl Registry {
    /// Begins a transaction, inserts the application's row if it is absent,
    /// locks it and reads the record.
    ///
    /// # Errors
    /// `Unavailable`, also when another transaction holds the lock for ten seconds; `Corrupt`.
    pub(crate) async fn lock(
        &self,
        application: &ApplicationKey,
        now: Timestamp,
    ) -> Result<LockedApplication, RegistryError> {
        let mut session = self.begin_with_row(application, now).await?;
        let record = load_locked(&mut session, self.dialect, application).await?;
        Ok(self.locked(session, record.ok_or_else(absent)?, now))
    }

    /// Locks an application as [`Registry::lock`] does, to delete it: of its record only the
    /// state is read, so what is large or unreadable does not keep it.
    ///
    /// # Errors
    /// As for [`Registry::lock`].
    pub(crate) async fn lock_to_delete(
        &self,
        application: &ApplicationKey,
        now: Timestamp,
    ) -> Result<LockedApplication, RegistryError> {
        let mut session = self.begin_with_row(application, now).await?;
        let record = load_locked_state(&mut session, self.dialect, application, None).await?;
        Ok(self.locked(session, record.ok_or_else(absent)?, now))
    }

    /// Locks an application within a transaction, to delete it, unless it is unknown or had
    /// activity at `before` or later; then the transaction ends.
    ///
    /// # Errors
    /// As for [`Registry::lock`].
    pub(super) async fn lock_expired(
        &self,
        mut session: Session,
        application: &ApplicationKey,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<LockedApplication>, RegistryError> {
        let before = Some(before);
        let record = load_locked_state(&mut session, self.dialect, application, before).await?;
        let Some(record) = record else {
            session.commit().await?;
            return Ok(None);
        };
        Ok(Some(self.locked(session, record, now)))
    }

    /// Begins a transaction and inserts the application's row if it is absent.
    async fn begin_with_row(
        &self,
        application: &ApplicationKey,
        now: Timestamp,
    ) -> Result<Session, RegistryError> {
        let mut session = self.begin().await?;
        let text = "INSERT INTO applications (application_id, state, received_at, last_activity_at)
            VALUES ($1, 'expected', $2, $2) ON CONFLICT (application_id) DO NOTHING";
        sql(ACTION, text).text(application).instant(now).execute(&mut session).await?;
        Ok(session)
    }

    fn locked(
        &self,
        session: Session,
        record: ApplicationRecord,
        now: Timestamp,
    ) -> LockedApplication {
        let (audit, dialect) = (Vec::new(), self.dialect);
        LockedApplication { session, record, now, audit, has_deleted: false, dialect }
    }
}

const ACTION: &str = "lock an application";

fn absent() -> RegistryError {
    RegistryError::internal(ACTION, "row is absent")
}

impl LockedApplication {
    /// Returns the record, with the changes of this transaction.
    #[must_use]
    pub(crate) fn record(&self) -> &ApplicationRecord {
        &self.record
    }

    /// Adds an entry to the audit, which is written on commit.
    pub(crate) fn audit(&mut self, entry: AuditEntry) {
        self.audit.push(entry);
    }

    /// Writes the audit and commits.
    ///
    /// # Errors
    /// `Unavailable`: the commit may have succeeded or not.
    pub(crate) async fn commit(mut self) -> Result<(), RegistryError> {
        // the lock of the audit chain is taken last: no transaction that holds
        // it waits for an application
        audit::append(&mut self.session, self.dialect, self.now, &self.audit).await?;
        if self.has_deleted && self.dialect == Dialect::Sqlite {
            return self.session.commit_and_clear_journal().await;
        }
        self.session.commit().await
    }

    /// Refuses to write to a withdrawn application.
    pub(super) fn ensure_active(&self, action: &'static str) -> Result<(), RegistryError> {
        match self.record.state {
            ApplicationState::Withdrawn => {
                Err(RegistryError::internal(action, "application was withdrawn"))
            }
            ApplicationState::Expected | ApplicationState::Submitted => Ok(()),
        }
    }
}
