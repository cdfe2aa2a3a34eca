//! Creating the tables and checking their version.
//!
//! Each migration is a file that also writes its own number, so running it by
//! hand has the same result as `tekseru migrate`.

use super::connection::{Dialect, Registry};
use super::error::RegistryError;
use super::session::Session;
use super::statement::sql;

pub(super) const POSTGRES: &[&str] = &[
    include_str!("../../migrations/postgres/0001_registry.sql"),
    include_str!("../../migrations/postgres/0002_said_at.sql"),
    include_str!("../../migrations/postgres/0003_plain_names.sql"),
    include_str!("../../migrations/postgres/0004_examination_rounds.sql"),
    include_str!("../../migrations/postgres/0005_inputs.sql"),
    include_str!("../../migrations/postgres/0006_latest_checks.sql"),
    include_str!("../../migrations/postgres/0007_dead_letter_mentions.sql"),
    include_str!("../../migrations/postgres/0008_portals.sql"),
    include_str!("../../migrations/postgres/0009_light_loads.sql"),
];
const SQLITE: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_registry.sql"),
    include_str!("../../migrations/sqlite/0002_said_at.sql"),
    include_str!("../../migrations/sqlite/0003_plain_names.sql"),
    include_str!("../../migrations/sqlite/0004_examination_rounds.sql"),
    include_str!("../../migrations/sqlite/0005_inputs.sql"),
    include_str!("../../migrations/sqlite/0006_latest_checks.sql"),
    include_str!("../../migrations/sqlite/0007_dead_letter_mentions.sql"),
    include_str!("../../migrations/sqlite/0008_portals.sql"),
    include_str!("../../migrations/sqlite/0009_light_loads.sql"),
];

/// The version of the tables compared with the version that this program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schema {
    /// Both are the same.
    Current,
    /// Run `tekseru migrate`.
    TooOld {
        /// Version of the tables; 0 where there are none.
        found: u32,
        /// Version that this program needs.
        needed: u32,
    },
    /// A later version of the program made them; this one must not write.
    TooNew {
        /// Version of the tables; 0 where there are none.
        found: u32,
        /// Version that this program needs.
        needed: u32,
    },
}

impl Registry {
    pub(super) fn migrations(&self) -> &'static [&'static str] {
        match self.dialect {
            Dialect::Postgres => POSTGRES,
            Dialect::Sqlite => SQLITE,
        }
    }

    /// Migrates the tables to this version. Two migrations can run at once: the second waits.
    ///
    /// # Errors
    /// `Unavailable`; `Schema` when the tables are newer than this version.
    pub(crate) async fn migrate(&self) -> Result<(), RegistryError> {
        let migrations = self.migrations();
        for number in 1..=migrations.len() {
            let mut session = self.begin().await?;
            if self.dialect == Dialect::Postgres {
                // an arbitrary number that no other program uses
                session
                    .run_raw(
                        "wait for another migration",
                        "SELECT pg_advisory_xact_lock(8390277110945513)",
                    )
                    .await?;
            }
            if self.version(&mut session).await? < number {
                session.run_raw("migrate its tables", migrations[number - 1]).await?;
            }
            session.commit().await?;
        }
        match self.check_schema().await? {
            Schema::Current => Ok(()),
            Schema::TooOld { found, needed } | Schema::TooNew { found, needed } => {
                Err(RegistryError::Schema { code: format!("{found} instead of {needed}") })
            }
        }
    }

    /// Checks that the database answers, and the version of its tables.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn check_schema(&self) -> Result<Schema, RegistryError> {
        let mut session = self.read().await?;
        let found = self.version(&mut session).await?;
        let needed = self.migrations().len();
        let numbers = (found as u32, needed as u32);
        Ok(match found.cmp(&needed) {
            std::cmp::Ordering::Less => Schema::TooOld { found: numbers.0, needed: numbers.1 },
            std::cmp::Ordering::Equal => Schema::Current,
            std::cmp::Ordering::Greater => Schema::TooNew { found: numbers.0, needed: numbers.1 },
        })
    }

    /// Returns the version of the tables. Checks first whether the version table
    /// exists: a failed statement would end the transaction.
    async fn version(&self, session: &mut Session) -> Result<usize, RegistryError> {
        const TABLE: &str = "tekseru_schema";
        let exists = match self.dialect {
            Dialect::Postgres => {
                "SELECT COUNT(*) AS found WHERE to_regclass('tekseru_schema') IS NOT NULL"
            }
            Dialect::Sqlite => {
                "SELECT COUNT(*) AS found FROM sqlite_master WHERE name = 'tekseru_schema'"
            }
        };
        let row = sql("find its tables", exists).fetch_first(TABLE, session).await?;
        if row.map_or(Ok(0), |row| row.number("found"))? == 0 {
            return Ok(0);
        }
        let text = "SELECT COALESCE(MAX(version), 0) AS version FROM tekseru_schema";
        let row = sql("read its version", text).fetch_first(TABLE, session).await?;
        let version = row.map_or(Ok(0), |row| row.count("version"))?;
        Ok(version as usize)
    }
}
