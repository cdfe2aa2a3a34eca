//! Actions that no document may make a child perform, for the self-test.
//!
//! Unsafe code is allowed here because these are direct system calls, as
//! hostile code would make them, without a library in between.
#![allow(unsafe_code)]

use std::hint::black_box;
use std::io;
use std::ptr::{null, null_mut};

use rustix::param::page_size;
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};

use super::limits::ChildLimits;

/// An action that no document may make a child perform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Probe {
    /// Allocates more memory than allowed.
    Memory,
    /// Uses more processor time than allowed.
    Time,
    /// Opens a world-readable file.
    File,
    /// Opens a socket.
    Socket,
    /// Connects to a port of this machine.
    Connect,
    /// Advises the kernel to give a forked process zeros instead of a page.
    Advise,
    /// Starts a process.
    Fork,
    /// Requests to be traced.
    Trace,
    /// Sends signal 0, which has no effect, to its parent.
    Signal,
    /// Executes another program.
    Execute,
}

impl Probe {
    /// All except `Time`, which is slow.
    pub(super) const QUICK: [Self; 9] = [
        Self::File,
        Self::Socket,
        Self::Connect,
        Self::Advise,
        Self::Fork,
        Self::Trace,
        Self::Signal,
        Self::Execute,
        Self::Memory,
    ];

    /// Describes the action, to follow "a child could".
    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Memory => "take more memory than allowed",
            Self::Time => "compute for longer than allowed",
            Self::File => "open files",
            Self::Socket => "open sockets",
            Self::Connect => "connect to other programs",
            Self::Advise => "change how the kernel treats its memory",
            Self::Fork => "start processes",
            Self::Trace => "be traced",
            Self::Signal => "send signals",
            Self::Execute => "run programs",
        }
    }

    /// Whether it tests a limit, which must work without the sandbox too.
    pub(super) fn is_limit(self) -> bool {
        matches!(self, Self::Memory | Self::Time)
    }

    /// Performs the action. A limit that works ends the process here.
    ///
    /// # Errors
    /// The error of the system call.
    pub(super) fn perform(self, limits: ChildLimits) -> io::Result<()> {
        match self {
            Self::Memory => reserve(limits),
            Self::Time => compute(limits),
            _ if self.system_call() < 0 => return Err(io::Error::last_os_error()),
            _ => {}
        }
        Ok(())
    }

    fn system_call(self) -> i64 {
        // SAFETY: no call writes to memory of this process, strings end in zero,
        // nothing uses stderr any more, and the forked process, which has one
        // thread, exits at once.
        unsafe {
            // frees a descriptor: the limit on descriptors must not hide a missing sandbox
            libc::close(libc::STDERR_FILENO);
            match self {
                Self::File => libc::open(c"/etc/passwd".as_ptr(), libc::O_RDONLY).into(),
                Self::Socket => libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0).into(),
                Self::Connect => connect(),
                Self::Advise => advise(),
                Self::Fork => match libc::fork() {
                    0 => libc::_exit(0),
                    pid => pid.into(),
                },
                Self::Trace => libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0),
                Self::Signal => libc::kill(libc::getppid(), 0).into(),
                // the file does not exist: the error shows whether the sandbox refused first
                Self::Execute => libc::execve(c"/nonexistent".as_ptr(), null(), null()).into(),
                Self::Memory | Self::Time => 0,
            }
        }
    }
}

/// Connects to the port for discarded data: a refusal by its host is none of the sandbox.
fn connect() -> i64 {
    // SAFETY: a struct of integers, for which zeros are valid.
    let mut to: libc::sockaddr_in = unsafe { std::mem::zeroed() };
    to.sin_family = libc::AF_INET as libc::sa_family_t;
    to.sin_port = 9u16.to_be();
    to.sin_addr.s_addr = u32::from(std::net::Ipv4Addr::LOCALHOST).to_be();
    let length = size_of::<libc::sockaddr_in>() as libc::socklen_t;
    // SAFETY: the kernel reads `length` bytes of `to`.
    unsafe {
        match libc::socket(libc::AF_INET, libc::SOCK_STREAM, 0) {
            socket if socket < 0 => socket.into(),
            socket => libc::connect(socket, (&raw const to).cast(), length).into(),
        }
    }
}

fn advise() -> i64 {
    let (bytes, shared) = (page_size(), libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new page, to which nothing else points.
    unsafe {
        match libc::mmap(null_mut(), bytes, libc::PROT_READ, shared, -1, 0) {
            libc::MAP_FAILED => -1,
            page => libc::madvise(page, bytes, libc::MADV_WIPEONFORK).into(),
        }
    }
}

/// Whether the error is a refusal, not a failure for another reason.
pub(super) fn is_refusal(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EPERM | libc::EACCES))
}

/// Allocates four times the allowed memory without touching it.
fn reserve(limits: ChildLimits) {
    black_box(Vec::<u8>::with_capacity((limits.memory_mib as usize) << 22));
}

/// Uses four times as much processor time as allowed.
fn compute(limits: ChildLimits) {
    let limit = i64::from(limits.seconds) * 4;
    while clock_gettime(ClockId::ProcessCPUTime).tv_sec < limit {
        black_box(limit);
    }
}
