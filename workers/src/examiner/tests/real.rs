//! Real children: forks of a zygote, in the sandbox and without it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

use fixtures::paper::{self, Paper};
use fixtures::passport::Specimen;
use fixtures::portrait::Portrait;
use fixtures::{encode, passport, portrait};
use rustix::process::{Pid, Signal, kill_process};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter};

use super::*;

const LIMITS: ChildLimits = ChildLimits { seconds: 60, memory_mib: 512 };

fn new() -> Examiner {
    Examiner::new(LIMITS, LimitsFile::default())
}

/// One zygote for all tests that do it no harm.
fn inside() -> &'static Examiner {
    static INSIDE: LazyLock<Examiner> = LazyLock::new(new);
    &INSIDE
}

fn outside() -> &'static Examiner {
    static OUTSIDE: LazyLock<Examiner> = LazyLock::new(|| new().with_sandbox(Sandbox::Off));
    &OUTSIDE
}

fn keeper(examiner: &Examiner) -> &Keeper {
    let Source::Zygote(keeper) = &examiner.source else { panic!("no zygote") };
    keeper
}

/// A probe shows something only if the deed succeeds where nothing forbids it.
#[track_caller]
fn check_stopped(probe: Probe) {
    assert!(inside().holds(probe).unwrap(), "a child in the sandbox can {}", probe.deed());
    assert!(!outside().holds(probe).unwrap(), "nobody can {}", probe.deed());
}

#[test]
fn no_file_can_be_opened() {
    check_stopped(Probe::File);
}

#[test]
fn no_socket_can_be_had() {
    check_stopped(Probe::Socket);
}

#[test]
fn no_process_can_be_started() {
    assert!(inside().holds(Probe::Fork).unwrap());
}

#[test]
fn nothing_can_be_traced() {
    check_stopped(Probe::Trace);
}

#[test]
fn no_signal_can_be_sent() {
    check_stopped(Probe::Signal);
}

#[test]
fn no_program_can_be_run() {
    check_stopped(Probe::Execute);
}

/// A kernel without landlock, as far as a thread and what it starts can tell.
#[test]
fn where_the_sandbox_cannot_be_the_self_test_fails() {
    let tried = std::thread::spawn(|| {
        let absent = [libc::SYS_landlock_create_ruleset, libc::SYS_landlock_restrict_self];
        let rules = absent.map(|call| (call, Vec::new())).into();
        let (fine, missing) = (SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32));
        let arch = std::env::consts::ARCH.try_into().unwrap();
        let filter = SeccompFilter::new(rules, fine, missing, arch).unwrap();
        apply_filter(&BpfProgram::try_from(filter).unwrap()).unwrap();
        (new().self_test(), new().with_sandbox(Sandbox::Off).self_test())
    });
    let (inside, outside) = tried.join().unwrap();
    let why = inside.unwrap_err().to_string();
    assert!(why.contains("landlock"), "{why}");
    outside.unwrap();
}

#[test]
fn memory_is_limited_with_and_without_the_sandbox() {
    assert!(inside().holds(Probe::Memory).unwrap());
    assert!(outside().holds(Probe::Memory).unwrap());
}

#[test]
fn processor_time_is_limited_with_and_without_the_sandbox() {
    for sandbox in [Sandbox::On, Sandbox::Off] {
        let limits = ChildLimits { seconds: 1, ..LIMITS };
        let examiner = Examiner::new(limits, LimitsFile::default()).with_sandbox(sandbox);
        assert!(examiner.holds(Probe::Time).unwrap());
    }
}

#[test]
fn the_self_test_passes_in_a_moment() {
    let examiner = inside();
    examiner.self_test().unwrap();
    let begun = Instant::now();
    examiner.self_test().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    outside().self_test().unwrap();
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
    let look = examiner.examine(document, kind).unwrap();
    let here = pipeline::examine(document, kind, &Limits::for_kind(kind));
    assert_eq!(
        serde_json::to_value(&look.examined.examination).unwrap(),
        serde_json::to_value(&here.examination).unwrap()
    );
    let bytes = |examined: &ExaminedFile| -> Vec<Vec<u8>> {
        examined.pictures.iter().map(|picture| picture.bytes.clone()).collect()
    };
    assert!(bytes(&look.examined) == bytes(&here), "pictures differ");
    assert!(look.peak_mib.is_some_and(|peak| peak > 1.0));
}

