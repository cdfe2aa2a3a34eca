//! The least throughput of a response body.

use tokio::time::Instant;

use super::super::config::Limits;

/// Counts the bytes of each window of time. A server that sends a byte now and
/// then never exceeds a time limit on reads, so bytes are counted instead.
pub(super) struct Throughput<'a> {
    limits: &'a Limits,
    window_end: Instant,
    bytes: u64,
}

impl<'a> Throughput<'a> {
    pub(super) fn new(limits: &'a Limits, now: Instant) -> Self {
        Self { limits, window_end: now + limits.throughput_window, bytes: 0 }
    }

    /// Returns when the window ends.
    pub(super) fn window_end(&self) -> Instant {
        self.window_end
    }

    /// Counts received bytes, and returns whether the throughput is still sufficient.
    pub(super) fn record(&mut self, bytes: u64, now: Instant) -> bool {
        self.bytes += bytes;
        if now < self.window_end {
            return true;
        }
        let is_sufficient = self.bytes >= self.limits.min_bytes_per_window;
        *self = Self::new(self.limits, now);
        is_sufficient
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_window_is_counted_alone() {
        let limits = Limits {
            throughput_window: Duration::from_secs(30),
            min_bytes_per_window: 100,
            ..Limits::default()
        };
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut throughput = Throughput::new(&limits, start);
        assert!(throughput.record(1000, at(1)));
        assert!(throughput.record(0, at(30)), "a thousand bytes came in the first window");
        assert!(throughput.record(99, at(59)));
        assert!(!throughput.record(0, at(60)), "they do not count in the second");
        assert!(throughput.record(99, at(61)));
        assert!(throughput.record(1, at(90)), "a hundred are enough");
    }
}
