//! Workers that are killed while the store has lost an object or refuses one.

use std::os::unix::process::ExitStatusExt;

use tests::cluster::{Cluster, LIMIT};
use tests::services::s3::Fault;
use tests::services::wait_for;

use crate::assertions::{assert_as_checked, assert_reported_once};
use crate::samples::{tiny, tiny_with_own_portrait, uploaded};

const KILLED: Option<i32> = Some(9);

/// A resubmitted application is examined again even if a worker is killed in between.
#[test]
fn a_requested_examination_survives_a_killed_worker() {
    for step in ["recorded", "queued"] {
        let cluster = Cluster::start();
        let soon = ("TEKSERU_RETRY_SCALE", "0.0001");
        let worker = cluster.worker_with("w1", &[], &[soon]);
        let folder = tiny(&cluster, "RESUBMITTED-2");
        let application = uploaded(&cluster, &folder);
        let key = application["documents"][0]["object"]["key"].as_str().unwrap();
        let file = cluster.store().file("uploads-portal", key);
        let bytes = std::fs::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let submit = |id: &str| {
            let data = application.clone();
            cluster.publish("application.submitted", id, "application.submitted", data);
        };
        submit("s-1");
        assert_eq!(cluster.await_none_pending("RESUBMITTED-2")["body"]["complete"], false);
        cluster.await_empty();
        drop(worker);
        std::fs::write(&file, bytes).unwrap();
        let mark = cluster.scratch("mark");
        let at = format!("{step}:{}", mark.display());
        let mut killed = cluster.worker_with("w2", &[], &[soon, ("TEKSERU_KILL_AT", &at)]);
        submit("s-2");
        assert_eq!(killed.await_end().signal(), KILLED);
        let _third = cluster.worker("w3");
        assert_as_checked(&cluster.await_complete("RESUBMITTED-2"), &folder);
    }
}

/// A copy is in a retry queue and the message itself is redelivered: it is processed once.
#[test]
fn a_worker_killed_between_retry_and_acknowledgement_repeats_nothing() {
    let cluster = Cluster::start();
    let mark = cluster.scratch("mark");
    let at = format!("handed_over:{}", mark.display());
    let environment = [("TEKSERU_KILL_AT", at.as_str()), ("TEKSERU_RETRY_SCALE", "0.1")];
    let mut first = cluster.worker_with("first", &[], &environment);
    let folder = tiny(&cluster, "TWO-COPIES-1");
    cluster.faults().once("GetObject", "uploads-portal/", Fault::Answer(403, "AccessDenied"));
    cluster.submit(&folder);
    assert_eq!(first.await_end().signal(), KILLED);
    let _second = cluster.worker("second");
    assert_as_checked(&cluster.await_complete("TWO-COPIES-1"), &folder);
    cluster.await_empty();
    assert_reported_once(&cluster, "TWO-COPIES-1");
    assert_eq!(cluster.sql("SELECT count(*) FROM revisions"), "1");
    assert_eq!(cluster.messages("dead"), 0);
}

/// The worker wrote pictures and was killed before it stored the examination,
/// and the application was withdrawn: maintenance finds the pictures in the store.
#[test]
fn orphaned_pictures_of_a_killed_worker_are_deleted() {
    let cluster = Cluster::start();
    let mut first = cluster.worker_with("first", &[], &[("TEKSERU_KILL_AT", "evidence_stored")]);
    let application = uploaded(&cluster, &tiny(&cluster, "ORPHAN-1"));
    cluster.publish("application.submitted", "y-1", "application.submitted", application);
    first.await_end();
    let data = serde_json::json!({"application_id": "ORPHAN-1"});
    cluster.publish("application.withdrawn", "y-2", "application.withdrawn", data);
    let second = cluster.worker_with("second", &["--lane", "application"], &[]);
    wait_for("the withdrawal", LIMIT, || {
        (cluster.sql("SELECT state FROM applications") == "withdrawn").then_some(())
    });
    drop(second);
    let _third = cluster.worker("third");
    cluster.await_empty();
    let left = cluster.results("examinations/");
    assert!(!left.is_empty(), "the registry does not know them");
    // marked in one round, deleted in the next
    let maintain = || {
        cluster.succeed("maintenance", &["maintain", "--once"]);
        cluster.succeed("maintenance", &["maintain", "--once"]);
        cluster.results("examinations/")
    };
    assert_eq!(maintain(), left, "a worker may be about to store them");
    cluster.submit(&tiny_with_own_portrait(&cluster, "STAYS-1", 7));
    cluster.await_complete("STAYS-1");
    // an object of another system must not be deleted
    std::fs::write(cluster.store().file("evidence", "examinations/marker"), "").unwrap();
    let before = cluster.results("examinations/");
    for key in &before {
        make_old(&cluster.store().file("evidence", key));
    }
    let stay = maintain();
    assert!(stay.iter().any(|key| key.ends_with("/marker")));
    assert!(stay.len() > 1 && stay.len() == before.len() - left.len(), "{stay:?}");
    assert!(left.iter().all(|key| !stay.contains(key)));
}

fn make_old(file: &std::path::Path) {
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 3600);
    std::fs::File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
}
