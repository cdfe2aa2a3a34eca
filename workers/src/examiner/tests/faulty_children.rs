//! Faulty children, played by shell scripts.

use std::time::Duration;

use pipeline::examine::unreadable_by;
use pipeline::kind::Kind;
use pipeline::open::LimitsFile;
use pipeline::reason::{Code, Reason};
use pipeline::verdict::Sandbox;

use super::*;
use crate::examiner::child_source::{ChildSource, Program};
use crate::examiner::examiner_name::settings;
use crate::examiner::protocol::{AnswerHead, write_answer};

const SHORT: ChildLimits = ChildLimits { seconds: 1, memory_mib: 64 };
const LONG: ChildLimits = ChildLimits { seconds: 600, memory_mib: 64 };

fn examiner_with_child(script: &str, limits: ChildLimits) -> Examiner {
    let arguments = vec!["-c".into(), script.into()];
    Examiner::with_source(
        ChildSource::Program(Program { path: "/bin/sh".into(), arguments }),
        limits,
    )
}

/// Returns an examiner that gives a child up after a second of the wall clock.
fn impatient_examiner(script: &str) -> Examiner {
    let mut examiner = examiner_with_child(script, LONG);
    examiner.wall_clock = Duration::from_secs(1);
    examiner
}

#[track_caller]
fn check(script: &str, limits: ChildLimits, code: Code) {
    let result =
        examiner_with_child(script, limits).examine(b"a document", Kind::Passport).unwrap();
    let reasons: Vec<Code> =
        result.examined.examination.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(reasons, [code]);
    assert_eq!(result.examined.examination.bytes, 10);
}

#[track_caller]
fn check_ours(examiner: &Examiner, text: &str) {
    let Err(error) = examiner.examine(b"a document", Kind::Passport) else { panic!("an answer") };
    assert!(error.to_string().contains(text), "{error}");
}

#[test]
fn a_child_that_hangs_is_our_own_failure() {
    check_ours(&impatient_examiner("printf tekseru1; sleep 1000"), "wall-clock");
    check_ours(&impatient_examiner("printf tekseru1; kill -STOP $$"), "wall-clock");
    check_ours(&impatient_examiner("printf tekseru1; cat /dev/zero >&2"), "wall-clock");
}

#[test]
fn a_child_that_ends_and_leaves_its_pipes_to_a_grandchild_breaks_on_the_file() {
    let result = impatient_examiner("printf tekseru1; sleep 1000 & exit 0").examine(b"", Kind::Cv);
    let reasons = result.unwrap().examined.examination.reasons;
    assert_eq!(reasons[0].code, Code::FileBreaksReader);
}

#[test]
fn processor_time_is_limited_and_other_time_is_not() {
    let burn = "printf tekseru1; ulimit -S -t 1; while :; do :; done";
    check(burn, SHORT, Code::FileExhaustsTime);
    let deaf = "printf tekseru1; trap '' XCPU; ulimit -H -t 2; ulimit -S -t 1; while :; do :; done";
    check(deaf, SHORT, Code::FileExhaustsTime);
    check("printf tekseru1; sleep 2; kill -SEGV $$", SHORT, Code::FileBreaksReader);
}

#[test]
fn a_child_that_is_ended_from_outside_is_our_own_failure() {
    for signal in ["KILL", "TERM", "INT", "HUP", "QUIT"] {
        // a shell in the background ignores INT and QUIT, and so do its children
        let script = format!(
            "exec env --default-signal=HUP,INT,QUIT,TERM sh -c 'printf tekseru1; kill -{signal} $$; sleep 1000'"
        );
        check_ours(&examiner_with_child(&script, LONG), &format!("by SIG{signal}"));
    }
}

/// The second attempt decides nothing when it does not end by itself.
#[test]
fn a_child_that_crashes_and_then_is_killed_is_our_own_failure() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let mark = mark.display();
    for (first, second) in [("SEGV", "KILL"), ("KILL", "SEGV")] {
        let script = format!(
            "printf tekseru1; if [ -e {mark} ]; then kill -{second} $$; fi; : > {mark}; kill -{first} $$"
        );
        check_ours(&examiner_with_child(&script, LONG), "by SIGKILL");
        std::fs::remove_file(mark.to_string()).unwrap();
    }
}

#[test]
fn a_failed_allocation_exhausts_memory() {
    let rust = "printf tekseru1; echo 'memory allocation of 1 bytes failed' >&2; kill -ABRT $$";
    check(rust, LONG, Code::FileExhaustsMemory);
    let c = "printf tekseru1; echo \"what():  std::bad_alloc\" >&2; kill -ABRT $$";
    check(c, LONG, Code::FileExhaustsMemory);
}

#[test]
fn a_child_that_crashes_breaks_on_the_file() {
    for end in ["exit 3", "exit 0", "exit 101", "kill -ABRT $$", "kill -SEGV $$", "kill -BUS $$"] {
        check(&format!("printf tekseru1; {end}"), LONG, Code::FileBreaksReader);
    }
}

