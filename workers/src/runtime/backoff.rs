//! Waits between attempts, of random length so that many workers do not come at once.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// Evenly between 0 and 1. Not for secrets.
pub(crate) fn random() -> f64 {
    // each hasher of the standard library has keys of its own
    let bits = RandomState::new().build_hasher().finish();
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Full jitter: anything up to a limit that doubles with every failure.
pub(crate) struct Backoff {
    least: Duration,
    most: Duration,
    failures: u32,
}

impl Backoff {
    /// From half a second to thirty.
    pub(crate) fn new() -> Self {
        Self { least: Duration::from_millis(500), most: Duration::from_secs(30), failures: 0 }
    }

    /// How long to wait after one more failure.
    pub(crate) fn next(&mut self) -> Duration {
        let limit = self.least.saturating_mul(1 << self.failures.min(16)).min(self.most);
        self.failures += 1;
        limit.mul_f64(random())
    }

    /// It worked: the next failure is the first.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_spread_below_a_limit_that_rises() {
        for (failures, limit) in [(0, 500), (1, 1000), (5, 16_000), (6, 30_000), (60, 30_000)] {
            let waits: Vec<Duration> =
                (0..200).map(|_| Backoff { failures, ..Backoff::new() }.next()).collect();
            let limit = Duration::from_millis(limit);
            assert!(waits.iter().all(|wait| *wait <= limit));
            assert!(waits.iter().any(|wait| *wait > limit / 2));
            assert!(waits.iter().any(|wait| *wait < limit / 2));
        }
    }
}
