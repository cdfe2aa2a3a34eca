//! The seccomp filters: the system calls that an examination may make.

use std::collections::BTreeMap;
use std::io;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter,
};

/// Allowed: memory, pipes, time and exit.
const ALLOWED: &[i64] = &[
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_fstat,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_lseek,
    libc::SYS_madvise, // see `ADVICE`
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Refused with `EPERM`: libraries try these and work without them. Any other call kills the process.
const REFUSED: &[i64] = &[
    libc::SYS_faccessat,
    libc::SYS_fcntl,
    libc::SYS_get_mempolicy,
    libc::SYS_getcwd,
    libc::SYS_ioctl,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_prctl,
    libc::SYS_prlimit64,
    libc::SYS_readlinkat,
    libc::SYS_sched_getaffinity,
    libc::SYS_seccomp,
    libc::SYS_statx,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
];

/// Advice on memory that allocators give. Other advice, such as to share pages with other
/// processes, is refused.
const ADVICE: &[i32] = &[
    libc::MADV_NORMAL,
    libc::MADV_WILLNEED,
    libc::MADV_DONTNEED,
    libc::MADV_FREE,
    libc::MADV_HUGEPAGE,
    libc::MADV_NOHUGEPAGE,
];

/// The compiled filters.
pub(super) struct SeccompFilters {
    kill: BpfProgram,
    refuse: BpfProgram,
}

impl SeccompFilters {
    pub(super) fn new() -> io::Result<Self> {
        let known = [ALLOWED, REFUSED].concat();
        let permission_error = SeccompAction::Errno(libc::EPERM as u32);
        Ok(Self {
            kill: compile(rules(&known), SeccompAction::KillProcess, SeccompAction::Allow)?,
            refuse: compile(refused()?, SeccompAction::Allow, permission_error)?,
        })
    }

    /// Applies the filters to this process, irrevocably. The kernel takes the stricter result
    /// of both. The filter that refuses comes last, because it refuses `seccomp` itself.
    pub(super) fn apply(&self) -> io::Result<()> {
        for program in [&self.kill, &self.refuse] {
            apply_filter(program).map_err(|error| io::Error::other(format!("seccomp: {error}")))?;
        }
        Ok(())
    }
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

fn rules(calls: &[i64]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

/// The refused calls, and `madvise` with other advice.
fn refused() -> io::Result<Rules> {
    let is_other = |advice: &i32| {
        let value = u64::from(advice.unsigned_abs());
        SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, value)
    };
    let conditions: Result<Vec<_>, _> = ADVICE.iter().map(is_other).collect();
    let other = conditions.and_then(SeccompRule::new).map_err(io::Error::other)?;
    let mut refused = rules(REFUSED);
    refused.insert(libc::SYS_madvise, vec![other]);
    Ok(refused)
}

fn compile(rules: Rules, others: SeccompAction, these: SeccompAction) -> io::Result<BpfProgram> {
    let architecture = std::env::consts::ARCH.try_into().map_err(io::Error::other)?;
    SeccompFilter::new(rules, others, these, architecture)
        .and_then(TryInto::try_into)
        .map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_call_is_in_both_lists() {
        assert!(ALLOWED.iter().all(|call| !REFUSED.contains(call)));
        assert!(SeccompFilters::new().is_ok());
    }
}
