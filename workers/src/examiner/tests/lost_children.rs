//! Real children that are ended or stopped from outside.

use std::time::Duration;

use pipeline::open::LimitsFile;
use pipeline::reason::Code;
use rustix::process::{Signal, kill_process};

use super::real_children::{LIMITS, zygote};
use super::*;

/// Returns an examiner whose probe `Time` computes for minutes.
fn examiner() -> Examiner {
    Examiner::new(ChildLimits { seconds: 600, ..LIMITS }, LimitsFile::default())
}

/// Runs a probe that computes, signals its child, and returns the probe's result.
fn probe_with_signal(examiner: &Examiner, signal: Signal) -> Result<Option<Code>, ExaminerError> {
    examiner.self_test().unwrap();
    let zygote = zygote(examiner).pid().unwrap();
    std::thread::scope(|scope| {
        let probed = scope.spawn(|| examiner.probe(Probe::Time));
        kill_process(wait_for_computing_child(zygote), signal).unwrap();
        probed.join().unwrap()
    })
}

#[test]
fn a_signal_from_outside_is_our_own_failure_and_a_crash_is_not() {
    let examiner = examiner();
    for (signal, name) in [(Signal::KILL, "SIGKILL"), (Signal::TERM, "SIGTERM")] {
        let error = probe_with_signal(&examiner, signal).unwrap_err();
        assert!(matches!(error, ExaminerError::Killed(found) if found == name), "{error}");
    }
    // not SEGV or BUS: Rust's handler returns once, so that a fault happens again
    for signal in [Signal::ABORT, Signal::ILL, Signal::FPE] {
        let code = probe_with_signal(&examiner, signal).unwrap();
        assert_eq!(code, Some(Code::FileBreaksReader), "{signal:?}");
    }
    // the same examiner continues
    assert!(examiner.contains(Probe::File).unwrap());
}

#[test]
fn a_stopped_child_is_our_own_failure() {
    let mut examiner = examiner();
    examiner.wall_clock = Duration::from_secs(3);
    let error = probe_with_signal(&examiner, Signal::STOP).unwrap_err();
    assert!(matches!(error, ExaminerError::Stalled), "{error}");
    assert!(examiner.contains(Probe::File).unwrap());
}
