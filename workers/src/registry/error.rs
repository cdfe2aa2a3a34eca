//! What a caller does next when the registry fails.

use sqlx::error::DatabaseError;

/// A failure of ours; never an answer about a document. Holds codes and ids,
/// never the database's own words: those quote values.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegistryError {
    /// Down, slow, or another was first: the same call may succeed later.
    #[error("registry could not {what} ({code})")]
    Unavailable {
        /// What was tried.
        what: &'static str,
        /// SQLSTATE, SQLite's code, or a word.
        code: String,
    },
    /// The tables are not those of this version.
    #[error("registry's tables are not of this version ({code}): run `tekseru migrate`")]
    Schema {
        /// SQLSTATE, SQLite's code, or the versions.
        code: String,
    },
    /// A row that cannot be read.
    #[error("row `{id}` of registry table `{table}` has an unreadable `{column}`")]
    Corrupt {
        /// Its table.
        table: &'static str,
        /// Its key.
        id: String,
        /// What of it.
        column: &'static str,
    },
    /// The call or its statement is wrong.
    #[error("registry refused to {what} ({code})")]
    Internal {
        /// What was tried.
        what: &'static str,
        /// SQLSTATE, SQLite's code, or a word.
        code: String,
    },
}

impl RegistryError {
    /// Whether the same call may succeed later.
    #[must_use]
    pub(crate) fn may_pass(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }

    pub(super) fn unavailable(what: &'static str, code: impl Into<String>) -> Self {
        Self::Unavailable { what, code: code.into() }
    }

    pub(super) fn internal(what: &'static str, code: impl Into<String>) -> Self {
        Self::Internal { what, code: code.into() }
    }

    pub(super) fn from_sqlx(what: &'static str, error: &sqlx::Error) -> Self {
        use sqlx::Error;
        match error {
            Error::Database(error) => database(what, error.as_ref()),
            Error::PoolTimedOut => Self::unavailable(what, "no connection in time"),
            Error::PoolClosed => Self::unavailable(what, "closed"),
            Error::WorkerCrashed => Self::unavailable(what, "connection lost"),
            Error::Io(error) => Self::unavailable(what, error.kind().to_string()),
            Error::Tls(_) => Self::unavailable(what, "tls"),
            Error::Protocol(_) => Self::unavailable(what, "protocol"),
            Error::Configuration(_) => Self::internal(what, "address"),
            Error::ColumnDecode { .. } | Error::Decode(_) => Self::internal(what, "decode"),
            Error::ColumnNotFound(column) => Self::internal(what, format!("no column {column}")),
            Error::AnyDriverError(_) => Self::internal(what, "type"),
            _ => Self::internal(what, "sqlx"),
        }
    }
}

fn database(what: &'static str, error: &dyn DatabaseError) -> RegistryError {
    let code = error.code().unwrap_or_default().into_owned();
    // SQLite's are numbers, SQLSTATEs have five characters; the two do not meet
    match code.parse::<u32>() {
        Ok(number) if code.len() < 5 => sqlite(what, number, code, error.message()),
        _ => postgres(what, code),
    }
}

fn postgres(what: &'static str, code: String) -> RegistryError {
    let class = code.get(..2).unwrap_or_default();
    match (class, code.as_str()) {
        // no such table, column, function or schema
        (_, "42P01" | "42703" | "42883" | "3F000") => RegistryError::Schema { code },
        // connection, authorisation and database names (being rotated, being
        // made), rolled back, resources, locks, shutdowns, storage
        ("08" | "28" | "3D" | "40" | "53" | "55" | "57" | "58" | "25", _)
        // another erased the row between two statements of ours
        | (_, "23503") => RegistryError::unavailable(what, code),
        _ => RegistryError::internal(what, code),
    }
}

fn sqlite(what: &'static str, number: u32, code: String, message: &str) -> RegistryError {
    const FOREIGN_KEY: u32 = 787;
    match number & 0xff {
        1 if message.starts_with("no such ") || message.contains("has no column") => {
            RegistryError::Schema { code }
        }
        // busy, locked, out of memory, input or output, full, cannot open, protocol
        5 | 6 | 7 | 10 | 13 | 14 | 15 => RegistryError::unavailable(what, code),
        _ if number == FOREIGN_KEY => RegistryError::unavailable(what, code),
        _ => RegistryError::internal(what, code),
    }
}
