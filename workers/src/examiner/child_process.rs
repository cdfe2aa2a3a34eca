//! Runs one child process from its start to its end, from the parent's side.

use std::io;
use std::time::{Duration, Instant};

use super::child_end::{ChildEnd, Outcome};
use super::child_handle::ChildHandle;
use super::child_source::ChildSource;
use super::error::ExaminerError;
use super::pipes::{Completeness, ExchangeEnd, ParentPipes};
use super::protocol::{MAX_BODY, READY, Request, frame};

/// The outcome of a child, and its duration.
pub(super) struct ChildRun {
    pub(super) outcome: Outcome,
    /// Until it was ready for the document.
    pub(super) start: Duration,
    /// Until its end or its complete answer.
    pub(super) total: Duration,
}

/// Starts a child, sends it the request and the document, and awaits its answer.
///
/// # Errors
/// When no child can be started, or it does not become ready: it has received
/// nothing of the document then. When it is ended from outside, or its wall-clock
/// time is over: that says nothing about the document.
pub(super) fn run(
    source: &ChildSource,
    request: &Request,
    document: &[u8],
    wall_clock: Duration,
) -> Result<ChildRun, ExaminerError> {
    let begun = Instant::now();
    let header = frame(&serde_json::to_vec(request).map_err(io::Error::from)?)?;

    let (mut pipes, child_pipes) = ParentPipes::new()?;
    let mut child = ChildHandle::start(source, child_pipes)?;
    // the start of the zygote does not count against the document
    let deadline = Instant::now() + wall_clock;
    let ready = pipes.exchange(&header, deadline, |output| match output.len() {
        length if length < READY.len() => Completeness::Incomplete,
        _ if output.starts_with(READY) => Completeness::Complete,
        _ => Completeness::TooLong,
    })?;
    let limit = Duration::from_secs(request.seconds.into());
    if ready != ExchangeEnd::Complete {
        let end = match ready {
            ExchangeEnd::Closed => child.await_end()?,
            _ => child.give_up()?,
        };
        return Err(not_ready(&ready, &end, &pipes.errors, limit));
    }
    pipes.output.drain(..READY.len());
    let start = begun.elapsed();

    let end = pipes.exchange(document, deadline, answer_completeness)?;
    let total = begun.elapsed();
    // dropping `child` kills what is left of it
    let outcome = match end {
        ExchangeEnd::Complete => Outcome::Answered(pipes.into_body()),
        ExchangeEnd::TooLong => Outcome::Failed,
        ExchangeEnd::Closed => child.await_end()?.outcome(&pipes.errors, limit)?,
        ExchangeEnd::TimedOut => child.give_up()?.outcome(&pipes.errors, limit)?,
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

/// The child has received nothing of the document yet, so its stderr may be shown.
fn not_ready(
    exchange: &ExchangeEnd,
    end: &ChildEnd,
    errors: &[u8],
    limit: Duration,
) -> ExaminerError {
    if let Err(killed @ ExaminerError::Killed(_)) = end.outcome(errors, limit) {
        return killed;
    }
    let errors = crate::cli::text::escaped(String::from_utf8_lossy(errors).trim());
    let status = end.status;
    ExaminerError::NotReady(match exchange {
        ExchangeEnd::TimedOut => "it was silent until its time limit".to_owned(),
        ExchangeEnd::Closed if errors.is_empty() => format!("it ended with {status}"),
        ExchangeEnd::Closed => format!("it ended with {status} and the error {errors}"),
        ExchangeEnd::Complete | ExchangeEnd::TooLong => "it uses another protocol".to_owned(),
    })
}
