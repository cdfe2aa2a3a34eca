//! The tables, made and checked.
//!
//! Each migration is a file that also writes its own number, so whoever runs
//! it by hand leaves the same state as `tekseru migrate` does.

use super::statement::sql;
use super::{Dialect, Registry, RegistryError};

const POSTGRES: &[&str] = &[
    include_str!("../../migrations/postgres/0001_registry.sql"),
    include_str!("../../migrations/postgres/0002_said_at.sql"),
    include_str!("../../migrations/postgres/0003_plain_names.sql"),
];
const SQLITE: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_registry.sql"),
    include_str!("../../migrations/sqlite/0002_said_at.sql"),
    include_str!("../../migrations/sqlite/0003_plain_names.sql"),
];

/// How the tables compare with those that this version works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schema {
    /// They are these.
    Current,
    /// `tekseru migrate` is to run; 0: there are none yet.
    TooOld {
        /// What is there.
        found: u32,
        /// What is needed.
        needed: u32,
    },
    /// A later version was here; this one must not write.
    TooNew {
        /// What is there.
        found: u32,
        /// What is needed.
        needed: u32,
    },
}

impl Registry {
    fn migrations(&self) -> &'static [&'static str] {
        match self.dialect {
            Dialect::Postgres => POSTGRES,
            Dialect::Sqlite => SQLITE,
        }
    }

    /// Brings the tables up to this version; does nothing where they are. Safe
    /// when two run at once: the second waits.
    ///
    /// # Errors
    /// `Unavailable`; `Schema` when the tables are newer than this version.
    pub(crate) async fn migrate(&self) -> Result<(), RegistryError> {
        let migrations = self.migrations();
        for number in 1..=migrations.len() {
            let mut session = self.begin().await?;
            if self.dialect == Dialect::Postgres {
                // any number that no other program takes
                session
                    .raw("wait for its turn", "SELECT pg_advisory_xact_lock(8390277110945513)")
                    .await?;
            }
            if self.version(&mut session).await? < number {
                session.raw("make its tables", migrations[number - 1]).await?;
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

    /// Whether the database answers, and how its tables compare.
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

    /// Asks first whether the table is there: a failed statement would end the transaction.
    async fn version(&self, session: &mut super::Session) -> Result<usize, RegistryError> {
        const TABLE: &str = "tekseru_schema";
        let there = match self.dialect {
            Dialect::Postgres => {
                "SELECT COUNT(*) AS there WHERE to_regclass('tekseru_schema') IS NOT NULL"
            }
            Dialect::Sqlite => {
                "SELECT COUNT(*) AS there FROM sqlite_master WHERE name = 'tekseru_schema'"
            }
        };
        let row = sql("look for its tables", there).first(TABLE, session).await?;
        if row.map_or(Ok(0), |row| row.number("there"))? == 0 {
            return Ok(0);
        }
        let text = "SELECT COALESCE(MAX(version), 0) AS version FROM tekseru_schema";
        let row = sql("read its version", text).first(TABLE, session).await?;
        let version = row.map_or(Ok(0), |row| row.count("version"))?;
        Ok(version as usize)
    }
}