#[test]
fn a_document_looks_the_same_inside_and_in_this_process() {
    let examiner = inside();
    for (kind, document) in documents() {
        check_equal(examiner, kind, &document);
    }
}

#[test]
fn many_are_examined_at_once() {
    let (examiner, documents) = (inside(), documents());
    std::thread::scope(|scope| {
        for (kind, document) in documents.iter().cycle().take(4 * documents.len()) {
            scope.spawn(move || {
                let look = examiner.examine(document, *kind).unwrap();
                assert!(look.examined.examination.page_count > 0);
            });
        }
    });
}

#[test]
fn a_zygote_that_was_killed_is_replaced() {
    let examiner = new();
    let pid = |examiner: &Examiner| keeper(examiner).pid().unwrap() as i32;
    assert!(examiner.holds(Probe::File).unwrap());
    let first = pid(&examiner);
    kill_process(Pid::from_raw(first).unwrap(), Signal::KILL).unwrap();
    assert!(examiner.holds(Probe::File).unwrap());
    assert_ne!(pid(&examiner), first);
}

#[test]
fn a_zygote_that_is_killed_with_a_child_in_hand_is_replaced() {
    let limits = ChildLimits { seconds: 2, ..LIMITS };
    let examiner = Examiner::new(limits, LimitsFile::default());
    assert!(examiner.holds(Probe::File).unwrap());
    let zygote = Pid::from_raw(keeper(&examiner).pid().unwrap() as i32).unwrap();
    std::thread::scope(|scope| {
        let held = scope.spawn(|| examiner.holds(Probe::Time).unwrap());
        std::thread::sleep(Duration::from_millis(300));
        kill_process(zygote, Signal::KILL).unwrap();
        assert!(held.join().unwrap());
    });
}

#[test]
fn a_zygote_ends_with_its_examiner() {
    let examiner = new();
    assert!(examiner.holds(Probe::File).unwrap());
    let pid = keeper(&examiner).pid().unwrap();
    drop(examiner);
    assert!(!lives(pid));
}

/// The parent of the next test; it is killed.
#[test]
#[ignore = "a role, not a test"]
fn as_parent() {
    let examiner = Examiner::new(ChildLimits { seconds: 600, ..LIMITS }, LimitsFile::default());
    assert!(examiner.holds(Probe::File).unwrap());
    writeln!(std::io::stderr(), "zygote {}", keeper(&examiner).pid().unwrap()).unwrap();
    let _ = examiner.holds(Probe::Time);
}

#[test]
fn a_zygote_and_its_children_end_with_their_parent() {
    let mut parent = Command::new("/proc/self/exe")
        .args(["--exact", "examiner::tests::real::as_parent", "--ignored", "--nocapture"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap();
    let said = BufReader::new(parent.stderr.take().unwrap());
    let zygote: u32 =
        said.lines().find_map(|line| line.unwrap().strip_prefix("zygote ")?.parse().ok()).unwrap();
    // the child that computes
    std::thread::sleep(Duration::from_millis(300));
    let children = std::fs::read_to_string(format!("/proc/{zygote}/task/{zygote}/children"));
    let children: Vec<u32> =
        children.unwrap_or_default().split_whitespace().map(|pid| pid.parse().unwrap()).collect();
    parent.kill().unwrap();
    parent.wait().unwrap();
    let begun = Instant::now();
    while lives(zygote) || children.iter().any(|child| lives(*child)) {
        assert!(begun.elapsed() < Duration::from_secs(10), "zygote or child lives on");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Neither gone nor waiting to be waited for.
fn lives(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.starts_with(" Z"))
}

#[test]
fn a_child_shares_nothing_that_another_has_left() {
    let examiner = inside();
    let documents = documents();
    let (kind, document) = &documents[0];
    let look = || {
        let look = examiner.examine(document, *kind).unwrap();
        serde_json::to_value(&look.examined.examination).unwrap()
    };
    assert_eq!(look(), look());
}
