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
fn an_application_has_room_for_a_hundred_documents() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let folder = small(&cluster, "MANY-1");
    let application = uploaded(&cluster, &folder);
    cluster.submit(&folder);
    cluster.await_complete("MANY-1");
    cluster.await_empty();
    let _ = cluster.sql(
        "INSERT INTO documents (application_id, document_id, position, stage, body,
                 examination_state)
             SELECT application_id, 'D-' || n, n, stage,
                    jsonb_set(body::jsonb, '{document_id}', to_jsonb('D-' || n))::text, 'pending'
             FROM documents, generate_series(3, 100) AS n WHERE position = 0",
    );
    let submit = |command: &str, id: &str| {
        let mut document = application["documents"][0].clone();
        document["document_id"] = id.into();
        let data = json!({"application_id": "MANY-1", "stage": application["stage"], "document": document});
        cluster.publish("passport.submitted", command, "document.submitted", data);
    };
    submit("m-1", "D-101");
    let rejected = cluster.await_event("MANY-1", "rejected");
    assert_eq!(rejected.body["causationid"], "m-1");
    let error = &rejected.body["data"]["errors"][0];
    assert_eq!(error["pointer"], "/data/document/document_id");
    // those that are known may be sent again
    submit("m-2", "D-100");
    tests::services::wait_for("the answer", tests::cluster::LIMIT, || {
        let accepted = cluster.events_of("MANY-1", "accepted");
        accepted.iter().any(|event| event.body["causationid"] == "m-2").then_some(())
    });
}
