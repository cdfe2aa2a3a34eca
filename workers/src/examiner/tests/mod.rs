//! Tests with faulty children, played by shell scripts, and with real children.

mod faulty_children;
mod lost_children;
mod real_children;

use super::*;

/// Plays the zygote for the other tests: the test program starts itself with the name of
/// this test. It cannot start a thread there, so the test runs in the main thread.
#[test]
#[ignore = "a role, not a test"]
fn as_zygote() {
    run_zygote();
}
