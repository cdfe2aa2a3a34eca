//! What was begun and not finished, by whoever was interrupted.

use jiff::{SignedDuration, Timestamp};
use tracing::info;

use super::go_on;
use crate::services::Services;
use crate::verdicts::attach;
use crate::verdicts::delete;
use crate::worker::WorkError;

/// Whoever began is given so long to finish.
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);
/// At most so many a round.
const PAGE: u32 = 200;

/// Attaches, sends and erases what is left over.
///
/// # Errors
/// When a service fails; what was done stays done.
pub(super) async fn leftovers(services: &Services, patience: bool) -> Result<(), WorkError> {
    let now = Timestamp::now();
    let before = if patience { now - PATIENCE } else { now };
    // what is to be forgotten comes first, whatever becomes of the rest
    let erased = services.registry.pending_deletions(PAGE, before).await?;
    for folder in &erased {
        go_on(
            services,
            delete::folder(&services.registry, &services.objects, folder).await,
            folder,
        )
        .await?;
    }
    services.registry.prune_deletions(now).await?;
    let revisions = services.registry.unattached_revisions(PAGE, before).await?;
    for revision in &revisions {
        go_on(services, attach::attach(services, revision).await, &revision.application_id).await?;
    }
    let events = services.registry.unsent_events(None, PAGE, before).await?;
    for event in &events {
        go_on(services, attach::send_one(services, event).await, &event.application_id).await?;
    }
    if revisions.len() + events.len() + erased.len() > 0 {
        info!(
            attached = revisions.len(),
            sent = events.len(),
            erased = erased.len(),
            "Finished what was left over"
        );
    }
    Ok(())
}

/// Erases applications of which nothing was heard for `days`, and forgets
/// commands, settled dead letters and workers that are as old.
///
/// # Errors
/// When a service fails.
pub(super) async fn retention(services: &Services, days: u32) -> Result<(), WorkError> {
    let now = Timestamp::now();
    let before = now - SignedDuration::from_hours(24 * i64::from(days));
    for application_id in services.registry.expired_applications(before, PAGE).await? {
        let (registry, objects) = (&services.registry, &services.objects);
        if let Some(folders) =
            registry.delete_expired(&application_id, before, now, "keeper").await?
        {
            delete::folders(registry, objects, &folders).await?;
            info!(application.id = %application_id, "Erased: {days} days without news");
        }
    }
    services.registry.prune_commands(before).await?;
    let letters = services.registry.prune_dead_letters(before).await?;
    if letters > 0 {
        info!(letters, "Forgot dead letters that are {days} days old");
    }
    services.registry.prune_workers(before).await?;
    Ok(())
}
