//! Rounds of everything that depends on the clock.

use jiff::SignedDuration;

use super::retention::Retention;
use super::round_error::RoundError;
use super::unfinished::Unfinished;
use super::{late_writes, next_day};
use crate::services::{Services, agreed_clock};

/// Rounds of everything that depends on the clock, and their place in each list.
pub(super) struct Rounds {
    unfinished: Unfinished,
    retention: Retention,
}

impl Rounds {
    pub(super) fn new(retention: Retention) -> Self {
        Self { unfinished: Unfinished::default(), retention }
    }

    /// Does one round, by the clock of the database. `grace` is the time that other processes
    /// have to finish what they began.
    ///
    /// # Errors
    /// When the clocks differ, or a service fails; the next round does the rest.
    pub(super) async fn run_next(
        &mut self,
        services: &Services,
        grace: SignedDuration,
    ) -> Result<(), RoundError> {
        let now = agreed_clock(&services.registry).await?;
        self.unfinished.finish(services, now, grace).await?;
        late_writes::repair(services, now).await?;
        next_day::process_due(services, services.judge_context_at(now).on).await?;
        Ok(self.retention.enforce(services, now).await?)
    }

    /// Whether everything that was due was tried once.
    pub(super) fn is_complete(&self) -> bool {
        self.unfinished.is_complete() && self.retention.is_complete()
    }
}

/// Updates the gauges of the backlog.
pub(super) async fn update_gauges(services: &Services) {
    let Ok(counts) = services.registry.counts().await else { return };
    let Ok(now) = services.registry.clock().await else { return };
    for (what, backlog) in [
        ("unattached", counts.unattached_revisions),
        ("unsent", counts.unsent_events),
        ("dead", counts.dead_letters),
        ("undeleted", counts.pending_deletions),
    ] {
        metrics::gauge!("tekseru_backlog", "what" => what).set(backlog.count as f64);
        let age = backlog.oldest.map(|at| now.duration_since(at).as_secs_f64());
        metrics::gauge!("tekseru_backlog_age_seconds", "what" => what).set(age.unwrap_or(0.0));
    }
}
