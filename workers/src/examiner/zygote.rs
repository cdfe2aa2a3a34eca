//! The zygote: a process that has everything loaded, and forks.
//!
//! It never sees a document. It has one thread, as a fork takes no other along
//! and a lock that another holds would stay locked in the child. It ends when
//! its parent's end of the socket closes, and takes its children with it.
//!
//! Unsafe code is allowed here for the system calls that make a process or
//! change what it is.
#![allow(unsafe_code)]

use std::fmt::Display;
use std::fs;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::{SendFlags, send};
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitOptions, getpid, kill_process_group, pidfd_open, setpgid, waitpid,
};
use rustix::stdio::stdin;
use rustix::thread::{UnshareFlags, unshare_unsafe};

use super::pipes::Ends;
use super::syscalls::Filters;
use super::{child, order};

/// What it says when it is ready; any other word is why it is not.
pub(super) const READY: &[u8] = b"ready";

/// Serves the parent on the socket that is stdin.
pub(crate) fn run() -> ExitCode {
    let parent = stdin();
    let filters = match prepare() {
        Ok(filters) => filters,
        Err(why) => {
            let _ = send(parent, why.as_bytes(), SendFlags::NOSIGNAL);
            return ExitCode::FAILURE;
        }
    };
    let served = send(parent, READY, SendFlags::NOSIGNAL)
        .map_err(io::Error::from)
        .and_then(|_| serve(parent, &filters));
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Loads everything, leaves what it does not need, and counts its threads.
fn prepare() -> Result<Filters, String> {
    let failed = |what: &str, error: &dyn Display| format!("{what}: {error}");
    // whoever started the parent may have left some open
    child::close_others().map_err(|error| failed("cannot close descriptors", &error))?;
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()
        .map_err(|error| failed("cannot make this thread the only one of its pool", &error))?;
    pipeline::warm();
    let filters = Filters::new().map_err(|error| failed("cannot list system calls", &error))?;
    leave();
    // a free page that children share is copied when used, a fresh one is only cleared
    #[cfg(target_env = "gnu")]
    // SAFETY: gives memory back that nothing holds.
    unsafe {
        libc::malloc_trim(0);
    }
    match threads().map_err(|error| failed("/proc/self/status", &error))? {
        1 => Ok(filters),
        threads => Err(format!("it has {threads} threads and may have one")),
    }
}

/// Leaves the machine's network, mounts, names and users, as far as this
/// system lets it: containers often do not, and the sandbox is what must hold.
fn leave() {
    let all = UnshareFlags::NEWUSER
        | UnshareFlags::NEWNET
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWNS;
    // SAFETY: no flag that is given makes descriptors or memory unshared.
    let _ = unsafe { unshare_unsafe(all) };
}

fn threads() -> io::Result<u32> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("Threads:"));
    let threads = line.and_then(|threads| threads.trim().parse().ok());
    threads.ok_or_else(|| io::Error::other("tells no number of threads"))
}

/// A child that has not been waited for, so that its number is its own.
struct Running {
    pid: Pid,
    /// Readable once it has ended.
    process: OwnedFd,
    /// Readable, or closed, once it is to end.
    control: UnixStream,
    killed: bool,
}

/// Forks a child for each order, until nobody is left to give any.
fn serve(parent: BorrowedFd<'_>, filters: &Filters) -> io::Result<()> {
    let mut children: Vec<Running> = Vec::new();
    loop {
        let (ordered, told) = wait(parent, &children)?;
        let mut told = told.into_iter();
        children.retain_mut(|child| child.tend(told.next().unwrap_or_default()));
        if ordered {
            let Some((ends, control)) = order::receive(parent)? else {
                children.iter().for_each(Running::kill);
                return Ok(());
            };
            children.extend(fork(&ends, control, filters));
        }
    }
}

/// What there is to be done about a child.
#[derive(Default)]
struct Told {
    ended: bool,
    to_end: bool,
}

/// Waits until there is an order, or something to be done about a child.
fn wait(parent: BorrowedFd<'_>, children: &[Running]) -> io::Result<(bool, Vec<Told>)> {
    let mut polled = vec![PollFd::new(&parent, PollFlags::IN)];
    for child in children {
        polled.push(PollFd::new(&child.process, PollFlags::IN));
        // closed it would be told again and again
        polled.extend((!child.killed).then(|| PollFd::new(&child.control, PollFlags::IN)));
    }
    match poll(&mut polled, None) {
        Ok(_) => {}
        Err(rustix::io::Errno::INTR) => return Ok((false, Vec::new())),
        Err(error) => return Err(error.into()),
    }
    let mut moved = polled.iter().map(|polled| !polled.revents().is_empty());
    let mut next = || moved.next().unwrap_or_default();
    let ordered = next();
    let told = children.iter().map(|child| Told { ended: next(), to_end: !child.killed && next() });
    Ok((ordered, told.collect()))
}

impl Running {
    /// Does what there is to be done; false once it has ended and its status is told.
    fn tend(&mut self, told: Told) -> bool {
        if told.ended || told.to_end {
            self.kill();
            self.killed = true;
        }
        if !told.ended {
            return true;
        }
        let Ok(Some((_, status))) = waitpid(Some(self.pid), WaitOptions::NOHANG) else {
            return true;
        };
        // an error means that nobody wants to know
        let _ = tell(&self.control, status.as_raw());
        false
    }

    /// Kills it and all that it started.
    fn kill(&self) {
        let _ = kill_process_group(self.pid, Signal::KILL);
    }
}

fn tell(control: &UnixStream, status: i32) -> io::Result<()> {
    let flags = SendFlags::NOSIGNAL | SendFlags::DONTWAIT;
    send(control, &status.to_le_bytes(), flags)?;
    Ok(())
}

/// A new child; none, and the reason told, when the system gives none.
fn fork(ends: &Ends, control: UnixStream, filters: &Filters) -> Option<Running> {
    let parent = getpid();
    // SAFETY: this process has one thread, so a child may do all that it may.
    let forked = match unsafe { libc::fork() } {
        0 => child::live(ends, filters, parent),
        pid => Pid::from_raw(pid.max(0)).ok_or_else(io::Error::last_os_error),
    };
    let started = forked.and_then(|pid| {
        // as the child does, so that it is done whoever comes first
        let _ = setpgid(Some(pid), Some(pid));
        let process = pidfd_open(pid, PidfdFlags::empty()).inspect_err(|_| {
            let _ = kill_process_group(pid, Signal::KILL);
            let _ = waitpid(Some(pid), WaitOptions::empty());
        })?;
        Ok((pid, process))
    });
    match started {
        Ok((pid, process)) => Some(Running { pid, process, control, killed: false }),
        Err(error) => {
            let _ = tell(&control, -error.raw_os_error().unwrap_or(libc::EAGAIN));
            None
        }
    }
}
