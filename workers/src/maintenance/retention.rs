//! The retention period: old applications are deleted, old rows are pruned.
//!
//! Deleting cannot be undone. If a clock or the setting is wrong, the limit for an hour
//! leaves time to notice.

use jiff::{SignedDuration, Timestamp};
use tracing::{info, warn};

use super::skip_failed::skip_failed;
use super::turn::Turn;
use crate::application_key::ApplicationKey;
use crate::registry::{Expiry, PRUNED};
use crate::services::{ServiceError, Services};
use crate::verdicts::delete;

/// The retention period and its limit.
pub(super) struct Retention {
    days: u32,
    per_hour: u32,
    turn: Turn,
    /// Whether the last round reached the limit.
    is_limited: bool,
    /// Whether the last round left old rows for the next.
    has_more: bool,
}

impl Retention {
    pub(super) fn new(days: u32, per_hour: u32) -> Self {
        Self { days, per_hour, turn: Turn::default(), is_limited: false, has_more: false }
    }

    /// Deletes applications without activity for the retention period; once none is left,
    /// commands, dead letters (waiting ones only without an application) and workers of the
    /// same age. `now` is the time by the database.
    ///
    /// # Errors
    /// When a service is down.
    pub(super) async fn enforce(
        &mut self,
        services: &Services,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let before = now - SignedDuration::from_hours(24 * i64::from(self.days));
        let registry = &services.registry;
        let due = registry.expired_applications(before, self.turn.page()).await?;
        let mut is_limited = false;
        self.has_more = false;
        for application in &due {
            match self.delete(services, application, before).await {
                Ok(Expiry::Deleted(folders)) => {
                    let deleted = delete::delete_folders(registry, &services.objects, &folders);
                    skip_failed(services, deleted.await, application).await?;
                }
                Ok(Expiry::Kept) => {}
                Ok(Expiry::LimitReached) => {
                    is_limited = true;
                    break;
                }
                Err(error) => {
                    let failed = skip_failed(services, Err(error), application).await?;
                    self.turn.count_failed(failed);
                }
            }
        }
        self.report_limit(is_limited);
        if is_limited || !self.turn.end_page(due.len()) {
            // if the time is wrong, it is wrong for what follows too
            return Ok(());
        }
        let commands = registry.prune_commands(before).await?;
        let letters = registry.prune_dead_letters(before).await?;
        if letters > 0 {
            info!(letters, "Deleted dead letters older than {} days", self.days);
        }
        self.has_more = commands.max(letters) >= PRUNED;
        registry.prune_workers(before).await?;
        Ok(())
    }

    /// Whether there is more to prune, so that the next round follows at once.
    pub(super) fn has_more(&self) -> bool {
        self.has_more
    }

    /// Whether each application was tried once, as far as the limit allows, and nothing old is
    /// left.
    pub(super) fn is_complete(&self) -> bool {
        self.is_limited || (self.turn.is_complete() && !self.has_more)
    }

    async fn delete(
        &self,
        services: &Services,
        application: &ApplicationKey,
        before: Timestamp,
    ) -> Result<Expiry, ServiceError> {
        let registry = &services.registry;
        // a round may last longer than the hour that is counted
        let at = registry.clock().await?;
        let expiry = registry.delete_expired(application, before, at, "maintenance", self.per_hour);
        let expiry = expiry.await?;
        if matches!(expiry, Expiry::Deleted(_)) {
            metrics::counter!("tekseru_expired_applications_total").increment(1);
            info!(application.id = %application, "Deleted: no activity for {} days", self.days);
        }
        Ok(expiry)
    }

    fn report_limit(&mut self, is_limited: bool) {
        metrics::gauge!("tekseru_retention_limited").set(f64::from(is_limited));
        if is_limited && !self.is_limited {
            warn!(
                limit = self.per_hour,
                "More applications are older than {} days than may be deleted in an hour; the \
                 others wait. See --deletions-per-hour",
                self.days
            );
        }
        self.is_limited = is_limited;
    }
}
