//! Runs one child process from its start to its end, from the parent's side.

use std::io::{self, Read};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use tracing::warn;

use super::child_source::{ChildSource, Program};
use super::error::ExaminerError;
use super::pipes::{ChildPipes, Completeness, ExchangeEnd, ParentPipes};
use super::protocol::{MAX_BODY, READY, Request, frame};
use super::zygote_handle::ZygoteProcess;

/// The outcome of a child, and its duration.
pub(super) struct ChildRun {
    pub(super) outcome: Outcome,
    /// Until it was ready for the document.
    pub(super) start: Duration,
    /// Until its end or its complete answer.
    pub(super) total: Duration,
}

/// The outcome of a child that had become ready.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// It sent an answer of the stated length, not validated yet.
    Answered(Vec<u8>),
    /// It exceeded its time limit.
    OutOfTime,
    /// It ended because an allocation failed.
    OutOfMemory,
    /// seccomp killed it at a forbidden system call.
    ForbiddenCall,
    /// It ended in another way, or its answer was too long.
    Failed,
}

/// Starts a child, sends it the request and the document, and awaits its answer.
///
/// # Errors
/// When no child can be started, or it does not become ready: it has received
/// nothing of the document then.
pub(super) fn run(
    source: &ChildSource,
    request: &Request,
    document: &[u8],
    limit: Duration,
) -> Result<ChildRun, ExaminerError> {
    let begun = Instant::now();
    let header = frame(&serde_json::to_vec(request).map_err(io::Error::from)?)?;

    let (mut pipes, child_pipes) = ParentPipes::new()?;
    let mut child = ChildHandle::start(source, child_pipes)?;
    // the start of the zygote does not count against the document
    let deadline = Instant::now() + limit;
    let ready = pipes.exchange(&header, deadline, |output| match output.len() {
        length if length < READY.len() => Completeness::Incomplete,
        _ if output.starts_with(READY) => Completeness::Complete,
        _ => Completeness::TooLong,
    })?;
    if ready != ExchangeEnd::Complete {
        return Err(not_ready(&ready, child.end()?, &pipes.errors));
    }
    pipes.output.drain(..READY.len());
    let start = begun.elapsed();

    let end = pipes.exchange(document, deadline, answer_completeness)?;
    let total = begun.elapsed();
    // dropping `child` kills what is left of it
    let outcome = match end {
        ExchangeEnd::Complete => Outcome::Answered(pipes.into_body()),
        ExchangeEnd::TimedOut => Outcome::OutOfTime,
        ExchangeEnd::Closed => outcome_from_status(child.end()?, &pipes.errors),
        ExchangeEnd::TooLong => Outcome::Failed,
    };
    Ok(ChildRun { outcome, start, total })
}

/// Whether the framed answer is complete.
fn answer_completeness(output: &[u8]) -> Completeness {
    let Some((length, rest)) = output.split_first_chunk() else { return Completeness::Incomplete };
    match u32::from_le_bytes(*length) as usize {
        length if MAX_BODY < length => Completeness::TooLong,
        length if length <= rest.len() => Completeness::Complete,
        _ => Completeness::Incomplete,
    }
}

/// Returns why a ready child ended without an answer. Its stderr is only searched
/// for the messages of the allocators of Rust and C++, and never passed on.
fn outcome_from_status(status: ExitStatus, errors: &[u8]) -> Outcome {
    let errors = String::from_utf8_lossy(errors);
    if errors.contains("memory allocation of") || errors.contains("bad_alloc") {
        Outcome::OutOfMemory
    } else if status.signal() == Some(Signal::XCPU.as_raw()) {
        Outcome::OutOfTime
    } else if status.signal() == Some(Signal::SYS.as_raw()) {
        warn!("An examining process was killed at a forbidden system call");
        Outcome::ForbiddenCall
    } else {
        Outcome::Failed
    }
}

/// The child has received nothing of the document yet, so its stderr may be shown.
fn not_ready(end: &ExchangeEnd, status: ExitStatus, errors: &[u8]) -> ExaminerError {
    let errors = crate::cli::text::escaped(String::from_utf8_lossy(errors).trim());
    ExaminerError::NotReady(match end {
        ExchangeEnd::TimedOut => "it was silent until its time limit".to_owned(),
        ExchangeEnd::Closed if errors.is_empty() => format!("it ended with {status}"),
        ExchangeEnd::Closed => format!("it ended with {status} and the error {errors}"),
        ExchangeEnd::Complete | ExchangeEnd::TooLong => "it uses another protocol".to_owned(),
    })
}

/// A child that is killed when this value is dropped.
pub(super) enum ChildHandle {
    /// A separate program.
    Program(Child),
    /// A fork of the zygote, which kills it when this stream is closed, and
    /// sends its exit status on the stream.
    Forked { control: UnixStream, zygote: Arc<ZygoteProcess> },
}

/// The zygote answers at once, unless it is stopped or starved.
const ZYGOTE_TIMEOUT: Duration = Duration::from_secs(10);

impl ChildHandle {
    fn start(source: &ChildSource, pipes: ChildPipes) -> Result<Self, ExaminerError> {
        match source {
            ChildSource::Program(program) => Ok(Self::Program(program.start(pipes)?)),
            ChildSource::Zygote(zygote) => {
                let (control, theirs) = UnixStream::pair()?;
                control.set_read_timeout(Some(ZYGOTE_TIMEOUT))?;
                let zygote = zygote.fork(&pipes, &theirs)?;
                Ok(Self::Forked { control, zygote })
            }
        }
    }

    /// Kills the child if it still runs, and returns its exit status; a child that had
    /// ended by itself keeps its own status.
    fn end(&mut self) -> Result<ExitStatus, ExaminerError> {
        match self {
            Self::Program(child) => Ok(kill(child)?),
            Self::Forked { control, zygote } => {
                let mut status = [0; 4];
                // an error means that the zygote has ended, which the read will show
                let _ = control.shutdown(Shutdown::Write);
                if control.read_exact(&mut status).is_err() {
                    zygote.discard();
                    return Err(ExaminerError::ZygoteEnded);
                }
                match i32::from_le_bytes(status) {
                    error @ ..0 => Err(io::Error::from_raw_os_error(-error).into()),
                    status => Ok(ExitStatus::from_raw(status)),
                }
            }
        }
    }
}

impl Program {
    fn start(&self, pipes: ChildPipes) -> io::Result<Child> {
        Command::new(&self.path)
            .args(&self.arguments)
            .env_clear()
            .current_dir("/")
            // its own process group: processes that it starts are killed with it
            .process_group(0)
            .stdin(pipes.stdin)
            .stdout(pipes.stdout)
            .stderr(pipes.stderr)
            .spawn()
    }
}

fn kill(child: &mut Child) -> io::Result<ExitStatus> {
    // an error means that the group has already ended
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    child.wait()
}

impl Drop for ChildHandle {
    fn drop(&mut self) {
        // after `end` the status is already collected, so nothing is signalled twice
        if let Self::Program(child) = self
            && matches!(child.try_wait(), Ok(None))
        {
            let _ = kill(child);
        }
    }
}
