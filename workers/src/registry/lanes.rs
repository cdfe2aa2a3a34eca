//! Lanes that an operator has paused.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::audit::{self, AuditEntry};
use super::connection::Registry;
use super::error::RegistryError;
use super::statement::sql;

impl Registry {
    /// Pauses a lane; workers notice at their next heartbeat. A lane that is
    /// paused already stays as it is.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn pause_lane(
        &self,
        lane: &str,
        actor: &str,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        let text = "INSERT INTO paused_lanes (lane, paused_by, paused_at) VALUES ($1, $2, $3)
            ON CONFLICT (lane) DO NOTHING";
        let pause = sql("pause a lane", text).text(lane).text(actor).instant(at);
        let mut session = self.begin().await?;
        if pause.execute(&mut session).await? == 1 {
            let entry = AuditEntry::new(actor, "lane.paused", None).with_detail(lane);
            audit::append(&mut session, self.dialect, at, &[entry]).await?;
        }
        session.commit().await
    }

    /// Resumes a lane.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn resume_lane(
        &self,
        lane: &str,
        actor: &str,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        let resume = sql("resume a lane", "DELETE FROM paused_lanes WHERE lane = $1").text(lane);
        let mut session = self.begin().await?;
        if resume.execute(&mut session).await? == 1 {
            let entry = AuditEntry::new(actor, "lane.resumed", None).with_detail(lane);
            audit::append(&mut session, self.dialect, at, &[entry]).await?;
        }
        session.commit().await
    }

    /// Returns the names of paused lanes.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn paused_lanes(&self) -> Result<BTreeSet<String>, RegistryError> {
        let find = sql("list paused lanes", "SELECT lane FROM paused_lanes ORDER BY lane");
        let rows = find.fetch_all("paused_lanes", &mut self.read().await?).await?;
        rows.iter().map(|row| row.text("lane")).collect()
    }
}
