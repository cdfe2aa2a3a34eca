//! Collects the end of a child: its exit status and the processor time that it used.
//!
//! Unsafe code is allowed here for `wait4`, since `waitpid` does not report the time.
#![allow(unsafe_code)]

use std::io;
use std::time::Duration;

use rustix::process::Pid;

/// Length of an end as it is sent.
pub(super) const LENGTH: usize = 12;

/// The end of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reaped {
    /// The status as the kernel reports it; a negative error number if the child never ran.
    pub(super) status: i32,
    /// Processor time, of the user and of the system.
    pub(super) processor_time: Duration,
}

impl Reaped {
    /// Returns the end of a child that could not be started.
    pub(super) fn never_ran(error: &io::Error) -> Self {
        let status = -error.raw_os_error().unwrap_or(libc::EAGAIN);
        Self { status, processor_time: Duration::ZERO }
    }

    pub(super) fn to_bytes(self) -> [u8; LENGTH] {
        let micros = u64::try_from(self.processor_time.as_micros()).unwrap_or(u64::MAX);
        let mut bytes = [0; LENGTH];
        bytes[..4].copy_from_slice(&self.status.to_le_bytes());
        bytes[4..].copy_from_slice(&micros.to_le_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        let [a, b, c, d, micros @ ..] = bytes;
        let processor_time = Duration::from_micros(u64::from_le_bytes(micros));
        Self { status: i32::from_le_bytes([a, b, c, d]), processor_time }
    }
}

/// Collects a child that has ended; `None` while it runs.
///
/// # Errors
/// When the process is not a child, or was collected before.
pub(super) fn reap(child: Pid) -> io::Result<Option<Reaped>> {
    let mut status = 0;
    // SAFETY: a struct of integers, for which zeros are valid.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes one integer and one `rusage`.
    let found =
        unsafe { libc::wait4(child.as_raw_pid(), &raw mut status, libc::WNOHANG, &raw mut usage) };
    match found {
        0 => Ok(None),
        ..0 => Err(io::Error::last_os_error()),
        _ => {
            let processor_time = duration(usage.ru_utime) + duration(usage.ru_stime);
            Ok(Some(Reaped { status, processor_time }))
        }
    }
}

fn duration(time: libc::timeval) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds)
        + Duration::from_micros(u64::try_from(time.tv_usec).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_read_as_it_was_sent() {
        for (status, micros) in [(0, 0), (9, 1), (-11, 0), (256, 86_400_000_000)] {
            let end = Reaped { status, processor_time: Duration::from_micros(micros) };
            assert_eq!(Reaped::from_bytes(end.to_bytes()), end);
        }
    }

    #[test]
    fn a_process_of_others_is_not_collected() {
        assert!(reap(Pid::INIT).is_err());
    }
}
