//! Migrating the tables while other processes use them.
//!
//! A migration may take as long as it needs. It may not wait long for a lock:
//! processes that ask for the table after it wait behind it. So it gives up soon, and tries
//! again.

use std::time::{Duration, Instant};

use super::connection::{Dialect, Registry};
use super::error::RegistryError;

/// How long a migration is tried again while others hold its locks.
const LOCK_PATIENCE: Duration = Duration::from_secs(15 * 60);
/// Between two attempts, so that those who waited behind the first get their locks.
const PAUSE: Duration = Duration::from_secs(2);

/// Waits as long as another migration takes: its number is arbitrary, and no other program
/// uses it. Then no statement has a limit, but waiting for a lock has. `LOCAL`: until the
/// transaction ends.
const BEGIN_POSTGRES: &str = "
    SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = 0;
    SELECT pg_advisory_xact_lock(8390277110945513);
    SET LOCAL lock_timeout = '2s'";

impl Registry {
    /// Migrates the tables to the version of this program. Later ones that it can use stay as
    /// they are. Two migrations can run at once: the second waits.
    ///
    /// # Errors
    /// `Unavailable`, also when other transactions hold a table for a quarter of an hour;
    /// `TooNew` when a later version made tables that this program cannot use.
    pub(crate) async fn migrate(&self) -> Result<(), RegistryError> {
        for (number, migration) in (1..).zip(self.migrations()) {
            let since = Instant::now();
            while let Err(error) = self.migrate_to(number, migration).await {
                if !error.is_lock_timeout() || since.elapsed() > LOCK_PATIENCE {
                    return Err(error);
                }
                tracing::warn!(number, "Tables are in use; the migration is tried again");
                tokio::time::sleep(PAUSE).await;
            }
        }
        self.require_usable_schema().await
    }

    /// Runs one migration, unless the tables have its version already.
    pub(super) async fn migrate_to(
        &self,
        number: u32,
        migration: &'static str,
    ) -> Result<(), RegistryError> {
        let mut session = self.begin().await?;
        session.lift_time_limit();
        if self.dialect == Dialect::Postgres {
            session.run_raw("wait for another migration", BEGIN_POSTGRES).await?;
        }
        if self.version(&mut session).await?.number < number {
            session.run_raw("migrate its tables", migration).await?;
        }
        session.commit().await
    }
}
