//! Uploads that are missing or hostile.

use std::fs;

use serde_json::json;
use tests::cluster::{Cluster, SHORT_RETRIES};
use tests::reason_codes;

use crate::assertions::assert_as_checked;
use crate::samples::{sample, small, uploaded};

#[test]
fn a_missing_object_is_reported_in_the_verdict() {
    let cluster = Cluster::start();
    let _worker = cluster.worker_with("w1", &[], &SHORT_RETRIES);
    let mut application = uploaded(&cluster, &small(&cluster, "MISSING-1"));
    application["documents"][0]["object"]["key"] = "MISSING-1/nothing".into();
    application["documents"][0].as_object_mut().unwrap().remove("sha256");
    cluster.publish("application.submitted", "m-1", "application.submitted", application);
    let verdict = cluster.await_none_pending("MISSING-1");
    let checks = verdict["body"]["checks"].as_array().unwrap();
    let all: Vec<String> =
        checks.iter().flat_map(|check| reason_codes(&check["reasons"])).collect();
    assert!(all.contains(&"FILE_NOT_FOUND".to_owned()), "{all:?}");
    cluster.await_empty();
    assert_eq!(cluster.messages("dead"), 0);
}

#[test]
fn hostile_files_get_verdicts() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    for kind in ["other", "passport", "portrait"] {
        let id = format!("HOSTILE-{kind}");
        let folder = sample(&cluster, &id, fixtures::applications::write_good);
        let application = json!({
            "application_id": id, "stage": "residence-permit",
            "accepted_at": "2026-01-01T18:59:59Z", "applicant": {},
            "documents": fixtures::hostile::all().iter().enumerate().map(|(i, hostile)| {
                fs::write(folder.join(hostile.name), &hostile.bytes).unwrap();
                let sha256 = fixtures::applications::sha256(&hostile.bytes);
                json!({"document_id": format!("d{i}"), "kind": kind, "file": hostile.name,
                    "sha256": sha256})
            }).collect::<Vec<_>>(),
        });
        fs::write(folder.join("application.json"), application.to_string()).unwrap();
        cluster.submit(&folder);
        let verdict = cluster.await_none_pending(&id);
        assert_as_checked(&verdict, &folder);
    }
    assert_eq!(cluster.messages("dead"), 0);
}

/// Each document is read whenever its application is judged.
#[test]
fn an_application_has_room_for_two_hundred_documents() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &small(&cluster, "MANY-1"));
    let mut many = application.clone();
    let documents = many["documents"].as_array_mut().unwrap();
    let one = documents[0].clone();
    for i in documents.len()..200 {
        let mut next = one.clone();
        next["document_id"] = format!("D-{i}").into();
        documents.push(next);
    }
    cluster.publish("application.submitted", "m-1", "application.submitted", many.clone());
    cluster.await_event("MANY-1", "accepted");
    let mut another = one;
    another["document_id"] = "D-200".into();
    let data = json!({"application_id": "MANY-1", "stage": many["stage"], "document": another});
    cluster.publish("passport.submitted", "m-2", "document.submitted", data);
    let rejected = cluster.await_event("MANY-1", "rejected");
    assert_eq!(rejected.body["causationid"], "m-2");
    let error = &rejected.body["data"]["errors"][0];
    assert_eq!(error["pointer"], "/data/document/document_id");
    // those that are known may be sent again
    cluster.publish("application.submitted", "m-3", "application.submitted", many);
    tests::services::wait_for("the answer", tests::cluster::LIMIT, || {
        let accepted = cluster.events_of("MANY-1", "accepted");
        accepted.iter().any(|event| event.body["causationid"] == "m-3").then_some(())
    });
}
