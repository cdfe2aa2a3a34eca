//! Portals whose queue is full, and when it is tried again.
//!
//! A message goes to every bound queue, and one that is full rejects it for all: the other
//! queues get a copy with each attempt. So the attempts become rare.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Wait after the first rejection.
const FIRST: Duration = Duration::from_secs(5);
/// Longest wait.
const LONGEST: Duration = Duration::from_secs(5 * 60);
/// Most portals that are remembered.
const MOST: usize = 10_000;

/// The portals whose events are on hold.
#[derive(Default)]
pub(super) struct FullQueues(Mutex<HashMap<String, Hold>>);

struct Hold {
    until: Instant,
    wait: Duration,
}

impl FullQueues {
    /// Whether a key is on hold at an instant.
    pub(super) fn holds(&self, key: &str, now: Instant) -> bool {
        self.keys().get(key).is_some_and(|hold| now < hold.until)
    }

    /// Returns the keys that are on hold at an instant.
    pub(super) fn held(&self, now: Instant) -> Vec<String> {
        let keys = self.keys();
        keys.iter().filter(|(_, hold)| now < hold.until).map(|(key, _)| key.clone()).collect()
    }

    /// Puts a key on hold: its queue rejected a message. Rejections of messages that were sent
    /// before the hold began lengthen it no further.
    pub(super) fn hold(&self, key: &str, now: Instant) {
        let mut keys = self.keys();
        if keys.len() == MOST {
            keys.retain(|_, hold| now < hold.until);
        }
        let earlier = keys.get(key);
        if earlier.is_some_and(|hold| now < hold.until) {
            return;
        }
        let wait = earlier.map_or(FIRST, |hold| (hold.wait * 2).min(LONGEST));
        keys.insert(key.to_owned(), Hold { until: now + wait, wait });
    }

    /// Ends the hold of a key: its queues accepted a message.
    pub(super) fn end(&self, key: &str) {
        self.keys().remove(key);
    }

    fn keys(&self) -> MutexGuard<'_, HashMap<String, Hold>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_is_tried_again_more_and_more_rarely() {
        let (queues, mut now) = (FullQueues::default(), Instant::now());
        assert!(!queues.holds("a", now));
        for seconds in [5, 10, 20, 40, 80, 160, 300, 300] {
            queues.hold("a", now);
            queues.hold("a", now);
            let wait = Duration::from_secs(seconds);
            assert!(queues.holds("a", now + wait - Duration::from_millis(1)), "{seconds}");
            assert!(!queues.holds("a", now + wait), "{seconds}");
            assert!(!queues.holds("b", now));
            assert_eq!(queues.held(now), ["a"]);
            now += wait;
        }
        queues.end("a");
        queues.hold("a", now);
        assert!(!queues.holds("a", now + FIRST));
    }
}
