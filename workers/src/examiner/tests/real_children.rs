//! Real children: forks of a zygote, with and without the sandbox.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use fixtures::paper::{self, Paper};
use fixtures::passport::Specimen;
use fixtures::portrait::Portrait;
use fixtures::{encode, passport, portrait};
use pipeline::examine::ExaminedFile;
use pipeline::kind::Kind;
use pipeline::open::{Limits, LimitsFile};
use pipeline::verdict::Sandbox;
use rustix::process::{Pid, Signal, kill_process};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

use super::*;
use crate::examiner::child_source::ChildSource;
use crate::examiner::zygote_handle::ZygoteHandle;

pub(super) const LIMITS: ChildLimits = ChildLimits { seconds: 60, memory_mib: 512 };

pub(super) fn new() -> Examiner {
    Examiner::new(LIMITS, LimitsFile::default())
}

/// Shared by the tests that do not disturb its zygote.
fn sandboxed() -> &'static Examiner {
    static SANDBOXED: LazyLock<Examiner> = LazyLock::new(new);
    &SANDBOXED
}

fn unsandboxed() -> &'static Examiner {
    static UNSANDBOXED: LazyLock<Examiner> = LazyLock::new(|| new().with_sandbox(Sandbox::Off));
    &UNSANDBOXED
}

pub(super) fn zygote(examiner: &Examiner) -> &ZygoteHandle {
    let ChildSource::Zygote(zygote) = &examiner.source else { panic!("no zygote") };
    zygote
}

/// A probe proves something only if its action succeeds without the sandbox.
#[track_caller]
pub(super) fn check_contained(probe: Probe) {
    assert!(
        sandboxed().contains(probe).unwrap(),
        "a child in the sandbox can {}",
        probe.description()
    );
    assert!(!unsandboxed().contains(probe).unwrap(), "no child can {}", probe.description());
}

#[test]
fn no_file_can_be_opened() {
    check_contained(Probe::File);
}

#[test]
fn no_socket_can_be_opened() {
    check_contained(Probe::Socket);
}

#[test]
fn no_process_can_be_started() {
    assert!(sandboxed().contains(Probe::Fork).unwrap());
}

#[test]
fn nothing_can_be_traced() {
    check_contained(Probe::Trace);
}

#[test]
fn no_signal_can_be_sent() {
    check_contained(Probe::Signal);
}

#[test]
fn no_program_can_be_run() {
    check_contained(Probe::Execute);
}

/// Simulates a kernel without landlock for one thread and the processes that it starts.
#[test]
fn without_landlock_the_self_test_fails() {
    let results = std::thread::spawn(|| {
        let absent = [libc::SYS_landlock_create_ruleset, libc::SYS_landlock_restrict_self];
        let rules = absent.map(|call| (call, Vec::new())).into();
        let (fine, missing) = (SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32));
        let arch = std::env::consts::ARCH.try_into().unwrap();
        let filter = SeccompFilter::new(rules, fine, missing, arch).unwrap();
        apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
        (new().self_test(), new().with_sandbox(Sandbox::Off).self_test())
    });
    let (sandboxed, unsandboxed) = results.join().unwrap();
    let error = sandboxed.unwrap_err().to_string();
    assert!(error.contains("landlock"), "{error}");
    unsandboxed.unwrap();
}

#[test]
fn memory_is_limited_with_and_without_the_sandbox() {
    assert!(sandboxed().contains(Probe::Memory).unwrap());
    assert!(unsandboxed().contains(Probe::Memory).unwrap());
}

#[test]
fn processor_time_is_limited_with_and_without_the_sandbox() {
    for sandbox in [Sandbox::On, Sandbox::Off] {
        let limits = ChildLimits { seconds: 1, ..LIMITS };
        let examiner = Examiner::new(limits, LimitsFile::default()).with_sandbox(sandbox);
        assert!(examiner.contains(Probe::Time).unwrap());
    }
}

#[test]
fn the_self_test_passes_again_and_without_the_sandbox() {
    sandboxed().self_test().unwrap();
    sandboxed().self_test().unwrap();
    unsandboxed().self_test().unwrap();
}

fn documents() -> Vec<(Kind, Vec<u8>)> {
    let of = Specimen::eriksson();
    let (face, _) = portrait::draw(&Portrait::default());
    let heic = include_bytes!("../../../../fixtures/assets/specimen.heic");
    vec![
        (Kind::Passport, encode::jpeg(&passport::draw(&of).unwrap(), 90)),
        (Kind::Portrait, encode::jpeg(&face, 90)),
        (Kind::Portrait, heic.to_vec()),
        (Kind::Cv, paper::text_pdf(Paper::Cv, &of)),
        (Kind::Cv, paper::scanned(Paper::Cv, &of, 0).unwrap()),
    ]
}

