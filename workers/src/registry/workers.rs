//! Processes that say that they are there.

use jiff::Timestamp;

use super::statement::{Row, sql};
use super::{Registry, RegistryError};

/// One process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WorkerRow {
    /// New with every start.
    pub(crate) id: String,
    /// Where it runs.
    pub(crate) host: String,
    /// As what.
    pub(crate) pid: u32,
    /// Of which version.
    pub(crate) version: String,
    /// Since when.
    pub(crate) started_at: Timestamp,
    /// When it last said so.
    pub(crate) last_heartbeat_at: Timestamp,
    /// Slots by lane, JSON.
    pub(crate) slots: String,
    /// How uploads are kept apart from it.
    pub(crate) sandbox: String,
}

impl Registry {
    /// Says that a process is there.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn heartbeat(&self, worker: &WorkerRow) -> Result<(), RegistryError> {
        let text = "INSERT INTO workers
            (id, host, pid, version, started_at, last_heartbeat_at, slots, sandbox)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (id) DO UPDATE SET host = $2, pid = $3, version = $4, started_at = $5,
              last_heartbeat_at = $6, slots = $7, sandbox = $8";
        sql("greet a worker", text)
            .text(&worker.id)
            .text(&worker.host)
            .number(worker.pid.into())
            .text(&worker.version)
            .instant(worker.started_at)
            .instant(worker.last_heartbeat_at)
            .text(&worker.slots)
            .text(&worker.sandbox)
            .run(&mut self.write().await?)
            .await?;
        Ok(())
    }

    /// Processes that were there at an instant or later, longest running first.
    ///
    /// # Errors
    /// `Unavailable` or `Corrupt`.
    pub(crate) async fn active_workers(
        &self,
        since: Timestamp,
    ) -> Result<Vec<WorkerRow>, RegistryError> {
        let text = "SELECT id, host, pid, version, started_at, last_heartbeat_at, slots, sandbox
            FROM workers WHERE last_heartbeat_at >= $1 ORDER BY started_at, id";
        let find = sql("list workers", text).instant(since);
        find.all("workers", &mut self.read().await?).await?.iter().map(worker).collect()
    }

    /// Takes a process off the list.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn deregister(&self, id: &str) -> Result<(), RegistryError> {
        let leave = sql("dismiss a worker", "DELETE FROM workers WHERE id = $1").text(id);
        leave.run(&mut self.write().await?).await?;
        Ok(())
    }
}

fn worker(row: &Row) -> Result<WorkerRow, RegistryError> {
    Ok(WorkerRow {
        id: row.text("id")?,
        host: row.text("host")?,
        pid: row.count("pid")?,
        version: row.text("version")?,
        started_at: row.instant("started_at")?,
        last_heartbeat_at: row.instant("last_heartbeat_at")?,
        slots: row.text("slots")?,
        sandbox: row.text("sandbox")?,
    })
}
