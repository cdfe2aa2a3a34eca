//! What no document may make a child do, done on purpose: the self-test.
//!
//! Unsafe code is allowed here because these are the system calls themselves,
//! as hostile code would make them, with no library that tries them first.
#![allow(unsafe_code)]

use std::hint::black_box;
use std::io;
use std::ptr::null;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::wire::Request;

/// Something that no document may make a child do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Probe {
    /// Asks for more memory than it may have.
    Memory,
    /// Computes for longer than it may.
    Time,
    /// Opens a file that everyone may read.
    File,
    /// Asks for a socket.
    Socket,
    /// Starts a process.
    Fork,
    /// Asks to be traced.
    Trace,
    /// Sends a signal, which does nothing, to the process that forked it.
    Signal,
    /// Becomes another program.
    Execute,
}

impl Probe {
    /// All but the one that takes its time.
    pub(super) const QUICK: [Self; 7] = [
        Self::File,
        Self::Socket,
        Self::Fork,
        Self::Trace,
        Self::Signal,
        Self::Execute,
        Self::Memory,
    ];

    /// What a child could do, were it not kept from it.
    pub(super) fn deed(self) -> &'static str {
        match self {
            Self::Memory => "take more memory than allowed",
            Self::Time => "compute for longer than allowed",
            Self::File => "open files",
            Self::Socket => "open sockets",
            Self::Fork => "start processes",
            Self::Trace => "be traced",
            Self::Signal => "send signals",
            Self::Execute => "run programs",
        }
    }

    /// Whether it is a limit that must hold without the sandbox too.
    pub(super) fn is_limit(self) -> bool {
        matches!(self, Self::Memory | Self::Time)
    }

    /// Does it. A limit that holds ends the process here.
    ///
    /// # Errors
    /// What the system says to it.
    pub(super) fn meet(self, request: &Request) -> io::Result<()> {
        match self {
            Self::Memory => reserve(request),
            Self::Time => compute(request),
            _ if self.call() < 0 => return Err(io::Error::last_os_error()),
            _ => {}
        }
        Ok(())
    }

    fn call(self) -> i64 {
        // SAFETY: none writes to memory of this process, strings end in zero,
        // nothing is written to stderr any more, and the forked process, alone
        // with one thread, ends at once.
        unsafe {
            // a descriptor to spare: that there are no more of them is no wall
            libc::close(libc::STDERR_FILENO);
            match self {
                Self::File => libc::open(c"/etc/passwd".as_ptr(), libc::O_RDONLY).into(),
                Self::Socket => libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0).into(),
                Self::Fork => match libc::fork() {
                    0 => libc::_exit(0),
                    pid => pid.into(),
                },
                Self::Trace => libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0),
                Self::Signal => libc::kill(libc::getppid(), 0).into(),
                // nothing is there to be run: the question is who says so
                Self::Execute => libc::execve(c"/nonexistent".as_ptr(), null(), null()).into(),
                Self::Memory | Self::Time => 0,
            }
        }
    }
}

/// Whether the system refused, and did not fail for another reason.
pub(super) fn is_refusal(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EPERM | libc::EACCES))
}

/// Four times what is allowed, none of it touched.
fn reserve(request: &Request) {
    black_box(Vec::<u8>::with_capacity((request.memory_mib as usize) << 22));
}

/// Four times as long as is allowed.
fn compute(request: &Request) {
    let start = Instant::now();
    while start.elapsed().as_secs() < u64::from(request.seconds) * 4 {
        black_box(start);
    }
}
