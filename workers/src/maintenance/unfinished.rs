//! Work that an interrupted process began: deletions, revisions that are not
//! attached, events that are not published.

use jiff::{SignedDuration, Timestamp};
use tracing::info;

use super::skip_failed::skip_failed;
use super::turn::Turn;
use crate::broker::Exchange;
use crate::registry::{OutgoingEvent, UnreadableRow};
use crate::services::{ServiceError, Services};
use crate::verdicts::delete;
use crate::verdicts::event::routing_key;

/// Time that the process which began the work has to finish it.
pub(super) const GRACE: SignedDuration = SignedDuration::from_secs(60);

/// Work that others began and did not finish, list by list.
#[derive(Default)]
pub(super) struct Unfinished {
    deletions: Turn,
    letters: Turn,
    revisions: Turn,
    events: Turn,
    has_more: bool,
}

impl Unfinished {
    /// Finishes work that was begun at least `grace` before `now`, some of each list.
    ///
    /// # Errors
    /// When a service fails; completed steps stay completed.
    pub(super) async fn finish(
        &mut self,
        services: &Services,
        now: Timestamp,
        grace: SignedDuration,
    ) -> Result<(), ServiceError> {
        let before = now - grace;
        self.has_more = false;
        // deletions come first, whatever becomes of the rest
        let deleted = self.delete(services, now, before).await?;
        let attached = self.attach(services, before).await?;
        let published = self.publish(services, before).await?;
        if attached + published + deleted > 0 {
            info!(attached, published, deleted, "Finished interrupted work");
        }
        Ok(())
    }

    /// Whether a list has more, so that the next round follows at once: each pass of a list
    /// ends, whatever fails in it.
    pub(super) fn has_more(&self) -> bool {
        self.has_more
    }

    /// Whether each item of each list was tried once.
    pub(super) fn is_complete(&self) -> bool {
        let Self { deletions, letters, revisions, events, .. } = self;
        [deletions, letters, revisions, events].into_iter().all(Turn::is_complete)
    }

    async fn delete(
        &mut self,
        services: &Services,
        now: Timestamp,
        before: Timestamp,
    ) -> Result<usize, ServiceError> {
        let registry = &services.registry;
        let folders = registry.pending_deletions(self.deletions.page(), before).await?;
        let mut deleted = 0;
        for folder in &folders {
            let result = delete::delete_folder(registry, &services.objects, folder).await;
            let failed = skip_failed(services, result, folder).await?;
            self.deletions.count_failed(failed);
            deleted += 1 - failed;
        }
        self.has_more |= !self.deletions.end_page(folders.len());
        registry.prune_deletions(now).await?;
        let letters = registry.letters_without_mentions(self.letters.page()).await?;
        for letter in &letters {
            let completed = registry.complete_mentions(letter, now).await;
            self.letters.count_failed(skip_failed(services, completed, letter).await?);
        }
        self.letters.end_page(letters.len());
        Ok(deleted)
    }

    async fn attach(
        &mut self,
        services: &Services,
        before: Timestamp,
    ) -> Result<usize, ServiceError> {
        let attacher = services.attacher();
        let listed = services.registry.unattached_revisions(self.revisions.page(), before).await?;
        let (length, revisions) = (listed.len(), listed.rows);
        self.revisions.count_failed(report_unreadable(services, listed.unreadable).await?);
        let mut attached = 0;
        for revision in &revisions {
            let result = attacher.attach(revision).await;
            let failed = skip_failed(services, result, &revision.application).await?;
            self.revisions.count_failed(failed);
            attached += 1 - failed;
        }
        self.has_more |= !self.revisions.end_page(length);
        Ok(attached)
    }

    async fn publish(
        &mut self,
        services: &Services,
        before: Timestamp,
    ) -> Result<usize, ServiceError> {
        let attacher = services.attacher();
        // what waits for a full queue takes no place from the others
        let held = services.publisher.held_portals();
        let listed = services.registry.unsent_events(&held, self.events.page(), before).await?;
        let (length, events) = (listed.len(), listed.rows);
        self.events.count_failed(report_unreadable(services, listed.unreadable).await?);
        let mut published = 0;
        let is_held = |event: &OutgoingEvent| {
            let key = routing_key(event.application.portal(), &event.routing_key);
            services.publisher.holds(Exchange::Verdicts, &key)
        };
        for event in events.iter().filter(|event| !is_held(event)) {
            let result = attacher.publish(event).await;
            let failed = skip_failed(services, result, &event.application).await?;
            // one whose queue has become full is not in the next list
            let stays = failed > 0 && !is_held(event);
            self.events.count_failed(stays.into());
            published += 1 - failed;
        }
        self.has_more |= !self.events.end_page(length);
        Ok(published)
    }
}

async fn report_unreadable(
    services: &Services,
    unreadable: Vec<UnreadableRow>,
) -> Result<usize, ServiceError> {
    let mut failed = 0;
    for row in unreadable {
        failed += skip_failed(services, Err(row.error), &row.application_id).await?;
    }
    Ok(failed)
}
