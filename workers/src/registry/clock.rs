//! The clock of the database, which every process shares.

use jiff::Timestamp;

use super::connection::{Dialect, Registry};
use super::error::RegistryError;
use super::session::Session;
use super::statement::sql;

impl Registry {
    /// Returns the time by the clock of the database: with PostgreSQL the server's, with
    /// SQLite that of this machine.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn clock(&self) -> Result<Timestamp, RegistryError> {
        clock(&mut self.read().await?, self.dialect).await
    }
}

pub(super) async fn clock(
    session: &mut Session,
    dialect: Dialect,
) -> Result<Timestamp, RegistryError> {
    const ACTION: &str = "read its clock";
    // not `now()`, which is the start of the transaction
    let text = match dialect {
        Dialect::Postgres => {
            r#"SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC',
                              'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS clock"#
        }
        Dialect::Sqlite => "SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS clock",
    };
    let row = sql(ACTION, text).fetch_first("clock", session).await?;
    row.ok_or_else(|| RegistryError::internal(ACTION, "no row"))?.instant("clock")
}
