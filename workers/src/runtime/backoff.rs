//! Exponential backoff with full jitter, so that many workers do not retry at the same time.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// Returns a number, uniform between 0 and 1. Not for secrets.
pub(crate) fn random() -> f64 {
    // each hasher of the standard library has its own random keys
    let bits = RandomState::new().build_hasher().finish();
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Exponential backoff with full jitter: a random delay up to a limit that doubles with every failure.
pub(crate) struct Backoff {
    first_limit: Duration,
    max_limit: Duration,
    failures: u32,
}

impl Backoff {
    /// Returns a backoff with limits from half a second to thirty seconds.
    pub(crate) fn new() -> Self {
        Self::up_to(Duration::from_secs(30))
    }

    /// Returns a backoff with limits from half a second to this.
    pub(crate) fn up_to(max_limit: Duration) -> Self {
        Self { first_limit: Duration::from_millis(500), max_limit, failures: 0 }
    }

    /// Returns the delay after another failure.
    pub(crate) fn next(&mut self) -> Duration {
        let limit = self.first_limit.saturating_mul(1 << self.failures.min(16)).min(self.max_limit);
        self.failures += 1;
        limit.mul_f64(random())
    }

    /// Resets after a success: the next failure counts as the first.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_vary_below_a_rising_limit() {
        for (failures, limit) in [(0, 500), (1, 1000), (5, 16_000), (6, 30_000), (60, 30_000)] {
            let delays: Vec<Duration> =
                (0..200).map(|_| Backoff { failures, ..Backoff::new() }.next()).collect();
            let limit = Duration::from_millis(limit);
            assert!(delays.iter().all(|delay| *delay <= limit));
            assert!(delays.iter().any(|delay| *delay > limit / 2));
            assert!(delays.iter().any(|delay| *delay < limit / 2));
        }
    }
}
