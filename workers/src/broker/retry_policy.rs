//! How often and after which delay a message is tried again. Pure: jitter is an argument.

use std::time::Duration;

/// The delay before a message is tried again; each has an exchange and a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RetryDelay {
    /// Ten seconds.
    Seconds10,
    /// Two minutes.
    Minutes2,
    /// A quarter of an hour.
    Minutes15,
    /// Two hours.
    Hours2,
}

impl RetryDelay {
    /// Every delay, shortest first.
    pub(crate) const ALL: [Self; 4] =
        [Self::Seconds10, Self::Minutes2, Self::Minutes15, Self::Hours2];

    /// Returns the delay after a failed attempt, counted from 1.
    pub(crate) fn after_attempt(attempt: u32) -> Self {
        match attempt {
            0 | 1 => Self::Seconds10,
            2 => Self::Minutes2,
            3 => Self::Minutes15,
            _ => Self::Hours2,
        }
    }

    /// Returns the delay where no attempt is counted, after `waits` earlier such delays. The message is not at fault, so it never waits for two hours.
    pub(crate) fn after_waits(waits: u32) -> Self {
        Self::after_attempt(waits.saturating_add(1).min(3))
    }

    /// Returns the name.
    pub(crate) fn name(self) -> &'static str {
        &self.exchange()["retry.".len()..]
    }

    /// Returns the name of the exchange, which is also the name of its queue.
    pub(crate) fn exchange(self) -> &'static str {
        match self {
            Self::Seconds10 => "retry.10s",
            Self::Minutes2 => "retry.2m",
            Self::Minutes15 => "retry.15m",
            Self::Hours2 => "retry.2h",
        }
    }

    /// Returns the delay before jitter.
    pub(crate) fn duration(self) -> Duration {
        Duration::from_secs(match self {
            Self::Seconds10 => 10,
            Self::Minutes2 => 120,
            Self::Minutes15 => 900,
            Self::Hours2 => 7200,
        })
    }
}

/// Limits on retries.
pub(super) struct RetryPolicy {
    /// Attempts before a message is dead-lettered.
    pub(super) max_attempts: u32,
    /// Factor on every delay.
    pub(super) delay_scale: f64,
}

impl RetryPolicy {
    /// Whether no further attempt follows.
    pub(super) fn is_last_attempt(&self, attempt: u32) -> bool {
        attempt >= self.max_attempts
    }

    /// Returns the time to live in the retry queue: the delay, 20 % more or less.
    /// `jitter` is uniform between 0 and 1.
    pub(super) fn time_to_live(&self, delay: RetryDelay, jitter: f64) -> Duration {
        let time_to_live = delay.duration().mul_f64(self.delay_scale * (0.8 + 0.4 * jitter));
        // never 0: such a message would expire before it is queued
        time_to_live.max(Duration::from_millis(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_rise_up_to_two_hours() {
        let delays = (1..=6).map(|attempt| RetryDelay::after_attempt(attempt).name());
        assert_eq!(delays.collect::<Vec<_>>(), ["10s", "2m", "15m", "2h", "2h", "2h"]);
    }
}
