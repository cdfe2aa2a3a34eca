//! Rounds of examination that find too much, or never succeed.

use std::fs;

use serde_json::Value;
use tests::cluster::{Cluster, LIMIT};
use tests::services::s3::Fault;
use tests::services::wait_for;

use super::overwritten::Portal;
use crate::assertions::{assert_as_checked, codes_of};
use crate::samples::tiny;

#[test]
fn a_too_large_upload_is_fetched_again_when_its_application_is_sent_again() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let portal = Portal::new(&cluster, "LARGE-1");
    fs::File::options().write(true).open(&portal.file).unwrap().set_len(1 << 30).unwrap();
    portal.submit("l-1");
    let is_large = |now: &Value| codes_of(now, "portrait").contains(&"FILE_TOO_LARGE".to_owned());
    cluster.await_verdict("LARGE-1", is_large);
    cluster.await_empty();
    let first = portal.overwrite(0);
    portal.submit("l-2");
    portal.await_file(&first);
}

#[test]
fn a_round_that_never_succeeds_is_reported() {
    let cluster = Cluster::start();
    let soon = [("TEKSERU_RETRY_SCALE", "0.0001")];
    let _worker = cluster.worker_with("w1", &[], &soon);
    let _maintenance = cluster.maintenance("m1");
    let portal = Portal::new(&cluster, "REFUSED-1");
    let first = portal.overwrite(0);
    portal.submit("r-1");
    let verdict = portal.await_file(&first);
    cluster.faults().always("GetObject", "uploads-portal/REFUSED-1", refused());
    portal.submit_document("r-2", "document.submitted", None);
    // until then nothing is known of it, and a verdict may say so
    let unavailable = "MACHINE_CHECK_UNAVAILABLE".to_owned();
    cluster.await_verdict("REFUSED-1", |now| {
        now["digest"] != verdict["digest"] && codes_of(now, "portrait").contains(&unavailable)
    });
    // the portal gives the right back, and an operator replays
    cluster.faults().clear();
    cluster.succeed("operator", &["dead", "replay", "--all"]);
    portal.await_file(&first);
}

/// Nobody says that the upload is another one, so what is known stands.
#[test]
fn an_operators_examination_that_never_succeeds_changes_nothing() {
    let cluster = Cluster::start();
    let soon = [("TEKSERU_RETRY_SCALE", "0.0001")];
    let mut worker = cluster.worker("w1");
    let _maintenance = cluster.maintenance("m1");
    let portal = Portal::new(&cluster, "REFUSED-2");
    let first = portal.overwrite(0);
    portal.submit("o-1");
    let before = portal.await_file(&first);
    portal.overwrite(1);
    worker.kill();
    let mut messages = cluster.succeed("operator", &["recheck", "REFUSED-2", "--examine"]);
    assert!(messages.contains("examine 1 documents"), "{messages}");
    cluster.faults().always("GetObject", "uploads-portal/REFUSED-2", refused());
    let _worker = cluster.worker_with("w2", &[], &soon);
    wait_for("the dead letter", LIMIT, || {
        messages = cluster.sql("SELECT count(*) FROM dead_letters");
        (messages == "1").then_some(())
    });
    cluster.await_empty();
    assert_eq!(cluster.verdict("REFUSED-2").unwrap()["digest"], before["digest"]);
    assert_eq!(cluster.sql("SELECT examination_state FROM documents"), "examined");
}

/// The store refuses every object, so no message is at fault and no attempt counts.
#[test]
fn a_key_that_the_store_no_longer_accepts_uses_up_no_attempt() {
    let cluster = Cluster::start();
    let soon = [("TEKSERU_RETRY_SCALE", "0.0001")];
    for (id, operation, place) in [
        ("ROTATED-1", "GetObject", "uploads-portal/"),
        ("ROTATED-2", "PutObject", "verdicts-portal/"),
    ] {
        let worker = cluster.worker_with(id, &[], &soon);
        let folder = tiny(&cluster, id);
        cluster.faults().always(operation, place, Fault::Answer(403, "InvalidAccessKeyId"));
        cluster.submit(&folder);
        worker.await_log("Waiting for a dependency: store is down");
        cluster.faults().clear();
        assert_as_checked(&cluster.await_complete(id), &folder);
        cluster.await_empty();
    }
    assert_eq!(cluster.messages("dead"), 0);
    assert_eq!(cluster.sql("SELECT count(*) FROM dead_letters"), "0");
}

fn refused() -> Fault {
    Fault::Answer(403, "AccessDenied")
}
