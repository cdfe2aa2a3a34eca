//! The zygote: a process that has loaded everything and forks children.
//!
//! It never receives a document. It has a single thread, because a fork copies
//! only the calling thread, and a lock held by another thread would stay locked
//! in the child. It exits when its parent closes the socket, and kills its
//! children.
//!
//! Unsafe code is allowed here for the system calls that fork and unshare.
#![allow(unsafe_code)]

use std::fmt::Display;
use std::fs;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{SendFlags, send};
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitOptions, getpid, getpriority_process, kill_process_group,
    pidfd_open, setpgid, setpriority_process, waitpid,
};
use rustix::stdio::stdin;
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::pipes::ChildPipes;
use super::privileges::drop_root;
use super::reap::{Reaped, reap};
use super::seccomp::SeccompFilters;
use super::{child_main, fork_request};

/// Its first message when it is ready begins with this and goes on with the name of the
/// pipeline's examiner; any other message is the reason why it is not.
pub(super) const READY: &[u8] = b"ready ";

/// Serves the parent on the socket at stdin.
pub(crate) fn run() -> ExitCode {
    let parent = stdin();
    let filters = match prepare() {
        Ok(filters) => filters,
        Err(reason) => {
            let _ = send(parent, reason.as_bytes(), SendFlags::NOSIGNAL);
            return ExitCode::FAILURE;
        }
    };
    let ready = [READY, pipeline::examiner::name().as_bytes()].concat();
    let served = send(parent, &ready, SendFlags::NOSIGNAL)
        .map_err(io::Error::from)
        .and_then(|_| serve(parent, &filters));
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Loads everything, leaves namespaces, and checks that it has one thread.
fn prepare() -> Result<SeccompFilters, String> {
    let failed = |what: &str, error: &dyn Display| format!("{what}: {error}");
    // the parent may have inherited open descriptors
    child_main::close_others().map_err(|error| failed("cannot close descriptors", &error))?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()
        .map_err(|error| failed("cannot make this thread the only one of its pool", &error))?;
    pipeline::warm();
    let filters =
        SeccompFilters::new().map_err(|error| failed("cannot compile seccomp filters", &error))?;
    drop_root().map_err(|error| failed("cannot give up the rights of root", &error))?;
    leave_namespaces();
    // a free page that children share would be copied when used, a fresh one is only cleared
    #[cfg(target_env = "gnu")]
    // SAFETY: releases memory that is not in use.
    unsafe {
        libc::malloc_trim(0);
    }
    match count_threads().map_err(|error| failed("/proc/self/status", &error))? {
        1 => Ok(filters),
        threads => Err(format!("it has {threads} threads instead of one")),
    }
}

/// Unshares user, network, IPC, UTS and mount namespaces where the system allows it.
/// Containers often do not; the sandbox does not depend on it.
fn leave_namespaces() {
    let all = UnshareFlags::NEWUSER
        | UnshareFlags::NEWNET
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWNS;
    // SAFETY: none of these flags unshares file descriptors or memory.
    let _ = unsafe { unshare_unsafe(all) };
}

fn count_threads() -> io::Result<u32> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("Threads:"));
    let threads = line.and_then(|threads| threads.trim().parse().ok());
    threads.ok_or_else(|| io::Error::other("contains no number of threads"))
}

/// A child that is not reaped yet, so that its process id is not reused.
struct ForkedChild {
    pid: Pid,
    /// Pidfd; readable once it has ended.
    process: OwnedFd,
    /// Readable or closed once the parent wants it to end.
    control: UnixStream,
    killed: bool,
    /// When it becomes less urgent; nothing once it is.
    slow_from: Option<Instant>,
}

/// From here on a child is slow: quick files pass it.
const SLOW_AFTER: Duration = Duration::from_secs(2);
/// Weighs a third of a usual process, so a slow child beside a busy one still gets the quarter
/// of a processor that its wall-clock time allows for.
const SLOW_NICENESS: i32 = 5;
/// The most that the kernel knows.
const MAX_NICENESS: i32 = 19;

