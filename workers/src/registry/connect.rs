//! Connections with explicit limits, whatever the server's own are.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use tokio::sync::Semaphore;

use super::{Dialect, Registry, RegistryError};

const WHAT: &str = "connect";

/// Waiting for a connection, being refused ones and their first look included.
const ACQUIRE: Duration = Duration::from_secs(5);
/// Connections a process holds at most; each is used for milliseconds.
const CONNECTIONS: u32 = 8;

/// A statement or a lock that takes longer hangs; a transaction left open by a
/// process that hangs gives its application free again.
const POSTGRES: &str = "
    SET statement_timeout = '15s';
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '60s';
    SET TIME ZONE 'UTC'";

/// `secure_delete` writes over what is erased; `temp_store` keeps sorting off the disk.
const SQLITE: &str = "
    PRAGMA busy_timeout = 10000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY";

impl Registry {
    /// Connects to `postgres://…` or to the file of `sqlite:PATH`, which is made if absent.
    ///
    /// # Errors
    /// `Unavailable` while there is no server, `Internal` when the address is none.
    pub(crate) async fn connect(url: &str) -> Result<Self, RegistryError> {
        sqlx::any::install_default_drivers();
        let (dialect, url) = match url.split_once(':') {
            Some(("postgres" | "postgresql", _)) => (Dialect::Postgres, url.to_owned()),
            Some(("sqlite", path)) => (Dialect::Sqlite, sqlite(path)?),
            _ => return Err(RegistryError::internal(WHAT, "neither postgres:// nor sqlite:")),
        };
        let options: AnyConnectOptions =
            url.parse().map_err(|_| RegistryError::internal(WHAT, "address"))?;
        let first = match dialect {
            Dialect::Postgres => POSTGRES,
            Dialect::Sqlite => SQLITE,
        };
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .idle_timeout(Duration::from_secs(300))
            .max_lifetime(Duration::from_secs(1800))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(first).execute(connection).await?;
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| RegistryError::from_sqlx(WHAT, &error))?;
        let turn = (dialect == Dialect::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        Ok(Self { pool, dialect, turn })
    }
}

/// Makes the file readable by its owner alone, as its journal will be, and
/// writes its path so that no character of it means something in an address.
fn sqlite(path: &str) -> Result<String, RegistryError> {
    let path = Path::new(path.strip_prefix("//").unwrap_or(path));
    let file = |error: std::io::Error| RegistryError::internal(WHAT, error.kind().to_string());
    let path: PathBuf = std::path::absolute(path).map_err(file)?;
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(file)?;
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
