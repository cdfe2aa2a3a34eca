//! Objects that change, appear or are withdrawn while a worker handles them.

use std::fs;

use serde_json::json;
use tests::cluster::{Cluster, LIMIT};
use tests::reason_codes;
use tests::services::s3::Fault;
use tests::services::wait_for;

use crate::assertions::assert_as_checked;
use crate::samples::{tiny, uploaded};

#[test]
fn an_object_with_another_hash_is_reported() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "OTHER-1"));
    let key = application["documents"][0]["object"]["key"].as_str().unwrap();
    let file = cluster.store().file("uploads-portal", key);
    let mut bytes = fs::read(&file).unwrap();
    bytes.push(0);
    fs::write(&file, bytes).unwrap();
    cluster.publish("application.submitted", "o-1", "application.submitted", application);
    let verdict = cluster.await_complete("OTHER-1");
    let checks = verdict["body"]["checks"].as_array().unwrap();
    let all: Vec<String> =
        checks.iter().flat_map(|check| reason_codes(&check["reasons"])).collect();
    assert!(all.contains(&"FILE_HASH_MISMATCH".to_owned()), "{all:?}");
}

#[test]
fn a_resubmitted_application_is_examined_again_where_files_were_missing() {
    let cluster = Cluster::start();
    let soon = [("TEKSERU_RETRY_SCALE", "0.0001")];
    let _worker = cluster.worker_with("w1", &[], &soon);
    let folder = tiny(&cluster, "RESUBMITTED-1");
    let application = uploaded(&cluster, &folder);
    let key = application["documents"][0]["object"]["key"].as_str().unwrap();
    let file = cluster.store().file("uploads-portal", key);
    let bytes = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let data = application.clone();
    cluster.publish("application.submitted", "s-1", "application.submitted", data);
    assert_eq!(cluster.await_none_pending("RESUBMITTED-1")["body"]["complete"], false);
    fs::write(&file, bytes).unwrap();
    cluster.publish("application.submitted", "s-2", "application.submitted", application);
    assert_as_checked(&cluster.await_complete("RESUBMITTED-1"), &folder);
}

#[test]
fn an_application_withdrawn_during_processing_leaves_nothing() {
    let cluster = Cluster::start();
    let worker = cluster.worker("w1");
    let faults = cluster.faults();
    faults.always("GetObject", "uploads-portal/", Fault::Hang);
    let application = uploaded(&cluster, &tiny(&cluster, "LEFT-1"));
    cluster.publish("application.submitted", "l-1", "application.submitted", application);
    wait_for("the fetch", LIMIT, || {
        faults.requests().iter().any(|request| request.operation == "GetObject").then_some(())
    });
    let data = json!({"application_id": "LEFT-1"});
    cluster.publish("application.withdrawn", "l-2", "application.withdrawn", data);
    cluster.await_event("LEFT-1", "accepted");
    wait_for("the withdrawal", LIMIT, || {
        (cluster.sql("SELECT state FROM applications") == "withdrawn").then_some(())
    });
    faults.clear();
    // the broker's count of messages is a little late: both commands and the document
    wait_for("three deliveries", LIMIT, || {
        (worker.log().matches("\"message\":\"Done\"").count() == 3).then_some(())
    });
    cluster.await_empty();
    assert_eq!(cluster.results(""), [""; 0]);
    assert_eq!(cluster.sql("SELECT count(*) FROM examinations"), "0");
}
