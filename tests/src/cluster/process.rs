//! One long-running `tekseru`, its log and its health.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::LIMIT;
use crate::services::wait_for;

/// Killed when dropped.
pub struct Process {
    child: Child,
    log: PathBuf,
    /// Length of the log when it was started: a name may be used again.
    from: usize,
    address: Option<SocketAddr>,
}

impl Process {
    pub(super) fn start(command: &Command, log: PathBuf) -> Self {
        let from = fs::read(&log).map_or(0, |before| before.len());
        let file = File::options().create(true).append(true).open(&log).expect("a folder is there");
        // it ends with the thread that started it, however that ends
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
        Self { child, log, from, address: None }
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has logged.
    #[must_use]
    pub fn log(&self) -> String {
        let all = fs::read(&self.log).unwrap_or_default();
        String::from_utf8_lossy(all.get(self.from..).unwrap_or_default()).into_owned()
    }

    /// Waits until it says that it can do its work.
    ///
    /// # Panics
    /// When it does not within the limit.
    pub fn ready(&mut self) {
        wait_for("readiness", LIMIT, || {
            let ended = self.child.try_wait().expect("it is ours");
            assert!(ended.is_none(), "it ended: {}", self.log());
            matches!(self.get("/readyz"), Some((200, _))).then_some(())
        });
    }

    /// What it answers over HTTP: status and body.
    #[must_use]
    pub fn get(&mut self, path: &str) -> Option<(u16, String)> {
        let address = *self.address.get_or_insert(address(&self.log())?);
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
    /// When that fails.
    pub fn signal(&self, signal: &str) {
        crate::services::signal(self.id(), signal);
    }

    /// The processes that it started: of a worker the warm one.
    #[must_use]
    pub fn children(&self) -> Vec<u32> {
        children(self.id())
    }

    /// What those have started: of a worker the children that examine.
    #[must_use]
    pub fn grandchildren(&self) -> Vec<u32> {
        self.children().into_iter().flat_map(children).collect()
    }

    /// Ends it as a lack of power would.
    ///
    /// # Panics
    /// When it is not ours.
    pub fn kill(&mut self) {
        self.child.kill().expect("it is ours");
        self.child.wait().expect("it ends");
    }

    /// Whether it has ended, and how.
    ///
    /// # Panics
    /// When it is not ours.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("it is ours")
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end within the limit.
    pub fn await_end(&mut self) -> ExitStatus {
        wait_for("its end", LIMIT, || self.ended())
    }

    /// Waits for a line of its log that holds some text.
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
            // beside the test's own words, which are all that a failed test leaves
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

/// Where it serves its health, as it logged it.
fn address(log: &str) -> Option<SocketAddr> {
    let mut lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.find_map(|line| line["address"].as_str()?.parse().ok())
}
