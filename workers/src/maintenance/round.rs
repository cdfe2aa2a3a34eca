//! One round of everything that depends on the clock.

use jiff::SignedDuration;

use super::clock::{self, RoundError};
use super::retention::Retention;
use super::{late_writes, next_day, unfinished};
use crate::services::Services;

/// Does one round, by the clock of the database. `grace` is the time that other processes
/// have to finish what they began.
///
/// # Errors
/// When the clocks differ, or a service fails; the next round does the rest.
pub(super) async fn run_round(
    services: &Services,
    retention: &mut Retention,
    grace: SignedDuration,
) -> Result<(), RoundError> {
    let now = clock::agreed(&services.registry).await?;
    unfinished::finish(services, now, grace).await?;
    late_writes::repair(services, now).await?;
    next_day::process_due(services, services.judge_context_at(now).on).await?;
    Ok(retention.enforce(services, now).await?)
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
