//! Workers, and the children that examine for them, that are killed at any step.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;

use tests::cluster::{Cluster, LIMIT};
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
        cluster.await_empty();
        assert_as_checked(&verdict, &folder);
        assert_reported_once(&cluster, &id);
        let revisions = format!("SELECT count(*) FROM revisions WHERE application_id = '{id}'");
        assert_eq!(cluster.sql(&revisions), "1", "{step}");
        drop(second);
    }
    assert_eq!(cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL"), "0");
    assert_eq!(cluster.sql("SELECT count(*) FROM revisions WHERE attached_at IS NULL"), "0");
}

/// The child that examines a file is killed, or hangs, at each attempt: the verdict reports it.
#[test]
fn a_child_that_never_answers_is_reported_in_the_verdict() {
    for (signal, code) in [("KILL", "FILE_BREAKS_READER"), ("STOP", "FILE_EXHAUSTS_TIME")] {
        let cluster = Cluster::start();
        let soon = [("TEKSERU_RETRY_SCALE", "0.01")];
        let worker = cluster.worker_with("w1", &["--seconds", "1"], &soon);
        let id = format!("CHILD-{signal}");
        cluster.submit(&tiny(&cluster, &id));
        let mut signalled = BTreeSet::new();
        let verdict = wait_for("a verdict", LIMIT, || {
            for child in worker.grandchildren() {
                // the child may have ended meanwhile
                if signalled.insert(child) {
                    tests::services::try_signal(child, signal);
                }
            }
            cluster.verdict(&id)
        });
        // more than two if a child was not ready yet, which does not count as an attempt
        assert!(signalled.len() >= 2, "it is tried once more");
        let codes = codes_of(&verdict, "portrait");
        assert!(codes.contains(&code.to_owned()), "{signal}: {codes:?}");
        cluster.await_empty();
        assert_eq!(cluster.messages("dead"), 0);
        // the same worker examines the next file
        cluster.submit(&tiny_with_own_portrait(&cluster, "NEXT-1", 9));
        let next = cluster.await_complete("NEXT-1");
        assert!(!next.to_string().contains(code), "{signal}");
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
