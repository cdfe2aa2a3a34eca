//! This process: its name, its memory and its tokio runtime.

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, geteuid, nice, set_dumpable_behavior, setrlimit,
};
use tokio::runtime::{Builder, Runtime};

use crate::cli::Failure;

/// Returns a runtime for waiting. Computation runs in child processes.
///
/// # Errors
/// When the system grants no threads.
pub(crate) fn tokio_runtime() -> Result<Runtime, Failure> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|error| Failure::Internal(format!("cannot start threads: {error}")))
}

/// Gives way to the other processes of this machine, in threads that start from now on.
pub(crate) fn give_way() {
    // without it the work is the same
    let _ = nice(5);
}

/// Whether this process has the rights of root.
pub(crate) fn is_root() -> bool {
    geteuid().is_root()
}

/// Forbids core dumps of this process and debuggers of the same user: its memory contains
/// passwords and documents.
///
/// # Errors
/// When the system refuses.
pub(crate) fn protect_memory() -> Result<(), Failure> {
    let nothing = Rlimit { current: Some(0), maximum: Some(0) };
    let protected = set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .and_then(|()| setrlimit(Resource::Core, nothing));
    protected.map_err(|error| Failure::Internal(format!("cannot forbid core dumps: {error}")))
}

/// Returns the host's name and this process's id, as one name.
pub(crate) fn default_name() -> String {
    format!("{}-{}", host_name(), std::process::id())
}

/// Returns the host's name.
pub(crate) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use rustix::process::{dumpable_behavior, getrlimit};

    use super::*;

    #[test]
    fn this_process_leaves_no_core_dump() {
        protect_memory().unwrap();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        let core = getrlimit(Resource::Core);
        assert_eq!((core.current, core.maximum), (Some(0), Some(0)));
    }
}
