//! This process: its name and its tokio runtime.

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

/// Returns the host's name and this process's id, as one name.
pub(crate) fn default_name() -> String {
    format!("{}-{}", host_name(), std::process::id())
}

/// Returns the host's name.
pub(crate) fn host_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