/// Forks a child for each request until the parent closes the socket.
fn serve(parent: BorrowedFd<'_>, filters: &SeccompFilters) -> io::Result<()> {
    let mut children: Vec<ForkedChild> = Vec::new();
    loop {
        let (is_requested, events) = wait(parent, &children)?;
        let mut events = events.into_iter();
        children.retain_mut(|child| child.handle(events.next().unwrap_or_default()));
        if is_requested {
            let Some((pipes, control)) = fork_request::receive(parent)? else {
                children.iter().for_each(ForkedChild::kill);
                return Ok(());
            };
            children.extend(fork(&pipes, control, filters));
        }
    }
}

/// Events of a child.
#[derive(Default)]
struct ChildEvents {
    has_ended: bool,
    must_end: bool,
}

/// Waits for a fork request or an event of a child.
fn wait(parent: BorrowedFd<'_>, children: &[ForkedChild]) -> io::Result<(bool, Vec<ChildEvents>)> {
    let mut polled = vec![PollFd::new(&parent, PollFlags::IN)];
    for child in children {
        polled.push(PollFd::new(&child.process, PollFlags::IN));
        // a closed stream would be reported again and again
        polled.extend((!child.killed).then(|| PollFd::new(&child.control, PollFlags::IN)));
    }
    match poll(&mut polled, until_slow(children).as_ref()) {
        Ok(_) => {}
        Err(rustix::io::Errno::INTR) => return Ok((false, Vec::new())),
        Err(error) => return Err(error.into()),
    }
    let mut ready = polled.iter().map(|polled| !polled.revents().is_empty());
    let mut next = || ready.next().unwrap_or_default();
    let is_requested = next();
    let events = children
        .iter()
        .map(|child| ChildEvents { has_ended: next(), must_end: !child.killed && next() });
    Ok((is_requested, events.collect()))
}

/// Returns the niceness of slow children, above that of this process.
fn slow_niceness() -> i32 {
    let own = getpriority_process(None).unwrap_or_default();
    (own + SLOW_NICENESS).min(MAX_NICENESS)
}

/// Returns the time until the next child is slow.
fn until_slow(children: &[ForkedChild]) -> Option<Timespec> {
    let next = children.iter().filter_map(|child| child.slow_from).min()?;
    // a millisecond more, as the kernel may wake a little early
    let wait = next.saturating_duration_since(Instant::now()) + Duration::from_millis(1);
    Timespec::try_from(wait).ok()
}

impl ForkedChild {
    /// Handles events; false once the child has ended and its end is sent.
    fn handle(&mut self, events: ChildEvents) -> bool {
        if self.slow_from.is_some_and(|from| from <= Instant::now()) {
            self.slow_from = None;
            // an error means that it has ended
            let _ = setpriority_process(Some(self.pid), slow_niceness());
        }
        if events.has_ended || events.must_end {
            self.kill();
            self.killed = true;
        }
        if !events.has_ended {
            return true;
        }
        let Ok(Some(end)) = reap(self.pid) else { return true };
        // an error means that the parent closed the stream
        let _ = send_end(&self.control, end);
        false
    }

    /// Kills the child and all processes that it started.
    fn kill(&self) {
        let _ = kill_process_group(self.pid, Signal::KILL);
    }
}

fn send_end(control: &UnixStream, end: Reaped) -> io::Result<()> {
    let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
    send(control, &end.to_bytes(), flags)?;
    Ok(())
}

/// Forks a child; on failure sends the error to the parent and returns `None`.
fn fork(pipes: &ChildPipes, control: UnixStream, filters: &SeccompFilters) -> Option<ForkedChild> {
    let parent = getpid();
    // SAFETY: this process has one thread, so the child may call any function.
    let forked = match unsafe { libc::fork() } {
        0 => child_main::run(pipes, filters, parent),
        pid => Pid::from_raw(pid.max(0)).ok_or_else(io::Error::last_os_error),
    };
    let started = forked.and_then(|pid| {
        // the child does the same, so that it is done whichever runs first
        let _ = setpgid(Some(pid), Some(pid));
        let process = pidfd_open(pid, PidfdFlags::empty()).inspect_err(|_| {
            let _ = kill_process_group(pid, Signal::KILL);
            let _ = waitpid(Some(pid), WaitOptions::empty());
        })?;
        Ok((pid, process))
    });
    match started {
        Ok((pid, process)) => {
            let slow_from = Some(Instant::now() + SLOW_AFTER);
            Some(ForkedChild { pid, process, control, killed: false, slow_from })
        }
        Err(error) => {
            let _ = send_end(&control, Reaped::never_ran(&error));
            None
        }
    }
}
