//! Rounds of everything that depends on the clock.

use jiff::SignedDuration;

use super::late_writes;
use super::next_day::NextDay;
use super::retention::Retention;
use super::unfinished::Unfinished;
use crate::services::{ServiceError, Services, agreed_clock};

/// Rounds of everything that depends on the clock, and their place in each list.
pub(super) struct Rounds {
    unfinished: Unfinished,
    next_day: NextDay,
    retention: Retention,
}

impl Rounds {
    pub(super) fn new(retention: Retention) -> Self {
        Self { unfinished: Unfinished::default(), next_day: NextDay::default(), retention }
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
    ) -> Result<(), ServiceError> {
        let now = agreed_clock(&services.registry).await?;
        self.unfinished.finish(services, now, grace).await?;
        late_writes::repair(services, now).await?;
        self.next_day.process_due(services, services.judge_context_at(now).on).await?;
        self.retention.enforce(services, now).await
    }

    /// Whether there is more to do, so that the next round follows at once.
    pub(super) fn has_more(&self) -> bool {
        let Self { unfinished, next_day, retention } = self;
        unfinished.has_more() || next_day.has_more() || retention.has_more()
    }

    /// Whether everything that was due was tried once.
    pub(super) fn is_complete(&self) -> bool {
        let Self { unfinished, next_day, retention } = self;
        unfinished.is_complete() && next_day.is_complete() && retention.is_complete()
    }
}

/// Updates the gauges of the backlog.
pub(super) async fn update_gauges(services: &Services) {
    let Ok(backlogs) = services.registry.backlogs().await else { return };
    let Ok(now) = services.registry.clock().await else { return };
    for (what, backlog) in [
        ("unattached", backlogs.unattached_revisions),
        ("unsent", backlogs.unsent_events),
        ("dead", backlogs.dead_letters),
        ("undeleted", backlogs.pending_deletions),
    ] {
        metrics::gauge!("tekseru_backlog", "what" => what).set(backlog.count as f64);
        let age = backlog.oldest.map(|at| now.duration_since(at).as_secs_f64());
        metrics::gauge!("tekseru_backlog_age_seconds", "what" => what).set(age.unwrap_or(0.0));
    }
}
