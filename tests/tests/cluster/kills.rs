//! Workers, and the children that examine for them, that are killed at any step.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;

use tests::cluster::{Cluster, LIMIT};
use tests::services::wait_for;

use crate::assertions::{assert_as_checked, assert_told_once, codes_of};
use crate::samples::{tiny, tiny_of_its_own, uploaded};

const KILLED: Option<i32> = Some(9);

#[test]
fn a_worker_killed_at_any_step_loses_and_repeats_nothing() {
    let cluster = Cluster::start();
    let steps = [
        "read",
        "written",
        "enqueued",
        "begun",
        "fetched",
        "examined",
        "kept",
        "seen",
        "judged",
        "put",
        "refreshed",
        "attached",
        "told",
        "sent",
    ];
    for (step, number) in steps.into_iter().zip(1..) {
        let id = format!("KILLED-{step}");
        let folder = tiny_of_its_own(&cluster, &id, number);
        let mark = cluster.scratch(&format!("{step}.mark"));
        let at = format!("{step}:{}", mark.display());
        let mut first = cluster.worker_with("first", &[], &[("TEKSERU_KILL_AT", &at)]);
        cluster.submit(&folder);
        assert_eq!(first.await_end().signal(), KILLED, "{step}");
        let second = cluster.worker("second");
        let verdict = cluster.await_complete(&id);
        cluster.await_empty();
        assert_as_checked(&verdict, &folder);
        assert_told_once(&cluster, &id);
        let revisions = format!("SELECT count(*) FROM revisions WHERE application_id = '{id}'");
        assert_eq!(cluster.sql(&revisions), "1", "{step}");
        drop(second);
    }
    assert_eq!(cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL"), "0");
    assert_eq!(cluster.sql("SELECT count(*) FROM revisions WHERE attached_at IS NULL"), "0");
}

/// The child that examines is killed, or stops, each time: that is an answer.
#[test]
fn a_child_that_never_answers_is_an_answer() {
    for (signal, code) in [("KILL", "FILE_BREAKS_READER"), ("STOP", "FILE_EXHAUSTS_TIME")] {
        let cluster = Cluster::start();
        let soon = [("TEKSERU_RETRY_SCALE", "0.01")];
        let worker = cluster.worker_with("w1", &["--seconds", "1"], &soon);
        let id = format!("CHILD-{signal}");
        cluster.submit(&tiny(&cluster, &id));
        let mut met = BTreeSet::new();
        let verdict = wait_for("a verdict", LIMIT, || {
            for child in worker.grandchildren() {
                // one that has ended meanwhile is nobody's
                if met.insert(child) {
                    tests::services::try_signal(child, signal);
                }
            }
            cluster.verdict(&id)
        });
        // more where one was met before it was ready: that is no fault of the file's
        assert!(met.len() >= 2, "it is tried once more");
        let codes = codes_of(&verdict, "portrait");
        assert!(codes.contains(&code.to_owned()), "{signal}: {codes:?}");
        cluster.await_empty();
        assert_eq!(cluster.messages("dead"), 0);
        // and the next file is examined by the same worker
        cluster.submit(&tiny_of_its_own(&cluster, "NEXT-1", 9));
        let next = cluster.await_complete("NEXT-1");
        assert!(!next.to_string().contains(code), "{signal}");
    }
}

#[test]
fn a_worker_killed_while_it_erases_leaves_nothing_behind() {
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
    assert!(!cluster.results("").is_empty(), "it was killed before it erased");
    let _second = cluster.worker("second");
    cluster.await_empty();
    assert_eq!(cluster.results(""), [""; 0]);
}
