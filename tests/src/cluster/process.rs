//! One long-running `tekseru` process, its log and its health endpoints.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::times::LIMIT;
use crate::services::wait_for;

/// A running `tekseru`. It is killed when dropped.
pub struct Process {
    child: Child,
    log: PathBuf,
    /// Length of the log at the start: an earlier process may have had the same name.
    log_start: usize,
    address: Option<SocketAddr>,
}

impl Process {
    pub(super) fn start(command: &Command, log: PathBuf) -> Self {
        let log_start = fs::read(&log).map_or(0, |before| before.len());
        let file = File::options().create(true).append(true).open(&log).expect("the folder exists");
        // the kernel kills it when the thread that started it ends, for any reason
        let mut bound = Command::new("setpriv");
        bound.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program());
        bound.args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => bound.env(name, value),
                None => bound.env_remove(name),
            };
        }
        bound.env("TEKSERU_LOG_FORMAT", "json");
        bound.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        let child = bound.spawn().expect("setpriv and tekseru start");
        Self { child, log, log_start, address: None }
    }

    /// Returns its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns its log.
    #[must_use]
    pub fn log(&self) -> String {
        let all = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(all.get(self.log_start..).unwrap_or_default()).into_owned()
    }

    /// Waits until it reports that it is ready.
    ///
    /// # Panics
    /// When it ends, or does not within the limit.
    pub fn await_ready(&mut self) {
        wait_for("readiness", LIMIT, || {
            let status = self.exit_status();
            assert!(status.is_none(), "it ended: {}", self.log());
            matches!(self.get("/readyz"), Some((200, _))).then_some(())
        });
    }

    /// Sends it an HTTP request and returns status and body.
    #[must_use]
    pub fn get(&mut self, path: &str) -> Option<(u16, String)> {
        let address = *self.address.get_or_insert(health_address(&self.log())?);
        let mut stream = TcpStream::connect(address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, body.to_owned()))
    }

    /// Sends it a signal, such as TERM.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn signal(&self, signal: &str) {
        crate::services::signal(self.id(), signal);
    }

    /// Returns the processes that it started: a worker starts its zygote.
    #[must_use]
    pub fn children(&self) -> Vec<u32> {
        children(self.id())
    }

    /// Returns the processes that those started: the children that examine files.
    #[must_use]
    pub fn grandchildren(&self) -> Vec<u32> {
        self.children().into_iter().flat_map(children).collect()
    }

    /// Returns the children that examine and have used some processor time, so that they
    /// have their document.
    #[must_use]
    pub fn computing_grandchildren(&self) -> Vec<u32> {
        self.grandchildren().into_iter().filter(|child| has_computed(*child)).collect()
    }

    /// Kills it, as a power failure does.
    ///
    /// # Panics
    /// When that fails.
    pub fn kill(&mut self) {
        self.child.kill().expect("the process is killed");
        self.child.wait().expect("the process ends");
    }

    /// Returns its exit status once it has ended.
    ///
    /// # Panics
    /// When the system does not report it.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the process is a child")
    }

    /// Waits for its end and returns the exit status.
    ///
    /// # Panics
    /// When it does not end within the limit.
    pub fn await_end(&mut self) -> ExitStatus {
        wait_for("its end", LIMIT, || self.exit_status())
    }

    /// Waits until its log contains a text.
    ///
    /// # Panics
    /// When there is none within the limit.
    pub fn await_log(&self, text: &str) {
        wait_for(text, LIMIT, || self.log().contains(text).then_some(()));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            // a failed test prints this log after its own message
            let _ = writeln!(std::io::stderr(), "{}:\n{}", self.log.display(), self.log());
        }
    }
}

fn children(process: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    tasks
        .flat_map(|task| {
            let text = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            text.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<u32>>()
        })
        .collect()
}

/// Whether a process has used a twentieth of a second.
fn has_computed(process: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // fields after the name: the twelfth is the time in its own code, in hundredths
    let used = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(11));
    used.is_some_and(|used| used.parse().is_ok_and(|hundredths: u32| hundredths >= 5))
}

/// Returns the address of its health endpoints, which it logs at the start.
fn health_address(log: &str) -> Option<SocketAddr> {
    let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.find_map(|line| line["address"].as_str()?.parse().ok())
}
