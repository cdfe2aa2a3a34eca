//! Work that an interrupted process began: deletions, revisions that are not
//! attached, events that are not published.

use jiff::{SignedDuration, Timestamp};
use tracing::info;

use super::skip_failed::skip_failed;
use crate::registry::UnreadableRow;
use crate::services::{ServiceError, Services};
use crate::verdicts::delete;

/// Time that the process which began the work has to finish it.
pub(super) const GRACE: SignedDuration = SignedDuration::from_secs(60);
/// Most items of each sort in one round.
const PAGE: u32 = 200;

/// Finishes work that was begun at least `grace` before `now`.
///
/// # Errors
/// When a service fails; completed steps stay completed.
pub(super) async fn finish(
    services: &Services,
    now: Timestamp,
    grace: SignedDuration,
) -> Result<(), ServiceError> {
    let before = now - grace;
    let (registry, attacher) = (&services.registry, services.attacher());
    // deletions come first, whatever becomes of the rest
    let folders = registry.pending_deletions(PAGE, before).await?;
    for folder in &folders {
        let deleted = delete::delete_folder(registry, &services.objects, folder).await;
        skip_failed(services, deleted, folder).await?;
    }
    registry.prune_deletions(now).await?;
    for letter in registry.letters_without_mentions(PAGE).await? {
        let completed = registry.complete_mentions(&letter, now).await;
        skip_failed(services, completed, &letter).await?;
    }
    let revisions = registry.unattached_revisions(PAGE, before).await?;
    report_unreadable(services, revisions.unreadable).await?;
    for revision in &revisions.rows {
        let attached = attacher.attach(revision).await;
        skip_failed(services, attached, &revision.application_id).await?;
    }
    let events = registry.unsent_events(None, PAGE, before).await?;
    report_unreadable(services, events.unreadable).await?;
    for event in &events.rows {
        let published = attacher.publish(event).await;
        skip_failed(services, published, &event.application_id).await?;
    }
    let (revisions, events) = (revisions.rows.len(), events.rows.len());
    if revisions + events + folders.len() > 0 {
        info!(
            attached = revisions,
            published = events,
            deleted = folders.len(),
            "Finished interrupted work"
        );
    }
    Ok(())
}

async fn report_unreadable(
    services: &Services,
    unreadable: Vec<UnreadableRow>,
) -> Result<(), ServiceError> {
    for row in unreadable {
        skip_failed(services, Err(row.error), &row.application_id).await?;
    }
    Ok(())
}
