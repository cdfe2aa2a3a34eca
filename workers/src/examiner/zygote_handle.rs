//! Starts the zygote, restarts it when it ends, and requests forks from it.

use std::io::{self, PipeReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pipeline::engines::vector;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType, recv, socketpair};

use super::error::ExaminerError;
use super::pipes::ChildPipes;
use super::{fork_request, zygote};

/// Time limit for the start of a zygote; a slow machine needs about a second.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// More memory than any machine has, so that Rust code in a zygote cannot start
/// a thread: libraries then compute in the calling thread.
const IMPOSSIBLE_STACK: &str = "4611686018427387904";

/// The running zygote, if any; started at its first use and restarted after it ended.
#[derive(Default)]
pub(super) struct ZygoteHandle(Mutex<Option<Arc<ZygoteProcess>>>);

impl ZygoteHandle {
    /// Requests a child with these pipes; its exit status will arrive on `control`.
    pub(super) fn fork(
        &self,
        pipes: &ChildPipes,
        control: &UnixStream,
    ) -> Result<Arc<ZygoteProcess>, ExaminerError> {
        let zygote = self.zygote()?;
        fork_request::send(&zygote.socket, pipes, control).map_err(|_closed| {
            zygote.discard();
            ExaminerError::ZygoteEnded
        })?;
        Ok(zygote)
    }

    fn zygote(&self) -> Result<Arc<ZygoteProcess>, ExaminerError> {
        // while one caller starts it, the others wait here
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zygote) = current.as_ref().filter(|zygote| !zygote.is_discarded()) {
            return Ok(Arc::clone(zygote));
        }
        let zygote = Arc::new(ZygoteProcess::start()?);
        *current = Some(Arc::clone(&zygote));
        Ok(zygote)
    }

    /// Returns the name of the pipeline's examiner in the zygote, which may differ from
    /// that in this process: the environment is empty there, and libraries may be newer.
    pub(super) fn examiner(&self) -> Result<String, ExaminerError> {
        Ok(self.zygote()?.examiner.clone())
    }

    /// Returns the process id of the zygote.
    #[cfg(test)]
    pub(super) fn pid(&self) -> Option<u32> {
        let current = self.0.lock().unwrap();
        current.as_ref().map(|zygote| zygote.process.id())
    }
}

/// A zygote; killed when this value is dropped.
///
/// It detects the end of its parent by the closed socket. A parent-death signal
/// would refer to the thread that started it, not to the process.
pub(super) struct ZygoteProcess {
    /// The name of the pipeline's examiner.
    examiner: String,
    socket: OwnedFd,
    process: Child,
    discarded: AtomicBool,
}

impl ZygoteProcess {
    fn start() -> Result<Self, ExaminerError> {
        let (socket, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
                .map_err(io::Error::from)?;
        let (mut errors, stderr) = io::pipe()?;
        let process = spawn(theirs, stderr.into())?;
        let discarded = AtomicBool::new(false);
        let mut zygote = Self { examiner: String::new(), socket, process, discarded };
        let message = zygote.first_message()?;
        if let Some(examiner) = message.strip_prefix(zygote::READY) {
            zygote.examiner = String::from_utf8_lossy(examiner).into_owned();
            return Ok(zygote);
        }
        drop(zygote);
        Err(ExaminerError::NotReady(failure_text(&message, &mut errors)))
    }

    /// Returns its first message; empty when it ends or does not respond.
    fn first_message(&self) -> io::Result<Vec<u8>> {
        let mut polled = [PollFd::new(&self.socket, PollFlags::IN)];
        let limit = Timespec { tv_sec: START_TIMEOUT.as_secs().cast_signed(), tv_nsec: 0 };
        while let Err(error) = poll(&mut polled, Some(&limit)) {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        let mut message = vec![0; 1 << 10];
        let (length, _) = recv(&self.socket, &mut message, RecvFlags::DONTWAIT).unwrap_or_default();
        message.truncate(length);
        Ok(message)
    }

    /// Marks it as ended, so that the next use starts another.
    pub(super) fn discard(&self) {
        self.discarded.store(true, Ordering::Relaxed);
    }

    fn is_discarded(&self) -> bool {
        self.discarded.load(Ordering::Relaxed)
    }
}

impl Drop for ZygoteProcess {
    fn drop(&mut self) {
        // an error means that it has already ended
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts this program again, with an empty environment.
fn spawn(socket: OwnedFd, stderr: Stdio) -> io::Result<Child> {
    // a link of the kernel, not a path: it stays valid when the file is replaced
    Command::new("/proc/self/exe")
        .args(ARGUMENTS)
        .env_clear()
        // read when libraries are loaded: keeps tesseract in one thread
        .env("OMP_THREAD_LIMIT", "1")
        .env("RUST_MIN_STACK", IMPOSSIBLE_STACK)
        // read when the process starts: huge pages for fresh memory, which a child
        // always has; saves 5 to 15 ms of page faults per document
        .env("GLIBC_TUNABLES", tunables())
        .envs(vector::paths_are_off().then_some((vector::PATHS_VARIABLE, "off")))
        .current_dir("/")
        // signals from the terminal, such as Ctrl-C, go to the parent only
        .process_group(0)
        .stdin(socket)
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
}

fn tunables() -> String {
    let paths = vector::paths_are_off().then_some(vector::GLIBC_PATHS_OFF);
    std::iter::once("glibc.malloc.hugetlb=1").chain(paths).collect::<Vec<_>>().join(":")
}

#[cfg(not(test))]
const ARGUMENTS: &[&str] = &["zygote"];
/// The test program has no commands, so one of its tests plays the zygote.
#[cfg(test)]
const ARGUMENTS: &[&str] = &["--exact", "examiner::tests::as_zygote", "--ignored", "--nocapture"];

/// Returns what the zygote reported. It received no document, so its output may be shown.
fn failure_text(message: &[u8], errors: &mut PipeReader) -> String {
    let mut output = message.to_vec();
    if output.is_empty() {
        // the zygote is killed, so this read ends
        let _ = errors.take(1 << 12).read_to_end(&mut output);
    }
    let text = crate::cli::text::escaped(String::from_utf8_lossy(&output).trim());
    if text.is_empty() { "it ended or did not respond while it loaded".to_owned() } else { text }
}
