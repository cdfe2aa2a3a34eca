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

/// Returns different ports of loopback that were free a moment ago.
///
/// # Panics
/// When no port is free.
#[must_use]
pub fn free_ports<const N: usize>() -> [u16; N] {
    // all stay bound until the last is found, so that no port is returned twice
    let bound: [TcpListener; N] = std::array::from_fn(|_| {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free")
    });
    bound.map(|listener| listener.local_addr().expect("a listener has an address").port())
}

/// Sends a signal, such as `TERM`, to a process.
///
/// # Panics
/// When the process does not exist.
pub fn signal(process: u32, signal: &str) {
    assert!(try_signal(process, signal), "{process} cannot be signalled");
}

/// Sends a signal to a process, if it still exists.
pub fn try_signal(process: u32, signal: &str) -> bool {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", r#"kill -"$1" "$2""#, "signal", signal, &process.to_string()]);
    shell.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Calls a function repeatedly until it returns a value.
///
/// # Panics
/// When it returns none within the limit. The message contains `what`.
pub fn wait_for<T>(what: &str, limit: Duration, mut attempt: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(since.elapsed() < limit, "waited {limit:?} without success for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
