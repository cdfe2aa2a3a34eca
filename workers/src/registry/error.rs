//! Errors of the registry, by what the caller does next.

use sqlx::error::DatabaseError;

/// A failure of the registry, never a finding about a document. Holds codes and
/// ids, never the database's own message, which quotes values.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegistryError {
    /// The database is down, slow or refused a concurrent change: the same call may succeed later.
    #[error("registry could not {action} ({code})")]
    Unavailable {
        /// The action that failed.
        action: &'static str,
        /// SQLSTATE, SQLite's code, or a short reason.
        code: String,
    },
    /// The tables have another version.
    #[error("registry tables have another version ({code}): run `tekseru migrate`")]
    Schema {
        /// SQLSTATE, SQLite's code, or both versions.
        code: String,
    },
    /// A later version of the program changed the tables so that this one cannot use them.
    #[error(
        "registry tables have version {found}, which programs for version {usable_from} and later \
         can use; this program is for version {built_for}: install the version that made these \
         tables, or a later one"
    )]
    TooNew {
        /// Version of the tables.
        found: u32,
        /// The oldest version that a program may be built for.
        usable_from: u32,
        /// Version that this program was built for.
        built_for: u32,
    },
    /// A row is intact, and holds something that this version of the program does not know.
    #[error(
        "row `{id}` of registry table `{table}` has a `{column}` that this version does not know: \
         a later version wrote it, and can read it"
    )]
    Unknown {
        /// Table of the row.
        table: &'static str,
        /// Key of the row.
        id: String,
        /// Column with what is not known.
        column: &'static str,
    },
    /// A row cannot be read.
    #[error("row `{id}` of registry table `{table}` has an unreadable `{column}`")]
    Corrupt {
        /// Table of the row.
        table: &'static str,
        /// Key of the row.
        id: String,
        /// Column that cannot be read.
        column: &'static str,
    },
    /// The call or its statement is invalid.
    #[error("registry refused to {action} ({code})")]
    Internal {
        /// The action that failed.
        action: &'static str,
        /// SQLSTATE, SQLite's code, or a short reason.
        code: String,
    },
}

impl RegistryError {
    /// Whether the same call may succeed later.
    #[must_use]
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    /// Whether a later version of the program can do what this one cannot.
    #[must_use]
    pub(crate) fn is_of_later_version(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// Whether other transactions held a lock for too long, or waited for one of ours: by
    /// PostgreSQL, or by SQLite (`SQLITE_BUSY`).
    pub(super) fn is_lock_timeout(&self) -> bool {
        let codes = ["55P03", "40P01", "5"];
        matches!(self, Self::Unavailable { code, .. } if codes.contains(&code.as_str()))
    }

    pub(super) fn unavailable(action: &'static str, code: impl Into<String>) -> Self {
        Self::Unavailable { action, code: code.into() }
    }

    pub(super) fn internal(action: &'static str, code: impl Into<String>) -> Self {
        Self::Internal { action, code: code.into() }
    }

    pub(super) fn from_sqlx(action: &'static str, error: &sqlx::Error) -> Self {
        use sqlx::Error;
        match error {
            Error::Database(error) => database(action, error.as_ref()),
            Error::PoolTimedOut => Self::unavailable(action, "no connection in time"),
            Error::PoolClosed => Self::unavailable(action, "closed"),
            Error::WorkerCrashed => Self::unavailable(action, "connection lost"),
            Error::Io(error) => Self::unavailable(action, error.kind().to_string()),
            Error::Tls(_) => Self::unavailable(action, "tls"),
            Error::Protocol(_) => Self::unavailable(action, "protocol"),
            Error::Configuration(_) => Self::internal(action, "address"),
            Error::ColumnDecode { .. } | Error::Decode(_) => Self::internal(action, "decode"),
            Error::ColumnNotFound(column) => Self::internal(action, format!("no column {column}")),
            Error::AnyDriverError(_) => Self::internal(action, "type"),
            _ => Self::internal(action, "sqlx"),
        }
    }
}

fn database(action: &'static str, error: &dyn DatabaseError) -> RegistryError {
    let code = error.code().unwrap_or_default().into_owned();
    // codes of SQLite are numbers of up to four digits, SQLSTATEs have five characters
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => sqlite(action, number, code, error.message()),
        _ => postgres(action, code),
    }
}

fn postgres(action: &'static str, code: String) -> RegistryError {
    let class = code.get(..2).unwrap_or_default();
    match (class, code.as_str()) {
        // unknown table, column, function or schema
        (_, "42P01" | "42703" | "42883" | "3F000") => RegistryError::Schema { code },
        // connection, authorisation and database name (credentials may be rotated,
        // the database created), rollback, resources, locks, shutdown, storage
        ("08" | "28" | "3D" | "40" | "53" | "55" | "57" | "58" | "25", _)
        // another transaction deleted the row between two statements
        | (_, "23503") => RegistryError::unavailable(action, code),
        _ => RegistryError::internal(action, code),
    }
}

fn sqlite(action: &'static str, number: u32, code: String, message: &str) -> RegistryError {
    const FOREIGN_KEY: u32 = 787;
    match number & 0xff {
        1 if message.starts_with("no such ") || message.contains("has no column") => {
            RegistryError::Schema { code }
        }
        // busy, locked, out of memory, input or output, full, cannot open, protocol
        5 | 6 | 7 | 10 | 13 | 14 | 15 => RegistryError::unavailable(action, code),
        _ if number == FOREIGN_KEY => RegistryError::unavailable(action, code),
        _ => RegistryError::internal(action, code),
    }
}
