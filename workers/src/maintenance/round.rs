//! One round of everything that depends on the clock.

use jiff::{SignedDuration, Timestamp};

use super::{late_writes, next_day, retention, unfinished};
use crate::services::{ServiceError, Services};

/// Does one round. `grace` is the time that other processes have to finish
/// what they began.
///
/// # Errors
/// When a service fails; the next round does the rest.
pub(super) async fn run_round(
    services: &Services,
    retention_days: u32,
    grace: SignedDuration,
) -> Result<(), ServiceError> {
    unfinished::finish(services, grace).await?;
    late_writes::repair(services).await?;
    next_day::process_due(services, services.judge_context().on).await?;
    retention::enforce(services, retention_days).await
}

/// Updates the gauges of the backlog.
pub(super) async fn update_gauges(services: &Services) {
    let Ok(counts) = services.registry.counts().await else { return };
    for (what, backlog) in [
        ("unattached", counts.unattached_revisions),
        ("unsent", counts.unsent_events),
        ("dead", counts.dead_letters),
        ("undeleted", counts.pending_deletions),
    ] {
        metrics::gauge!("tekseru_backlog", "what" => what).set(backlog.count as f64);
        let age = backlog.oldest.map(|at| Timestamp::now().duration_since(at).as_secs_f64());
        metrics::gauge!("tekseru_backlog_age_seconds", "what" => what).set(age.unwrap_or(0.0));
    }
}