#[test]
fn garbage_is_never_accepted() {
    let empty = "printf 'tekseru1\\000\\000\\000\\000'";
    let cut_short = "printf 'tekseru1\\100\\000\\000\\000{}'";
    let endless = "printf tekseru1; exec cat /dev/zero";
    let too_long = "printf 'tekseru1\\377\\377\\377\\377'; exec cat /dev/zero";
    for script in [empty, cut_short, endless, too_long] {
        check(script, LONG, Code::FileBreaksReader);
    }
}

/// A child that a document took over may answer what it likes, in a valid form.
#[test]
fn an_answer_with_a_text_that_no_document_has_breaks_on_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("answer");
    let script = format!("printf tekseru1; cat {}", file.display());
    let examiner = examiner_with_child(&script, LONG);
    let name = examiner.source.examiner().unwrap();
    for (length, code) in [(4000, Code::FileCorrupt), (8 << 20, Code::FileBreaksReader)] {
        let reason = Reason::new(Code::FileCorrupt).with("name", "x".repeat(length));
        let examination = unreadable_by(&name, b"a document", Kind::Passport, reason);
        let head = AnswerHead { examination, pictures: Vec::new(), peak_kib: None };
        let mut answer = Vec::new();
        write_answer(&mut answer, &head, &[]).unwrap();
        std::fs::write(&file, answer).unwrap();
        check(&script, LONG, code);
    }
}

/// A child that is being killed from outside closes its output too, and may need longer to
/// end on a machine without memory.
#[test]
fn a_child_that_closes_its_output_and_does_not_end_is_our_own_failure() {
    let examiner = examiner_with_child("printf tekseru1; exec >&-; sleep 1000", LONG);
    assert!(matches!(examiner.examine(b"", Kind::Cv), Err(ExaminerError::Stalled)));
}

#[test]
fn reasons_contain_the_limit() {
    let result = examiner_with_child("printf tekseru1; kill -XCPU $$", SHORT)
        .examine(b"", Kind::Cv)
        .unwrap();
    assert_eq!(result.examined.examination.reasons[0].params["seconds"], SHORT.seconds);
    assert!(result.timings.start <= result.timings.total);
}

#[test]
fn a_child_that_reads_nothing_of_a_long_document_does_not_block() {
    let examiner = examiner_with_child("printf tekseru1; exec <&-; exit 3", LONG);
    let result = examiner.examine(&vec![0; 4 << 20], Kind::Cv).unwrap();
    assert_eq!(result.examined.examination.reasons[0].code, Code::FileBreaksReader);
}

#[test]
fn a_file_whose_child_fails_is_tried_a_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let count = folder.path().join("count");
    let script = format!("printf x >> {}; printf tekseru1; exit 3", count.display());
    check(&script, LONG, Code::FileBreaksReader);
    assert_eq!(std::fs::read(count).unwrap(), b"xx");
}

#[test]
fn a_child_that_never_became_ready_is_our_own_failure() {
    check_ours(&examiner_with_child("echo no library >&2; exit 127", LONG), "no library");
    check_ours(&examiner_with_child("exit 1", LONG), "exit status: 1");
    check_ours(&impatient_examiner("sleep 1000"), "silent");
    check_ours(&examiner_with_child("printf 'another protocol'", LONG), "another protocol");
}

#[test]
fn a_missing_program_is_our_own_failure() {
    let program = Program { path: "/nonexistent/tekseru".into(), arguments: Vec::new() };
    let examiner = Examiner::with_source(ChildSource::Program(program), LONG);
    assert!(matches!(examiner.examine(b"", Kind::Cv), Err(ExaminerError::Spawn(_))));
}

#[test]
fn an_examiner_with_other_settings_has_another_name() {
    let usual = LimitsFile::default();
    let plain = examiner_with_child("exit 1", ChildLimits::default()).name().unwrap();
    let hash = plain.strip_prefix(pipeline::examiner::name()).unwrap();
    assert!(hash.starts_with(" child@") && hash.len() == 19, "{plain}");
    let named = |limits, files: &LimitsFile, sandbox| {
        pipeline::examiner::name().to_owned() + &settings(limits, files, sandbox)
    };
    assert_eq!(named(ChildLimits::default(), &usual, Sandbox::On), plain);
    let same = LimitsFile::parse("pages = 30").unwrap();
    assert_ne!(named(ChildLimits::default(), &same, Sandbox::On), plain, "a portfolio has 200");
    let names = [
        named(SHORT, &usual, Sandbox::On),
        named(ChildLimits::default(), &LimitsFile::parse("bytes = 1").unwrap(), Sandbox::On),
        named(ChildLimits::default(), &usual, Sandbox::Off),
        named(SHORT, &usual, Sandbox::Off),
    ];
    for (i, one) in names.iter().enumerate() {
        assert!(one.starts_with(&plain) && names[..i].iter().all(|other| other != one), "{one}");
    }
    assert_eq!(names.map(|name| is_unsandboxed(&name)), [false, false, true, true]);
}
