//! The clock of this process.

use jiff::Timestamp;

use super::failpoint;

/// Returns the time by the clock of this process, which tests set wrong in builds with
/// assertions.
pub(crate) fn now() -> Timestamp {
    Timestamp::now() + failpoint::clock_error()
}
