//! The clock that every role works by: that of the database, while this process agrees.
//!
//! A wrong clock would delete applications early, judge them for another day, or make those
//! of today look a year old. The database's counts, because every process has it in common.
//! If the two differ, one of them is wrong, and nobody knows which: then nothing is done.

use jiff::{SignedDuration, Timestamp};

use crate::registry::{Registry, RegistryError};
use crate::runtime::clock;

/// Clocks that are kept by NTP differ by milliseconds.
const LARGEST_DIFFERENCE: SignedDuration = SignedDuration::from_mins(3);

/// Why there is no time to work by.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClockError {
    /// The database failed.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The clocks differ.
    #[error(transparent)]
    Differ(#[from] ClocksDiffer),
}

/// The clock of this process and that of the database differ.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the clock of this process is {} s {} that of the database; nothing is examined, judged, \
     reported or deleted until both agree within {} s: correct the one that is wrong",
    ahead.abs().as_secs(),
    if ahead.is_positive() { "ahead of" } else { "behind" },
    LARGEST_DIFFERENCE.as_secs()
)]
pub(crate) struct ClocksDiffer {
    /// By how much this process is ahead.
    ahead: SignedDuration,
}

/// Returns the time by the database, with which this process agrees.
///
/// # Errors
/// When the clocks differ, or the database fails.
pub(crate) async fn agreed_clock(registry: &Registry) -> Result<Timestamp, ClockError> {
    let before = clock::now();
    let database = registry.clock().await?;
    let ahead = ahead(before, database, clock::now());
    metrics::gauge!("tekseru_clock_ahead_seconds").set(ahead.as_secs_f64());
    if ahead.abs() > LARGEST_DIFFERENCE {
        return Err(ClocksDiffer { ahead }.into());
    }
    Ok(database)
}

/// Returns by how much a process is ahead of a clock that it asked, and whose answer it
/// had, at two instants of its own. A slow answer alone is no difference.
fn ahead(asked: Timestamp, answer: Timestamp, answered: Timestamp) -> SignedDuration {
    if answer < asked {
        asked.duration_since(answer)
    } else {
        answered.duration_since(answer).min(SignedDuration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: i64, answer: i64, answered: i64, seconds: i64) {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(ahead(at(asked), at(answer), at(answered)).as_secs(), seconds);
    }

    #[test]
    fn a_slow_answer_is_no_difference() {
        check(100, 100, 100, 0);
        check(100, 1000, 2000, 0);
        check(100, 90, 2000, 10);
        check(100, 2010, 2000, -10);
    }

    #[test]
    fn the_error_says_which_clock_is_ahead() {
        let said = |seconds| ClocksDiffer { ahead: SignedDuration::from_secs(seconds) }.to_string();
        assert!(said(400).contains("400 s ahead of that of the database"), "{}", said(400));
        assert!(said(-400).contains("400 s behind that of the database"), "{}", said(-400));
    }
}
