//! What the end of a child means: an outcome for its file, or a failure of ours.
//!
//! Only an end that the child's own work caused says something about the file. A child
//! that was killed from outside, by an operator or because the machine was out of memory,
//! would have answered otherwise.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::Signal;
use tracing::warn;

use super::error::ExaminerError;

/// The outcome of a child that had become ready.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// It sent an answer of the stated length, not validated yet.
    Answered(Vec<u8>),
    /// It used more processor time than allowed.
    OutOfTime,
    /// It ended because an allocation failed.
    OutOfMemory,
    /// seccomp killed it at a forbidden system call.
    ForbiddenCall,
    /// It crashed, ended without an answer, or its answer was too long.
    Failed,
}

/// The end of a child that did not answer.
#[derive(Debug)]
pub(super) struct ChildEnd {
    pub(super) status: ExitStatus,
    pub(super) processor_time: Duration,
    /// Whether this process gave it up and asked for its end. It may have ended before.
    pub(super) given_up: bool,
}

/// Signals that a process gets for what it does itself: a fault, or a limit on itself.
const OWN_FAULTS: [Signal; 7] = [
    Signal::SEGV,
    Signal::ABORT,
    Signal::BUS,
    Signal::ILL,
    Signal::FPE,
    Signal::TRAP,
    Signal::XFSZ,
];

/// Signals by which others end a process, as the metric names them.
const OTHERS: [(Signal, &str); 6] = [
    (Signal::KILL, "SIGKILL"),
    (Signal::TERM, "SIGTERM"),
    (Signal::INT, "SIGINT"),
    (Signal::HUP, "SIGHUP"),
    (Signal::QUIT, "SIGQUIT"),
    (Signal::PIPE, "SIGPIPE"),
];

impl ChildEnd {
    /// Returns what the end means for the file. `errors` is the child's stderr, which is only
    /// searched for the messages of the allocators of Rust and C++, and never passed on.
    ///
    /// # Errors
    /// When the child did not end by its own work.
    pub(super) fn outcome(
        &self,
        errors: &[u8],
        processor_limit: Duration,
    ) -> Result<Outcome, ExaminerError> {
        let errors = String::from_utf8_lossy(errors);
        if errors.contains("memory allocation of") || errors.contains("bad_alloc") {
            return Ok(Outcome::OutOfMemory);
        }
        let Some(number) = self.status.signal() else { return Ok(Outcome::Failed) };
        let is = |signal: Signal| number == signal.as_raw();
        if is(Signal::XCPU) {
            return Ok(Outcome::OutOfTime);
        }
        if is(Signal::SYS) {
            warn!("An examining process was killed at a forbidden system call");
            return Ok(Outcome::ForbiddenCall);
        }
        if OWN_FAULTS.into_iter().any(is) {
            return Ok(Outcome::Failed);
        }
        // the kernel kills a process that ignores SIGXCPU
        if is(Signal::KILL) && self.processor_time >= processor_limit {
            return Ok(Outcome::OutOfTime);
        }
        // nobody knows whether it would have ended by itself, or who was first to kill it
        if is(Signal::KILL) && self.given_up {
            return Err(ExaminerError::Stalled);
        }
        Err(ExaminerError::Killed(signal_name(number)))
    }
}

fn signal_name(number: i32) -> &'static str {
    let known = OTHERS.into_iter().find(|(signal, _)| signal.as_raw() == number);
    known.map_or("another signal", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(60);

    /// An outcome, or a failure of ours.
    fn meaning(signal: Signal, seconds: u64, given_up: bool) -> String {
        let status = ExitStatus::from_raw(signal.as_raw());
        let end = ChildEnd { status, processor_time: Duration::from_secs(seconds), given_up };
        match end.outcome(b"", LIMIT) {
            Ok(outcome) => format!("{outcome:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_fault_of_the_child_is_an_outcome() {
        for (signal, outcome) in [
            (Signal::SEGV, "Failed"),
            (Signal::ABORT, "Failed"),
            (Signal::BUS, "Failed"),
            (Signal::ILL, "Failed"),
            (Signal::FPE, "Failed"),
            (Signal::TRAP, "Failed"),
            (Signal::XFSZ, "Failed"),
            (Signal::SYS, "ForbiddenCall"),
            (Signal::XCPU, "OutOfTime"),
        ] {
            for given_up in [false, true] {
                assert_eq!(meaning(signal, 1, given_up), outcome, "{signal:?}");
            }
        }
    }

    #[test]
    fn an_end_from_outside_is_our_failure() {
        for (signal, name) in OTHERS {
            let text = format!("the examining process was ended from outside by {name}");
            assert_eq!(meaning(signal, 59, false), text);
        }
        for signal in [Signal::USR1, Signal::ALARM, Signal::VTALARM] {
            assert!(meaning(signal, 0, false).ends_with("by another signal"), "{signal:?}");
        }
    }

    #[test]
    fn a_kill_of_ours_is_no_outcome_below_the_limit() {
        let stalled = "the examining process neither answered nor ended in its wall-clock time";
        for (seconds, given_up, expected) in
            [(60, false, "OutOfTime"), (61, true, "OutOfTime"), (59, true, stalled)]
        {
            assert_eq!(meaning(Signal::KILL, seconds, given_up), expected, "{seconds}");
        }
        // it was ended by another before it was killed
        assert!(meaning(Signal::TERM, 0, true).ends_with("by SIGTERM"));
    }

    #[test]
    fn a_failed_allocation_is_known_by_its_message() {
        for (message, raw) in [
            ("memory allocation of 9 bytes failed", libc::SIGABRT),
            ("what():  std::bad_alloc", libc::SIGABRT),
            ("memory allocation of 9 bytes failed", libc::SIGKILL),
        ] {
            let status = ExitStatus::from_raw(raw);
            let end = ChildEnd { status, processor_time: Duration::ZERO, given_up: false };
            assert_eq!(end.outcome(message.as_bytes(), LIMIT).unwrap(), Outcome::OutOfMemory);
        }
    }

    #[test]
    fn an_exit_without_an_answer_is_a_failure_on_the_file() {
        for code in [0, 1, 101] {
            let status = ExitStatus::from_raw(code << 8);
            let end = ChildEnd { status, processor_time: Duration::ZERO, given_up: false };
            assert_eq!(end.outcome(b"", LIMIT).unwrap(), Outcome::Failed, "{code}");
        }
    }
}
