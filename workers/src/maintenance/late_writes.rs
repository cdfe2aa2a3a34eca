//! Writes that arrive late: a request to the store that its process gave up may still be
//! carried out, and put an older revision in place of the newest.

use jiff::Timestamp;
use tracing::warn;

use super::skip_failed::skip_failed;
use crate::services::{ServiceError, Services};

/// Most checks in one round.
const PAGE: u32 = 200;

/// Compares `latest` copies that are due with the newest revision, and stores them again where they differ.
///
/// # Errors
/// When a service fails; the next round does the rest.
pub(super) async fn repair(services: &Services, now: Timestamp) -> Result<(), ServiceError> {
    let (registry, attacher) = (&services.registry, services.attacher());
    for check in registry.due_latest_checks(PAGE, now).await? {
        let id = &check.application;
        match attacher.check_latest(id, &check.scope).await {
            Ok(repaired) => {
                if repaired {
                    warn!(application.id = %id, "An older revision was in place of the newest");
                }
                registry.complete_latest_check(&check).await?;
            }
            Err(error) => {
                skip_failed(services, Err::<(), _>(error), id).await?;
                // later, so that it does not take the place of others in each round
                registry.request_latest_check(id, &check.scope, now).await?;
            }
        }
    }
    Ok(())
}
