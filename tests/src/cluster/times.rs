//! The time limit of tests, and short retry delays.

use std::time::Duration;

/// Limit for something that takes seconds on an idle machine.
pub const LIMIT: Duration = Duration::from_secs(120);
/// Environment in which the delays of the retry levels are a thousandth as long.
pub const SHORT_RETRIES: [(&str, &str); 1] = [("TEKSERU_RETRY_SCALE", "0.001")];
