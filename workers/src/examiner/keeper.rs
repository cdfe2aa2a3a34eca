//! Keeps one zygote running and asks it for children.

use std::io::{self, PipeReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType, recv, socketpair};

use super::pipes::Ends;
use super::{ExaminerError, order, zygote};

/// Most time until a zygote is warm: a second is usual on a slow machine.
const WARM: Duration = Duration::from_secs(60);

/// More than any machine has, so that no thread of Rust can be made in a
/// zygote: the networks' runtime then computes in the thread that asks.
const NO_STACK: &str = "4611686018427387904";

/// The zygote that runs, if one does; started when it is first needed, and
/// again when it has ended.
#[derive(Default)]
pub(super) struct Keeper(Mutex<Option<Arc<Zygote>>>);

impl Keeper {
    /// Asks for a child that has these pipes and whose end is told on `control`.
    pub(super) fn fork(
        &self,
        ends: &Ends,
        control: &UnixStream,
    ) -> Result<Arc<Zygote>, ExaminerError> {
        let zygote = self.zygote()?;
        order::send(&zygote.socket, ends, control).map_err(|_closed| {
            zygote.give_up();
            ExaminerError::ZygoteEnded
        })?;
        Ok(zygote)
    }

    fn zygote(&self) -> Result<Arc<Zygote>, ExaminerError> {
        // of those that come while it starts all but one wait here
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(zygote) = kept.as_ref().filter(|zygote| !zygote.is_given_up()) {
            return Ok(Arc::clone(zygote));
        }
        let zygote = Arc::new(Zygote::start()?);
        *kept = Some(Arc::clone(&zygote));
        Ok(zygote)
    }

    /// The process that forks.
    #[cfg(test)]
    pub(super) fn pid(&self) -> Option<u32> {
        let kept = self.0.lock().unwrap();
        kept.as_ref().map(|zygote| zygote.process.id())
    }
}

/// A process that forks; it ends with this value.
///
/// No signal tells it of its parent's death: that would be the death of the
/// thread that started it. It sees the socket close.
pub(super) struct Zygote {
    socket: OwnedFd,
    process: Child,
    given_up: AtomicBool,
}

impl Zygote {
    fn start() -> Result<Self, ExaminerError> {
        let (socket, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
                .map_err(io::Error::from)?;
        let (mut said, stderr) = io::pipe()?;
        let process = spawn(theirs, stderr.into())?;
        let zygote = Self { socket, process, given_up: AtomicBool::new(false) };
        let word = zygote.word()?;
        if word == zygote::READY {
            return Ok(zygote);
        }
        drop(zygote);
        Err(ExaminerError::NotReady(why(&word, &mut said)))
    }

    /// What it says first; nothing when it ends or is silent.
    fn word(&self) -> io::Result<Vec<u8>> {
        let mut polled = [PollFd::new(&self.socket, PollFlags::IN)];
        let limit = Timespec { tv_sec: WARM.as_secs().cast_signed(), tv_nsec: 0 };
        while let Err(error) = poll(&mut polled, Some(&limit)) {
            if error != rustix::io::Errno::INTR {
                return Err(error.into());
            }
        }
        let mut word = vec![0; 1 << 10];
        let (length, _) = recv(&self.socket, &mut word, RecvFlags::DONTWAIT).unwrap_or_default();
        word.truncate(length);
        Ok(word)
    }

    /// Leaves it to be replaced.
    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        // an error means that it has ended already
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// This program again, with nothing of this one's environment.
fn spawn(socket: OwnedFd, stderr: Stdio) -> io::Result<Child> {
    // the kernel's link, not a path: it stays right when the file is replaced
    Command::new("/proc/self/exe")
        .args(ARGUMENTS)
        .env_clear()
        // read when libraries are loaded: tesseract stays in one thread
        .env("OMP_THREAD_LIMIT", "1")
        .env("RUST_MIN_STACK", NO_STACK)
        // read when the process starts: large pages where memory is fresh, as it
        // always is in a child, which saves 5 to 15 ms of faults a document
        .env("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
        .current_dir("/")
        // a key pressed on the terminal is the parent's alone to answer
        .process_group(0)
        .stdin(socket)
        .stdout(Stdio::null())
        .stderr(stderr)
        .spawn()
}

#[cfg(not(test))]
const ARGUMENTS: &[&str] = &["zygote"];
/// A program of tests has no commands, but a test that plays the zygote.
#[cfg(test)]
const ARGUMENTS: &[&str] = &["--exact", "examiner::tests::as_zygote", "--ignored", "--nocapture"];

/// No document was near it: all that it said may be told.
fn why(word: &[u8], said: &mut PipeReader) -> String {
    let mut words = word.to_vec();
    if words.is_empty() {
        // it has been killed, so this ends
        let _ = said.take(1 << 12).read_to_end(&mut words);
    }
    let words = crate::cli::text::escaped(String::from_utf8_lossy(&words).trim());
    if words.is_empty() { "it ended or was silent while it loaded".to_owned() } else { words }
}
