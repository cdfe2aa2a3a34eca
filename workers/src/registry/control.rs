//! Lanes that people have paused, and work that one process does at a time.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::audit::{self, AuditEntry};
use super::statement::sql;
use super::{Registry, RegistryError};

impl Registry {
    /// Pauses a lane; workers see it when they next look. Pausing twice is pausing once.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn pause_lane(
        &self,
        lane: &str,
        who: &str,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        let text = "INSERT INTO paused_lanes (lane, paused_by, paused_at) VALUES ($1, $2, $3)
            ON CONFLICT (lane) DO NOTHING";
        let pause = sql("pause a lane", text).text(lane).text(who).instant(at);
        let mut session = self.begin().await?;
        if pause.run(&mut session).await? == 1 {
            let entry = AuditEntry::new(who, "lane.paused", None).with_detail(lane);
            audit::append(&mut session, self.dialect, at, &[entry]).await?;
        }
        session.commit().await
    }

    /// Lets a lane go on.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn resume_lane(
        &self,
        lane: &str,
        who: &str,
        at: Timestamp,
    ) -> Result<(), RegistryError> {
        let resume = sql("resume a lane", "DELETE FROM paused_lanes WHERE lane = $1").text(lane);
        let mut session = self.begin().await?;
        if resume.run(&mut session).await? == 1 {
            let entry = AuditEntry::new(who, "lane.resumed", None).with_detail(lane);
            audit::append(&mut session, self.dialect, at, &[entry]).await?;
        }
        session.commit().await
    }

    /// Lanes that are paused.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn paused_lanes(&self) -> Result<BTreeSet<String>, RegistryError> {
        let find = sql("read paused_lanes", "SELECT lane FROM paused_lanes ORDER BY lane");
        let rows = find.all("paused_lanes", &mut self.read().await?).await?;
        rows.iter().map(|row| row.text("lane")).collect()
    }

    /// Takes a lease or renews one's own; false while another holds it. It
    /// rests on the holders' clocks: let `for_` be far longer than they differ.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn acquire_lease(
        &self,
        name: &str,
        holder: &str,
        for_: Duration,
        now: Timestamp,
    ) -> Result<bool, RegistryError> {
        const WHAT: &str = "take a lease";
        let until = SignedDuration::try_from(for_).ok().and_then(|d| now.checked_add(d).ok());
        let until = until.ok_or_else(|| RegistryError::internal(WHAT, "too long"))?;
        let text = "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET holder = $2, expires_at = $3
            WHERE leases.holder = $2 OR leases.expires_at <= $4";
        let take = sql(WHAT, text).text(name).text(holder).instant(until).instant(now);
        Ok(take.run(&mut self.write().await?).await? == 1)
    }

    /// Gives a lease back, if it is one's own.
    ///
    /// # Errors
    /// `Unavailable`.
    pub(crate) async fn release_lease(
        &self,
        name: &str,
        holder: &str,
    ) -> Result<(), RegistryError> {
        let text = "DELETE FROM leases WHERE name = $1 AND holder = $2";
        let release = sql("release a lease", text).text(name).text(holder);
        release.run(&mut self.write().await?).await?;
        Ok(())
    }
}
