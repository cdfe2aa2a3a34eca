//! Workers, and the children that examine for them, that are killed at any step.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;

use tests::cluster::{Cluster, LIMIT, Process, SHORT_RETRIES};
use tests::services::wait_for;

use crate::assertions::{assert_as_checked, assert_reported_once, codes_of};
use crate::samples::{tiny, tiny_with_own_portrait, uploaded};

const KILLED: Option<i32> = Some(9);

#[test]
fn a_worker_killed_at_any_step_loses_and_repeats_nothing() {
    let cluster = Cluster::start();
    let steps = [
        "parsed",
        "recorded",
        "queued",
        "accepted",
        "fetched",
        "examined",
        "evidence_stored",
        "document_examined",
        "judged",
        "put",
        "refreshed",
        "attached",
        "published",
        "attached_all",
    ];
    for (step, number) in steps.into_iter().zip(1..) {
        let id = format!("KILLED-{step}");
        let folder = tiny_with_own_portrait(&cluster, &id, number);
        let mark = cluster.scratch(&format!("{step}.mark"));
        let at = format!("{step}:{}", mark.display());
        let mut first = cluster.worker_with("first", &[], &[("TEKSERU_KILL_AT", &at)]);
        cluster.submit(&folder);
        assert_eq!(first.await_end().signal(), KILLED, "{step}");
        let second = cluster.worker("second");
        let verdict = cluster.await_complete(&id);
        cluster.await_event(&id, "application.verdict");
        cluster.await_event(&id, "document.verdict");
        cluster.await_empty();
        assert_as_checked(&verdict, &folder);
        assert_reported_once(&cluster, &id);
        let revisions =
            format!("SELECT count(*) FROM revisions WHERE application_id = 'portal/{id}'");
        assert_eq!(cluster.sql(&revisions), "1", "{step}");
        drop(second);
    }
    assert_eq!(cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL"), "0");
    assert_eq!(cluster.sql("SELECT count(*) FROM revisions WHERE attached_at IS NULL"), "0");
}

/// Signals every child that examines, until `end` returns a value.
fn signal_children<T>(worker: &Process, signal: &str, mut end: impl FnMut() -> Option<T>) -> T {
    let mut signalled = BTreeSet::new();
    wait_for("the end of the attempts", LIMIT, || {
        for child in worker.grandchildren() {
            // the child may have ended meanwhile
            if signalled.insert(child) {
                tests::services::try_signal(child, signal);
            }
        }
        end()
    })
}

/// Returns how many stored examinations call the file itself the cause.
pub(crate) fn blamed_files(cluster: &Cluster) -> String {
    cluster.sql("SELECT count(*) FROM examinations WHERE body LIKE '%FILE_BREAKS_READER%' OR body LIKE '%FILE_EXHAUSTS_%'")
}

#[test]
fn a_child_that_is_killed_from_outside_is_only_a_failed_attempt() {
    let cluster = Cluster::start();
    let mut worker = cluster.worker_with("w1", &[], &SHORT_RETRIES);
    let folder = tiny(&cluster, "KILLED-CHILD");
    cluster.submit(&folder);
    let killed = || worker.log().contains("EXAMINER_KILLED").then_some(());
    signal_children(&worker, "KILL", killed);
    assert_as_checked(&cluster.await_complete("KILLED-CHILD"), &folder);
    cluster.await_empty();
    assert_eq!(blamed_files(&cluster), "0");
    assert_eq!(cluster.messages("dead"), 0);
    let (_, metrics) = worker.get("/metrics").unwrap();
    for expected in ["tekseru_children_lost_total{cause=\"SIGKILL\"}", "code=\"EXAMINER_KILLED\""] {
        assert!(metrics.contains(expected), "{metrics}");
    }
}

/// The child that examines a file is killed, or stopped, at each attempt: that is our own
/// failure, and people check the file.
#[test]
fn a_child_that_is_lost_at_each_attempt_says_nothing_about_its_file() {
    // one that is stopped before it is ready has the code EXAMINER
    for (signal, code) in [("KILL", "EXAMINER_KILLED"), ("STOP", "EXAMINER")] {
        let cluster = Cluster::start();
        let _maintenance = cluster.maintenance("m1");
        // a child is given up after 3.2 s
        let soon = [("TEKSERU_RETRY_SCALE", "0.0001"), ("TEKSERU_WALL_CLOCK_SCALE", "0.05")];
        let worker = cluster.worker_with("w1", &["--seconds", "1"], &soon);
        let id = format!("CHILD-{signal}");
        let folder = tiny(&cluster, &id);
        cluster.submit(&folder);
        let unavailable = "MACHINE_CHECK_UNAVAILABLE";
        let verdict = signal_children(&worker, signal, || {
            cluster.verdict(&id).filter(|verdict| verdict.to_string().contains(unavailable))
        });
        assert!(codes_of(&verdict, "portrait").contains(&unavailable.to_owned()), "{verdict}");
        assert!(verdict.to_string().contains(code), "{verdict}");
        assert_eq!(blamed_files(&cluster), "0");
        // the same worker examines the next file, and this one once it is replayed
        cluster.submit(&tiny_with_own_portrait(&cluster, "NEXT-1", 9));
        cluster.await_complete("NEXT-1");
        cluster.succeed("operator", &["dead", "replay", "--all"]);
        cluster.await_verdict(&id, |now| !now.to_string().contains(unavailable));
    }
}

#[test]
fn a_worker_killed_during_deletion_leaves_nothing_behind() {
    let cluster = Cluster::start();
    let mark = cluster.scratch("mark");
    let at = format!("withdrawn:{}", mark.display());
    let mut first = cluster.worker_with("first", &[], &[("TEKSERU_KILL_AT", &at)]);
    let application = uploaded(&cluster, &tiny(&cluster, "ERASED-1"));
    cluster.publish("application.submitted", "e-1", "application.submitted", application);
    cluster.await_complete("ERASED-1");
    let data = serde_json::json!({"application_id": "ERASED-1"});
    cluster.publish("application.withdrawn", "e-2", "application.withdrawn", data);
    first.await_end();
    assert!(!cluster.results("").is_empty(), "it was killed before it deleted anything");
    let _second = cluster.worker("second");
    cluster.await_empty();
    assert_eq!(cluster.results(""), [""; 0]);
}
