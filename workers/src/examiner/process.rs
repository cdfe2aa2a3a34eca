//! One child process from its start to its end, watched from outside.

use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::pipes::{Heard, Pipes, Talk};
use super::wire::{MAX_BODY, READY, Request, frame};
use super::{ExaminerError, Program};

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
    /// It ended in any other way, or answered too much.
    Broken,
}

/// Starts a child, gives it the request and the document, and waits for its answer.
///
/// # Errors
/// When no child can be started, or it does not get ready: nothing of the
/// document was given to it then.
pub(super) fn run(
    program: &Program,
    request: &Request,
    document: &[u8],
    wall: Duration,
) -> Result<Run, ExaminerError> {
    let begun = Instant::now();
    let deadline = begun + wall;
    let header = frame(&serde_json::to_vec(request).map_err(io::Error::from)?)?;

    let mut child = Running::start(program)?;
    let mut pipes = Pipes::of(&mut child.0)?;
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
    let status = child.end()?;
    let ended = match talk {
        Talk::Complete => Ended::Answered(pipes.into_body()),
        Talk::Late => Ended::OutOfTime,
        Talk::Closed => why(status, &pipes.said),
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
    } else {
        Ended::Broken
    }
}

/// The child has seen nothing of the document yet, so its words may be told.
fn not_ready(talk: &Talk, status: ExitStatus, said: &[u8]) -> ExaminerError {
    let said = crate::text::escaped(String::from_utf8_lossy(said).trim());
    ExaminerError::NotReady(match talk {
        Talk::Late => "it was silent until its limit of time".to_owned(),
        Talk::Closed if said.is_empty() => format!("it ended with {status}"),
        Talk::Closed => format!("it ended with {status} and said: {said}"),
        Talk::Complete | Talk::TooMuch => "it speaks another protocol".to_owned(),
    })
}

/// A child that does not outlive this value.
struct Running(Child);

impl Running {
    fn start(program: &Program) -> io::Result<Self> {
        let child = Command::new(&program.path)
            .args(&program.arguments)
            .env_clear()
            // libgomp reads it at its start: one thread a page
            .env("OMP_THREAD_LIMIT", "1")
            .current_dir("/")
            // its own group: whatever it starts is killed with it
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        Ok(Self(child))
    }

    /// Kills what is left of it and takes its status; one that had ended by
    /// itself keeps the status that it ended with.
    fn end(&mut self) -> io::Result<ExitStatus> {
        // an error means that the group is gone already
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        self.0.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // after `end` this is a status already taken: nothing is signalled twice
        if matches!(self.0.try_wait(), Ok(None)) {
            let _ = self.end();
        }
    }
}
