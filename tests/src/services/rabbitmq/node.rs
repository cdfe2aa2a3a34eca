//! The commands that start the processes of a node.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SERVER: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";
/// The command itself; Debian's wrapper in the path allows only root and `rabbitmq`.
pub(super) const CTL: &str = "/usr/lib/rabbitmq/bin/rabbitmqctl";

/// Folder, name and ports of a node.
pub(super) struct Node {
    folder: PathBuf,
    name: String,
    port: u16,
    distribution: u16,
    mapper: u16,
}

impl Node {
    pub(super) fn new(folder: &Path, ports: [u16; 3], conf: &str) -> Self {
        let [port, distribution, mapper] = ports;
        // the deployed limit would raise an alarm on the disk of a small machine
        let own =
            "listeners.tcp.default = PORT\nloopback_users = none\ndisk_free_limit.absolute = 1MB\n";
        let other = conf.lines().filter(|line| !line.starts_with("disk_free_limit"));
        let conf: String = other.map(|line| format!("{line}\n")).collect();
        let own = own.replace("PORT", &port.to_string());
        fs::write(folder.join("rabbitmq.conf"), conf + &own).expect("the folder exists");
        fs::write(folder.join("plugins"), "[].\n").expect("the folder exists");
        let name = format!("tekseru-{}-{port}@localhost", std::process::id());
        Self { folder: folder.to_owned(), name, port, distribution, mapper }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn listens(&self) -> bool {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.join("node.log")).unwrap_or_default()
    }

    /// Returns the port mapper in the foreground, so that it can be stopped by its process id.
    pub(super) fn mapper(&self) -> Command {
        let mut command = self.in_environment(Command::new("epmd"));
        command.args(["-port", &self.mapper.to_string(), "-address", "127.0.0.1"]);
        self.with_output_file(command)
    }

    pub(super) fn server(&self) -> Command {
        self.with_output_file(self.in_environment(Command::new(SERVER)))
    }

    pub(super) fn ctl(&self) -> Command {
        let mut command = self.in_environment(Command::new(CTL));
        command.args(["--quiet", "--node", &self.name]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(super) fn in_environment(&self, mut command: Command) -> Command {
        let at = |name: &str| self.folder.join(name);
        command.env_clear().current_dir(&self.folder);
        command.env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8").env("HOME", &self.folder);
        command.env("ERL_EPMD_PORT", self.mapper.to_string());
        command.env("ERL_EPMD_ADDRESS", "127.0.0.1");
        command.env("RABBITMQ_NODENAME", &self.name);
        command.env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
        command.env("RABBITMQ_NODE_PORT", self.port.to_string());
        command.env("RABBITMQ_DIST_PORT", self.distribution.to_string());
        command.env("RABBITMQ_CONF_ENV_FILE", "/dev/null");
        command.env("RABBITMQ_CONFIG_FILE", at("rabbitmq"));
        command.env("RABBITMQ_ENABLED_PLUGINS_FILE", at("plugins"));
        command.env("RABBITMQ_MNESIA_BASE", at("stored"));
        command.env("RABBITMQ_LOG_BASE", at("logs"));
        command.env("RABBITMQ_LOGS", at("node.log"));
        // the shell is replaced by the runtime, so that both have one process id;
        // one thread that does not spin, as many nodes may share a small machine
        command.env("RABBITMQ_ALLOW_INPUT", "1");
        command.env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 1:1 +sbwt none -noinput");
        command
    }

    fn with_output_file(&self, mut command: Command) -> Command {
        let output = File::create(self.folder.join("output")).expect("the folder exists");
        let errors = output.try_clone().expect("a second handle");
        command.stdin(Stdio::null()).stdout(output).stderr(errors);
        command
    }
}
