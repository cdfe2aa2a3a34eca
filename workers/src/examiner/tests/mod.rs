//! Tests with faulty children, played by shell scripts, and with real children.

mod faulty_children;
mod lost_children;
mod real_children;
mod rights;

use std::time::{Duration, Instant};

use rustix::process::Pid;

use super::*;

/// Waits for a child that has used some processor time, so that it is ready for its document.
fn wait_for_computing_child(zygote: u32) -> Pid {
    let started = Instant::now();
    loop {
        assert!(started.elapsed() < Duration::from_secs(20), "no child computes");
        let children = std::fs::read_to_string(format!("/proc/{zygote}/task/{zygote}/children"));
        for child in children.unwrap_or_default().split_whitespace() {
            let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            // fields after the name: state is the first, user time the twelfth, in hundredths
            let used = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(11));
            if used.is_some_and(|used| used.parse().is_ok_and(|ticks: u32| ticks >= 5)) {
                return Pid::from_raw(child.parse().unwrap()).unwrap();
            }
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Plays the zygote for the other tests: the test program starts itself with the name of
/// this test. It cannot start a thread there, so the test runs in the main thread.
#[test]
#[ignore = "a role, not a test"]
fn as_zygote() {
    run_zygote();
}
