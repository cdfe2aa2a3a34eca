//! What a child does to itself before the first byte of a document.
//!
//! Limits hold always. The sandbox has two layers, each of which alone keeps
//! files and network away: landlock, by what is asked for, and seccomp, by the
//! system call. Both are asked for in every child, after the warm-up of the
//! process that it was forked from: an examination needs memory and its pipes.

use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope,
};
use pipeline::verdict::Sandbox;
use rustix::param::page_size;
use rustix::process::{
    DumpableBehavior, Pid, Resource, Rlimit, Signal, getppid, getrlimit, set_dumpable_behavior,
    set_parent_process_death_signal, setrlimit,
};
use rustix::thread::set_no_new_privs;

use super::syscalls::Filters;
use super::wire::Request;

/// Descriptors that may be open: the three pipes.
const OPEN_FILES: u64 = 3;

/// Sets every limit and puts up the sandbox, or fails: a child without them
/// gets no document.
pub(super) fn confine(request: &Request, filters: &Filters, parent: Pid) -> io::Result<()> {
    let had = address_space()?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    if getppid() != Some(parent) {
        return Err(io::Error::other("the process that forked this one is gone"));
    }
    set_no_new_privs(true)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    if request.sandbox == Sandbox::On {
        restrict().map_err(io::Error::other)?;
    }
    limits(request, had)?;
    if request.sandbox == Sandbox::On {
        filters.apply()?;
    }
    Ok(())
}

/// No file is to be read, written or run, no TCP or UDP used, no process
/// outside signalled; older kernels know less of this, none before 5.13 any.
fn restrict() -> Result<(), Refusal> {
    const NEWEST: ABI = ABI::V10;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .restrict_self()?;
    match status.ruleset {
        RulesetStatus::NotEnforced => Err(Refusal::NoLandlock),
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
    }
}

/// Why landlock does not hold.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("this kernel has no landlock, or it is not switched on (lsm=landlock,...)")]
    NoLandlock,
    #[error("landlock: {0}")]
    Landlock(#[from] RulesetError),
}

/// Memory is limited by what is added to the address space that the process
/// has already, since that is the warm process's, shared with it.
fn limits(request: &Request, had: u64) -> io::Result<()> {
    limit(Resource::Core, 0, 0)?;
    limit(Resource::Fsize, 0, 0)?;
    limit(Resource::Nproc, 0, 0)?;
    limit(Resource::Nofile, OPEN_FILES, OPEN_FILES)?;
    // at the soft limit comes SIGXCPU, which tells the parent why; at the hard one SIGKILL
    let seconds = u64::from(request.seconds);
    limit(Resource::Cpu, seconds, seconds + 1)?;
    let memory = had + (u64::from(request.memory_mib) << 20);
    limit(Resource::As, memory, memory)
}

/// Lowers a limit; one that is lower already stays.
fn limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let least = |wanted: u64| getrlimit(resource).maximum.map_or(wanted, |had| had.min(wanted));
    let (current, maximum) = (Some(least(soft)), Some(least(hard)));
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}

/// Bytes of address space that this process has.
fn address_space() -> io::Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: Option<u64> = statm.split(' ').next().and_then(|pages| pages.parse().ok());
    let pages = pages.ok_or_else(|| io::Error::other("/proc/self/statm tells no size"))?;
    Ok(pages * page_size() as u64)
}
