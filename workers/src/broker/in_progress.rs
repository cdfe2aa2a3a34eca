//! Ids of the messages that this process is handling.
//!
//! After a lost connection the broker redelivers a message while its first
//! delivery is still handled; the second delivery waits here.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::message::Message;
use crate::portal::Portal;

/// The ids in progress.
#[derive(Clone, Default)]
pub(super) struct InProgress(Arc<Inner>);

#[derive(Default)]
struct Inner {
    ids: Mutex<HashSet<String>>,
    released: Notify,
}

/// The exclusive right to handle an id, released on drop.
pub(super) struct Claim {
    in_progress: InProgress,
    id: String,
}

impl InProgress {
    /// Waits until no other delivery of the id is in progress. Messages without an id do not wait.
    pub(super) async fn claim(&self, message: &Message) -> Option<Claim> {
        let portal = message.headers.portal.as_ref().map_or("", Portal::as_str);
        // another portal may use the same id
        let id = format!("{portal}/{}", message.id);
        if message.id.is_empty() {
            return None;
        }
        loop {
            let released = self.0.released.notified();
            tokio::pin!(released);
            // before the check, or a release in between would be missed
            released.as_mut().enable();
            if self.ids().insert(id.clone()) {
                return Some(Claim { in_progress: self.clone(), id });
            }
            released.await;
        }
    }

    fn ids(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.in_progress.ids().remove(&self.id);
        self.in_progress.0.released.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn message(id: &str) -> Message {
        Message::new(id, "kind", "")
    }

    #[tokio::test]
    async fn a_second_claim_waits_for_the_first() {
        let in_progress = InProgress::default();
        let first = in_progress.claim(&message("a")).await;
        let mut other = message("a");
        other.headers.portal = "other".parse().ok();
        assert!(in_progress.claim(&other).now_or_never().is_some(), "of another portal");
        assert!(in_progress.claim(&message("b")).now_or_never().is_some());
        let again = message("a");
        let second = in_progress.claim(&again);
        tokio::pin!(second);
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        assert!(second.await.is_some());
        assert!(in_progress.claim(&message("")).await.is_none());
    }
}
