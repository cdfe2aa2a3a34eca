//! One child process from its start to its end, watched from outside.

use std::io::{self, Read};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tracing::warn;

use super::keeper::Zygote;
use super::pipes::{Ends, Heard, Pipes, Talk};
use super::wire::{MAX_BODY, READY, Request, frame};
use super::{ExaminerError, Program, Source};

/// How a child ended, and when.
pub(super) struct Run {
    pub(super) ended: Ended,
    /// Until it was ready for the document.
    pub(super) start: Duration,
    /// Until its end or its whole answer.
    pub(super) total: Duration,
}

/// What became of a child that had been ready.
#[derive(Debug, PartialEq)]
pub(super) enum Ended {
    /// It gave an answer of the stated length, still to be checked.
    Answered(Vec<u8>),
    /// It was killed at its limit of time.
    OutOfTime,
    /// It ended, saying that it got no more memory.
    OutOfMemory,
    /// It was killed at a system call that an examination does not need.
    Stopped,
    /// It ended in any other way, or answered too much.
    Broken,
}

/// Starts a child, gives it the request and the document, and waits for its answer.
///
/// # Errors
/// When no child can be started, or it does not get ready: nothing of the
/// document was given to it then.
pub(super) fn run(
    source: &Source,
    request: &Request,
    document: &[u8],
    wall: Duration,
) -> Result<Run, ExaminerError> {
    let begun = Instant::now();
    let header = frame(&serde_json::to_vec(request).map_err(io::Error::from)?)?;

    let (mut pipes, ends) = Pipes::new()?;
    let mut child = Running::start(source, ends)?;
    // that the zygote had to be started first is no fault of the document
    let deadline = Instant::now() + wall;
    let ready = pipes.talk(&header, deadline, |heard| match heard.len() {
        length if length < READY.len() => Heard::TooLittle,
        _ if heard.starts_with(READY) => Heard::Enough,
        _ => Heard::TooMuch,
    })?;
    if ready != Talk::Complete {
        return Err(not_ready(&ready, child.end()?, &pipes.said));
    }
    pipes.heard.drain(..READY.len());
    let start = begun.elapsed();

    let talk = pipes.talk(document, deadline, answer)?;
    let total = begun.elapsed();
    // what is left of it ends with `child`
    let ended = match talk {
        Talk::Complete => Ended::Answered(pipes.into_body()),
        Talk::Late => Ended::OutOfTime,
        Talk::Closed => why(child.end()?, &pipes.said),
        Talk::TooMuch => Ended::Broken,
    };
    Ok(Run { ended, start, total })
}

/// Whether the framed answer is there as a whole.
fn answer(heard: &[u8]) -> Heard {
    let Some((length, rest)) = heard.split_first_chunk() else { return Heard::TooLittle };
    match u32::from_le_bytes(*length) as usize {
        length if MAX_BODY < length => Heard::TooMuch,
        length if length <= rest.len() => Heard::Enough,
        _ => Heard::TooLittle,
    }
}

/// Why a ready child ended without an answer. Its own words are only searched
/// for what the allocators of Rust and C++ say, and never passed on.
fn why(status: ExitStatus, said: &[u8]) -> Ended {
    let said = String::from_utf8_lossy(said);
    if said.contains("memory allocation of") || said.contains("bad_alloc") {
        Ended::OutOfMemory
    } else if status.signal() == Some(Signal::XCPU.as_raw()) {
        Ended::OutOfTime
    } else if status.signal() == Some(Signal::SYS.as_raw()) {
        warn!("An examining process was killed at a system call that is not allowed to it");
        Ended::Stopped
    } else {
        Ended::Broken
    }
}

/// The child has seen nothing of the document yet, so its words may be told.
fn not_ready(talk: &Talk, status: ExitStatus, said: &[u8]) -> ExaminerError {
    let said = crate::cli::text::escaped(String::from_utf8_lossy(said).trim());
    ExaminerError::NotReady(match talk {
        Talk::Late => "it was silent until its limit of time".to_owned(),
        Talk::Closed if said.is_empty() => format!("it ended with {status}"),
        Talk::Closed => format!("it ended with {status} and said: {said}"),
        Talk::Complete | Talk::TooMuch => "it speaks another protocol".to_owned(),
    })
}

/// A child that does not outlive this value.
pub(super) enum Running {
    /// A program of its own.
    Program(Child),
    /// A fork of the zygote, which kills it when this stream is closed, and
    /// says on it with what status it ended.
    Forked { control: UnixStream, zygote: Arc<Zygote> },
}

/// The zygote answers at once, unless it is stopped or starved.
const PATIENCE: Duration = Duration::from_secs(10);

impl Running {
    fn start(source: &Source, ends: Ends) -> Result<Self, ExaminerError> {
        match source {
            Source::Program(program) => Ok(Self::Program(program.start(ends)?)),
            Source::Zygote(keeper) => {
                let (control, theirs) = UnixStream::pair()?;
                control.set_read_timeout(Some(PATIENCE))?;
                let zygote = keeper.fork(&ends, &theirs)?;
                Ok(Self::Forked { control, zygote })
            }
        }
    }

    /// Kills what is left of it and takes its status; one that had ended by
    /// itself keeps the status that it ended with.
    fn end(&mut self) -> Result<ExitStatus, ExaminerError> {
        match self {
            Self::Program(child) => Ok(end(child)?),
            Self::Forked { control, zygote } => {
                let mut said = [0; 4];
                // an error means that the zygote is gone, as the next one will too
                let _ = control.shutdown(Shutdown::Write);
                if control.read_exact(&mut said).is_err() {
                    zygote.give_up();
                    return Err(ExaminerError::ZygoteEnded);
                }
                match i32::from_le_bytes(said) {
                    error @ ..0 => Err(io::Error::from_raw_os_error(-error).into()),
                    status => Ok(ExitStatus::from_raw(status)),
                }
            }
        }
    }
}

impl Program {
    fn start(&self, ends: Ends) -> io::Result<Child> {
        Command::new(&self.path)
            .args(&self.arguments)
            .env_clear()
            .current_dir("/")
            // its own group: whatever it starts is killed with it
            .process_group(0)
            .stdin(ends.stdin)
            .stdout(ends.stdout)
            .stderr(ends.stderr)
            .spawn()
    }
}

fn end(child: &mut Child) -> io::Result<ExitStatus> {
    // an error means that the group is gone already
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    child.wait()
}

impl Drop for Running {
    fn drop(&mut self) {
        // after `end` this is a status already taken: nothing is signalled twice
        if let Self::Program(child) = self
            && matches!(child.try_wait(), Ok(None))
        {
            let _ = end(child);
        }
    }
}
