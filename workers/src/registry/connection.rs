//! The connection pool, with explicit limits that do not depend on the server's.

use std::fmt;
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyPool;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::error::RegistryError;
use super::session::{CALL_TIMEOUT, Session};

/// For a connection, including attempts that the server refuses.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// For one process; each connection is used for milliseconds.
const MAX_CONNECTIONS: u32 = 8;

/// A statement or a lock that takes longer hangs. When a process hangs within a
/// transaction, the server ends it and so unlocks the application.
const POSTGRES_SETTINGS: &str = "
    SET statement_timeout = '15s';
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s';
    SET TIME ZONE 'UTC'";

/// `secure_delete` overwrites deleted content; `temp_store` keeps sorting off the disk.
const SQLITE_SETTINGS: &str = "
    PRAGMA busy_timeout = 10000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY";

/// The database: a pool of connections. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Registry {
    pool: AnyPool,
    pub(super) dialect: Dialect,
    /// One permit; only for SQLite, which has one writer at a time.
    writer: Option<Arc<Semaphore>>,
}

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Postgres,
    Sqlite,
}

impl Registry {
    /// Connects to `postgres://…` or to the file of `sqlite:PATH`, which is created if absent.
    ///
    /// # Errors
    /// `Unavailable` while the server is down, `Internal` when the address is invalid.
    pub(crate) async fn connect(url: &str) -> Result<Self, RegistryError> {
        const ACTION: &str = "connect";
        sqlx::any::install_default_drivers();
        let invalid = |reason: &str| RegistryError::internal(ACTION, reason);
        let (dialect, url) = match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => (Dialect::Postgres, url.to_owned()),
            Some(("sqlite", path)) => {
                let file = |error: std::io::Error| invalid(&error.kind().to_string());
                (Dialect::Sqlite, sqlite_url(path).map_err(file)?)
            }
            _ => return Err(invalid("neither postgres:// nor sqlite:")),
        };
        let options: AnyConnectOptions = url.parse().map_err(|_| invalid("address"))?;
        let settings = match dialect {
            Dialect::Postgres => POSTGRES_SETTINGS,
            Dialect::Sqlite => SQLITE_SETTINGS,
        };
        let pool = AnyPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(Duration::from_secs(300))
            .max_lifetime(Duration::from_secs(1800))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(settings).execute(connection).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| RegistryError::from_sqlx(ACTION, &error))?;
        let writer = (dialect == Dialect::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        Ok(Self { pool, dialect, writer })
    }

    /// Returns a connection for reading.
    pub(super) async fn read(&self) -> Result<Session, RegistryError> {
        self.session(false).await
    }

    /// Returns a connection for single statements that write.
    pub(super) async fn write(&self) -> Result<Session, RegistryError> {
        self.session(true).await
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(&self) -> Result<Session, RegistryError> {
        let mut session = self.write().await?;
        session
            .begin(match self.dialect {
                Dialect::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
                // a transaction that begins as a reader cannot wait to become the writer
                Dialect::Sqlite => "BEGIN IMMEDIATE",
            })
            .await?;
        Ok(session)
    }

    async fn session(&self, writes: bool) -> Result<Session, RegistryError> {
        const ACTION: &str = "be reached";
        let permit = match &self.writer {
            Some(writer) if writes => Some(
                timeout(CALL_TIMEOUT, writer.clone().acquire_owned())
                    .await
                    .map_err(|_| RegistryError::unavailable(ACTION, "other writers took too long"))?
                    .map_err(|_| RegistryError::unavailable(ACTION, "closed"))?,
            ),
            _ => None,
        };
        let connection = self.pool.acquire().await;
        let connection = connection.map_err(|error| RegistryError::from_sqlx(ACTION, &error))?;
        Ok(Session::new(connection, permit))
    }

    /// Closes every connection; one in use is closed when it is returned.
    #[cfg(test)]
    pub(crate) async fn close(&self) {
        // a caller that hangs with a connection must not delay an exit
        let _ = timeout(Duration::from_secs(5), self.pool.close()).await;
    }
}

/// Without the address, which may hold a password.
impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Registry({:?})", self.dialect)
    }
}

/// Creates the file, readable by its owner alone as its journal will be, and
/// percent-encodes its path, so that no character has a meaning in a URL.
fn sqlite_url(path: &str) -> std::io::Result<String> {
    let path = Path::new(path.strip_prefix("//").unwrap_or(path));
    let path: PathBuf = std::path::absolute(path)?;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)?;
    let mut url = "sqlite://".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                url.push(char::from(*byte));
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(url)
}
