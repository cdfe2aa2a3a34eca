//! Real servers on private ports, stopped when their handles are dropped.

mod background;
pub mod collector;
pub mod garage;
pub mod guard;
pub mod postgres;
pub mod proxy;
pub mod rabbitmq;
pub mod s3;

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Ports of loopback that nobody listened on a moment ago, each another.
///
/// # Panics
/// When none is left.
#[must_use]
pub fn free_ports<const N: usize>() -> [u16; N] {
    // all are held until the last is found, so that none is given twice
    let held: [TcpListener; N] = std::array::from_fn(|_| {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free")
    });
    held.map(|listener| listener.local_addr().expect("a listener has an address").port())
}

/// Sends a process of ours a signal, such as `TERM`.
///
/// # Panics
/// When that fails.
pub fn signal(process: u32, signal: &str) {
    assert!(try_signal(process, signal), "{process} cannot be signalled");
}

/// Sends a process a signal, if it is still there.
pub fn try_signal(process: u32, signal: &str) -> bool {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", r#"kill -"$1" "$2""#, "signal", signal, &process.to_string()]);
    shell.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Looks again and again until there is an answer.
///
/// # Panics
/// When there is none within the limit; `what` says what was waited for.
pub fn wait_for<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < limit, "waited {limit:?} in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