#[track_caller]
fn check_equal(examiner: &Examiner, kind: Kind, document: &[u8]) {
    let result = examiner.examine(document, kind).unwrap();
    let mut here = pipeline::examine(document, kind, &Limits::for_kind(kind));
    here.examination.examiner = examiner.name().unwrap();
    assert_eq!(
        serde_json::to_value(&result.examined.examination).unwrap(),
        serde_json::to_value(&here.examination).unwrap()
    );
    let bytes = |examined: &ExaminedFile| -> Vec<Vec<u8>> {
        examined.pictures.iter().map(|picture| picture.bytes.clone()).collect()
    };
    assert!(bytes(&result.examined) == bytes(&here), "pictures differ");
    assert!(result.peak_mib.is_some_and(|peak| peak > 1.0));
}

#[test]
fn an_examination_is_the_same_in_a_child_and_in_this_process() {
    let examiner = sandboxed();
    for (kind, document) in documents() {
        check_equal(examiner, kind, &document);
    }
}

#[test]
fn many_documents_are_examined_concurrently() {
    let (examiner, documents) = (sandboxed(), documents());
    std::thread::scope(|scope| {
        for (kind, document) in documents.iter().cycle().take(4 * documents.len()) {
            scope.spawn(move || {
                let result = examiner.examine(document, *kind).unwrap();
                assert!(result.examined.examination.page_count > 0);
            });
        }
    });
}

#[test]
fn a_zygote_that_was_killed_is_replaced() {
    let examiner = new();
    let pid = |examiner: &Examiner| zygote(examiner).pid().unwrap() as i32;
    assert!(examiner.contains(Probe::File).unwrap());
    let first = pid(&examiner);
    kill_process(Pid::from_raw(first).unwrap(), Signal::KILL).unwrap();
    assert!(examiner.contains(Probe::File).unwrap());
    assert_ne!(pid(&examiner), first);
}

#[test]
fn a_zygote_that_is_killed_while_a_child_runs_is_replaced() {
    let limits = ChildLimits { seconds: 2, ..LIMITS };
    let examiner = Examiner::new(limits, LimitsFile::default());
    assert!(examiner.contains(Probe::File).unwrap());
    let zygote = zygote(&examiner).pid().unwrap();
    std::thread::scope(|scope| {
        let probed = scope.spawn(|| examiner.contains(Probe::Time).unwrap());
        wait_for_computing_child(zygote);
        kill_process(Pid::from_raw(zygote as i32).unwrap(), Signal::KILL).unwrap();
        assert!(probed.join().unwrap());
    });
}

#[test]
fn a_zygote_ends_with_its_examiner() {
    let examiner = new();
    assert!(examiner.contains(Probe::File).unwrap());
    let pid = zygote(&examiner).pid().unwrap();
    drop(examiner);
    assert!(!is_running(pid));
}

/// Plays the parent of the next test, which kills it.
#[test]
#[ignore = "a role, not a test"]
fn as_parent() {
    let examiner = Examiner::new(ChildLimits { seconds: 600, ..LIMITS }, LimitsFile::default());
    assert!(examiner.contains(Probe::File).unwrap());
    writeln!(std::io::stderr(), "zygote {}", zygote(&examiner).pid().unwrap()).unwrap();
    let _ = examiner.contains(Probe::Time);
}

#[test]
fn a_zygote_and_its_children_end_with_their_parent() {
    let mut parent = Command::new("/proc/self/exe")
        .args(["--exact", "examiner::tests::real_children::as_parent", "--ignored", "--nocapture"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let output = BufReader::new(parent.stderr.take().unwrap());
    let zygote: u32 = output
        .lines()
        .find_map(|line| line.unwrap().strip_prefix("zygote ")?.parse().ok())
        .unwrap();
    wait_for_computing_child(zygote);
    let children = std::fs::read_to_string(format!("/proc/{zygote}/task/{zygote}/children"));
    let children: Vec<u32> =
        children.unwrap_or_default().split_whitespace().map(|pid| pid.parse().unwrap()).collect();
    parent.kill().unwrap();
    parent.wait().unwrap();
    let started = Instant::now();
    while is_running(zygote) || children.iter().any(|child| is_running(*child)) {
        assert!(started.elapsed() < Duration::from_secs(10), "zygote or child still runs");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Whether a process exists and is not a zombie.
fn is_running(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(" Z"))
}

#[test]
fn a_child_is_not_affected_by_an_earlier_one() {
    let examiner = sandboxed();
    let documents = documents();
    let (kind, document) = &documents[0];
    let examination = || {
        let result = examiner.examine(document, *kind).unwrap();
        serde_json::to_value(&result.examined.examination).unwrap()
    };
    assert_eq!(examination(), examination());
}
