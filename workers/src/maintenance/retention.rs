//! The retention period: old applications are deleted, old rows are pruned.

use jiff::{SignedDuration, Timestamp};
use tracing::info;

use crate::services::{ServiceError, Services};
use crate::verdicts::delete;

/// Most applications in one round.
const PAGE: u32 = 200;

/// Deletes applications without activity for `days`, and commands, dead letters
/// (waiting ones only without an application) and workers of the same age.
///
/// # Errors
/// When a service fails.
pub(super) async fn enforce(services: &Services, days: u32) -> Result<(), ServiceError> {
    let now = Timestamp::now();
    let before = now - SignedDuration::from_hours(24 * i64::from(days));
    let (registry, objects) = (&services.registry, &services.objects);
    for application_id in registry.expired_applications(before, PAGE).await? {
        let deleted = registry.delete_expired(&application_id, before, now, "maintenance").await?;
        if let Some(folders) = deleted {
            delete::delete_folders(registry, objects, &folders).await?;
            info!(application.id = %application_id, "Deleted: no activity for {days} days");
        }
    }
    registry.prune_commands(before).await?;
    let letters = registry.prune_dead_letters(before).await?;
    if letters > 0 {
        info!(letters, "Deleted dead letters older than {days} days");
    }
    registry.prune_workers(before).await?;
    Ok(())
}
