//! Restricts a child before it receives the first byte of a document.
//!
//! Resource limits always apply, and a child has no capability. The sandbox has two layers, each of which alone
//! blocks files and network: landlock by resource, and seccomp by system call.
//! Every child applies both after the fork, so that the zygote can load
//! everything first: an examination needs only memory and its pipes.

use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope,
};
use rustix::param::page_size;
use rustix::process::{
    DumpableBehavior, Pid, Resource, Rlimit, Signal, getppid, getrlimit, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use rustix::thread::set_no_new_privs;

use super::privileges::drop_capabilities;
use super::protocol::Request;
use super::seccomp::SeccompFilters;

/// Limit on open file descriptors: the three pipes.
const OPEN_FILES: u64 = 3;

/// Applies every limit and the sandbox, or fails: a child without them receives no document.
pub(super) fn confine(request: &Request, filters: &SeccompFilters, parent: Pid) -> io::Result<()> {
    let initial = address_space()?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    if getppid() != Some(parent) {
        return Err(io::Error::other("the process that forked this one has ended"));
    }
    set_no_new_privs(true)?;
    drop_capabilities()?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    if request.layers.landlock {
        apply_landlock().map_err(io::Error::other)?;
    }
    set_resource_limits(request, initial)?;
    if request.layers.seccomp {
        filters.apply()?;
    }
    Ok(())
}

/// Forbids to read, write or execute files, to use TCP or UDP, and to signal other
/// processes. Older kernels support less of this, kernels before 5.13 nothing.
fn apply_landlock() -> Result<(), LandlockError> {
    const NEWEST: ABI = ABI::V10;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .restrict_self()?;
    match status.ruleset {
        RulesetStatus::NotEnforced => Err(LandlockError::Unsupported),
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
    }
}

/// Why landlock cannot be applied.
#[derive(Debug, thiserror::Error)]
enum LandlockError {
    #[error("this kernel has no landlock, or it is not enabled (lsm=landlock,...)")]
    Unsupported,
    #[error("landlock: {0}")]
    Ruleset(#[from] RulesetError),
}

/// The memory limit is added to the address space at the start, which belongs to
/// the zygote and is shared with it.
fn set_resource_limits(request: &Request, initial: u64) -> io::Result<()> {
    lower_limit(Resource::Core, 0, 0)?;
    lower_limit(Resource::Fsize, 0, 0)?;
    lower_limit(Resource::Nproc, 0, 0)?;
    lower_limit(Resource::Nofile, OPEN_FILES, OPEN_FILES)?;
    // the soft limit sends SIGXCPU; the hard limit SIGKILL, which the time used explains
    let seconds = u64::from(request.seconds);
    lower_limit(Resource::Cpu, seconds, seconds + 1)?;
    let memory = initial + (u64::from(request.memory_mib) << 20);
    // an examination under another limit than its name says would be stored under that name
    if getrlimit(Resource::As).maximum.is_some_and(|inherited| inherited < memory) {
        return Err(io::Error::other(format!(
            "this process may have less address space than the {} MiB that an examination \
             gets: raise LimitAS or `ulimit -v`, or lower --memory",
            request.memory_mib
        )));
    }
    lower_limit(Resource::As, memory, memory)
}

/// Lowers a limit; a limit that is already lower stays.
fn lower_limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let least = |new: u64| getrlimit(resource).maximum.map_or(new, |old| old.min(new));
    let (current, maximum) = (Some(least(soft)), Some(least(hard)));
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}

/// Returns the bytes of address space of this process.
fn address_space() -> io::Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: Option<u64> = statm.split(' ').next().and_then(|pages| pages.parse().ok());
    let pages = pages.ok_or_else(|| io::Error::other("/proc/self/statm contains no size"))?;
    Ok(pages * page_size() as u64)
}
