//! Ids of messages that are worked on in this process.
//!
//! After a lost connection the broker gives a message out again while its
//! first delivery is still worked on; the second one waits here.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

#[derive(Clone, Default)]
pub(super) struct Running(Arc<Inner>);

#[derive(Default)]
struct Inner {
    ids: Mutex<HashSet<String>>,
    left: Notify,
}

/// While it lives, nobody else works on the id.
pub(super) struct Entered {
    running: Running,
    id: String,
}

impl Running {
    /// Waits until nobody works on the id. Messages without one are not told apart.
    pub(super) async fn enter(&self, id: &str) -> Option<Entered> {
        if id.is_empty() {
            return None;
        }
        loop {
            let left = self.0.left.notified();
            tokio::pin!(left);
            // before looking, or a departure in between would be missed
            left.as_mut().enable();
            if self.ids().insert(id.to_owned()) {
                return Some(Entered { running: self.clone(), id: id.to_owned() });
            }
            left.await;
        }
    }

    fn ids(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.running.ids().remove(&self.id);
        self.running.0.left.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first() {
        let running = Running::default();
        let first = running.enter("a").await;
        assert!(running.enter("b").now_or_never().is_some());
        let second = running.enter("a");
        tokio::pin!(second);
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        assert!(second.await.is_some());
        assert!(running.enter("").await.is_none());
    }
}
