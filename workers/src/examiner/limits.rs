//! The limits on an examining process.

use std::num::NonZero;
use std::time::Duration;

/// The time and memory that one child may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChildLimits {
    /// Seconds of processor time.
    pub(crate) seconds: u32,
    /// Address space in MiB, in addition to what the zygote has.
    pub(crate) memory_mib: u32,
}

impl ChildLimits {
    /// Returns the wall-clock time after which a child is given up: four times its
    /// processor time, and a minute. A child that gets less than a quarter of a processor
    /// shows an overloaded machine, so the end of this time says nothing about the file.
    pub(super) fn wall_clock(self) -> Duration {
        Duration::from_secs(u64::from(self.seconds) * 4 + 60)
    }

    /// Returns how many children have their memory in so many MiB, at least one.
    pub(super) fn children_in(self, memory_mib: NonZero<u64>) -> NonZero<usize> {
        let children = memory_mib.get() / u64::from(self.memory_mib.max(1));
        usize::try_from(children).ok().and_then(NonZero::new).unwrap_or(NonZero::<usize>::MIN)
    }
}

impl Default for ChildLimits {
    /// A minute and 512 MiB: a picture of 50 megapixels takes 143 MiB decoded.
    fn default() -> Self {
        Self { seconds: 60, memory_mib: 512 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_enough_for_one_child_at_least() {
        for (mib, children) in [(1, 1), (512, 1), (1023, 1), (1024, 2), (1 << 40, 1 << 31)] {
            let memory = NonZero::new(mib).unwrap();
            assert_eq!(ChildLimits::default().children_in(memory).get(), children, "{mib}");
        }
    }

    /// The broker takes a delivery back after 30 minutes. Until then a worker may wait ten
    /// for a service, fetch for ten, and make two attempts.
    #[test]
    fn two_attempts_take_ten_minutes_at_most() {
        let wall_clock = ChildLimits::default().wall_clock();
        assert_eq!(wall_clock * 2, Duration::from_secs(600));
    }
}
