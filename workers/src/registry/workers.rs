//! Running workers, known by their heartbeats.

use jiff::Timestamp;

use super::connection::Registry;
use super::error::RegistryError;
use super::statement::{Row, sql};

/// One worker process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WorkerRow {
    /// Another with every start.
    pub(crate) id: String,
    /// Host name.
    pub(crate) host: String,
    /// Process id.
    pub(crate) pid: u32,
    /// Version of the program.
    pub(crate) version: String,
    /// When it started.
    pub(crate) started_at: Timestamp,
    /// Its last heartbeat.
    pub(crate) last_heartbeat_at: Timestamp,
    /// Slots by lane, JSON.
    pub(crate) slots: String,
    /// Whether uploads are examined in a sandbox: `on` or `off`.
    pub(crate) sandbox: String,
}

impl Registry {
    /// Records the heartbeat of a worker.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn heartbeat(&self, worker: &WorkerRow) -> Result<(), RegistryError> {
        let text = "INSERT INTO workers
            (id, host, pid, version, started_at, last_heartbeat_at, slots, sandbox)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (id) DO UPDATE SET host = $2, pid = $3, version = $4, started_at = $5,
              last_heartbeat_at = $6, slots = $7, sandbox = $8";
        sql("record a heartbeat", text)
            .text(&worker.id)
            .text(&worker.host)
            .number(worker.pid.into())
            .text(&worker.version)
            .instant(worker.started_at)
            .instant(worker.last_heartbeat_at)
            .text(&worker.slots)
            .text(&worker.sandbox)
            .execute(&mut self.write().await?)
            .await?;
        Ok(())
    }

    /// Returns workers with a heartbeat at an instant or later, longest running first.
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
        let rows = find.fetch_all("workers", &mut self.read().await?).await?;
        rows.iter().map(read_worker).collect()
    }

    /// Removes a worker that ends.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn deregister(&self, id: &str) -> Result<(), RegistryError> {
        let delete = sql("deregister a worker", "DELETE FROM workers WHERE id = $1").text(id);
        delete.execute(&mut self.write().await?).await?;
        Ok(())
    }
}

fn read_worker(row: &Row) -> Result<WorkerRow, RegistryError> {
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
