//! Real children that are ended or stopped from outside.

use std::time::{Duration, Instant};

use pipeline::open::LimitsFile;
use pipeline::reason::Code;
use rustix::process::{Pid, Signal, kill_process};

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

/// Returns the niceness of a process: the seventeenth field after its name.
fn niceness(process: Pid) -> Option<i32> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.as_raw_pid())).ok()?;
    stat.rsplit(')').next()?.split_whitespace().nth(16)?.parse().ok()
}

#[test]
fn a_slow_child_gives_way_to_quick_ones() {
    let examiner = examiner();
    examiner.self_test().unwrap();
    let zygote = zygote(&examiner).pid().unwrap();
    std::thread::scope(|scope| {
        let probed = scope.spawn(|| examiner.probe(Probe::Time));
        let child = wait_for_computing_child(zygote);
        let slow = (niceness(child).unwrap() + 5).min(19);
        let started = Instant::now();
        while niceness(child) != Some(slow) {
            assert!(started.elapsed() < Duration::from_secs(60), "it keeps its priority");
            std::thread::sleep(Duration::from_millis(20));
        }
        kill_process(child, Signal::KILL).unwrap();
        assert!(probed.join().unwrap().is_err());
    });
}
