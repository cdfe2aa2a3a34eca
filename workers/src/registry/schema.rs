//! The version of the tables, and which programs can use them.
//!
//! Each migration is a file that also writes its own number and the oldest version that a
//! program may be built for to go on using the tables. A program that does not know the
//! migration reads that from the database: it needs nothing but these two columns.

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
    include_str!("../../migrations/postgres/0010_usable_from.sql"),
    include_str!("../../migrations/postgres/0011_due_lists.sql"),
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
    include_str!("../../migrations/sqlite/0010_usable_from.sql"),
    include_str!("../../migrations/sqlite/0011_due_lists.sql"),
];

/// Whether this program can use the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Schema {
    /// It can: they have its version, or a later one that only expanded them.
    Usable,
    /// Run `tekseru migrate`.
    TooOld {
        /// Version of the tables; 0 where there are none.
        found: u32,
        /// Version that this program needs.
        needed: u32,
    },
    /// A later version of the program changed them so that this one cannot use them.
    TooNew {
        /// Version of the tables.
        found: u32,
        /// The oldest version that a program may be built for.
        usable_from: u32,
        /// Version that this program was built for.
        built_for: u32,
    },
}

/// What the tables say about themselves.
pub(super) struct Version {
    /// Their version; 0 where there are none.
    pub(super) number: u32,
    /// The oldest version that a program may be built for.
    usable_from: u32,
}

impl Registry {
    pub(super) fn migrations(&self) -> &'static [&'static str] {
        match self.dialect {
            Dialect::Postgres => POSTGRES,
            Dialect::Sqlite => SQLITE,
        }
    }

    /// Checks that the database answers, and whether this program can use its tables.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn check_schema(&self) -> Result<Schema, RegistryError> {
        let version = self.version(&mut self.read().await?).await?;
        Ok(version.compare(self.migrations().len() as u32))
    }

    /// Checks that this program can use the tables.
    ///
    /// # Errors
    /// `Schema` or `TooNew` when it cannot, `Unavailable`.
    pub(crate) async fn require_usable_schema(&self) -> Result<(), RegistryError> {
        match self.check_schema().await? {
            Schema::Usable => Ok(()),
            Schema::TooOld { found, needed } => {
                Err(RegistryError::Schema { code: format!("{found} is there, {needed} is needed") })
            }
            Schema::TooNew { found, usable_from, built_for } => {
                Err(RegistryError::TooNew { found, usable_from, built_for })
            }
        }
    }

    /// Returns what the tables say about themselves. Asks first which columns there are: a
    /// failed statement would end the transaction.
    pub(super) async fn version(&self, session: &mut Session) -> Result<Version, RegistryError> {
        const TABLE: &str = "tekseru_schema";
        let columns = match self.dialect {
            Dialect::Postgres => {
                "SELECT COUNT(*) AS columns FROM pg_attribute
                 WHERE attrelid = to_regclass('tekseru_schema')
                   AND attname IN ('version', 'usable_from')"
            }
            Dialect::Sqlite => {
                "SELECT COUNT(*) AS columns FROM pragma_table_info('tekseru_schema')
                 WHERE name IN ('version', 'usable_from')"
            }
        };
        let columns = sql("find its tables", columns).fetch_first(TABLE, session).await?;
        let text = match columns.map_or(Ok(0), |row| row.number("columns"))? {
            0 => return Ok(Version { number: 0, usable_from: 0 }),
            // before version 10 every migration broke earlier programs
            1 => {
                "SELECT COALESCE(MAX(version), 0) AS version,
                        COALESCE(MAX(version), 0) AS usable_from FROM tekseru_schema"
            }
            _ => {
                "SELECT COALESCE(MAX(version), 0) AS version,
                        COALESCE(MAX(usable_from), 0) AS usable_from FROM tekseru_schema"
            }
        };
        let row = sql("read its version", text).fetch_first(TABLE, session).await?;
        let row = row.ok_or_else(|| RegistryError::internal("read its version", "no row"))?;
        Ok(Version { number: row.count("version")?, usable_from: row.count("usable_from")? })
    }
}

impl Version {
    /// Returns whether a program that was built for a version can use the tables.
    fn compare(&self, built_for: u32) -> Schema {
        let Self { number: found, usable_from } = *self;
        if found < built_for {
            Schema::TooOld { found, needed: built_for }
        } else if built_for < usable_from {
            Schema::TooNew { found, usable_from, built_for }
        } else {
            Schema::Usable
        }
    }
}
