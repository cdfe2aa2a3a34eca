//! Long-running processes of a cluster.

use std::path::PathBuf;

use super::process::Process;
use super::services::Cluster;

impl Cluster {
    /// Starts a worker with one slot in each lane and waits until it is ready.
    #[must_use]
    pub fn worker(&self, name: &str) -> Process {
        self.worker_with(name, &[], &[])
    }

    /// Starts a worker with more arguments and variables and waits until it is ready.
    #[must_use]
    pub fn worker_with(
        &self,
        name: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Process {
        let mut worker = self.starting_worker(name, arguments, environment);
        worker.await_ready();
        worker
    }

    /// Starts a worker without waiting for it.
    #[must_use]
    pub fn starting_worker(
        &self,
        name: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Process {
        let mut command = self.tekseru("worker");
        command.args(["work", "--slots", "1", "--listen", "127.0.0.1:0", "--name", name]);
        command.args(arguments).envs(environment.iter().copied());
        Process::start(&command, self.log_file(name))
    }

    /// Starts a maintenance process and waits until it is ready.
    #[must_use]
    pub fn maintenance(&self, name: &str) -> Process {
        self.maintenance_with(name, &[])
    }

    /// Starts a maintenance process with more variables and waits until it is ready.
    #[must_use]
    pub fn maintenance_with(&self, name: &str, environment: &[(&str, &str)]) -> Process {
        let mut maintenance = self.starting_maintenance(name, environment);
        maintenance.await_ready();
        maintenance
    }

    /// Starts a maintenance process without waiting for it.
    #[must_use]
    pub fn starting_maintenance(&self, name: &str, environment: &[(&str, &str)]) -> Process {
        let mut command = self.tekseru("maintenance");
        command.args(["maintain", "--every", "1", "--listen", "127.0.0.1:0", "--name", name]);
        command.envs(environment.iter().copied());
        Process::start(&command, self.log_file(name))
    }

    fn log_file(&self, name: &str) -> PathBuf {
        self.scratch(&format!("{name}.log"))
    }
}
