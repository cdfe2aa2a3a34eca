//! Verdicts of an application while its documents are still examined.

use std::path::Path;

use serde_json::Value;
use tests::cluster::{Cluster, LIMIT};
use tests::services::wait_for;

use crate::assertions::assert_as_checked;
use crate::samples::{sample, uploaded};

const LONG: [(&str, &str); 1] = [("TEKSERU_INCOMPLETE_INTERVAL", "3600")];

fn good(cluster: &Cluster, id: &str) -> std::path::PathBuf {
    sample(cluster, id, fixtures::applications::write_good)
}

/// Submits an application of which one document is not uploaded.
fn submit_without(cluster: &Cluster, id: &str, folder: &Path) {
    let mut application = uploaded(cluster, folder);
    let absent = application["documents"].as_array_mut().unwrap().last_mut().unwrap();
    absent["object"]["key"] = format!("{id}/absent").into();
    cluster.publish("application.submitted", id, "application.submitted", application);
}

fn examined(verdict: &Value) -> usize {
    let checks = verdict["body"]["checks"].as_array().unwrap();
    let opens = checks.iter().filter(|check| check["id"] == "file.opens");
    opens.filter(|check| check["status"] != "not_run").count()
}

#[test]
fn only_the_first_and_the_complete_verdict_do_not_wait() {
    let cluster = Cluster::start();
    let _worker = cluster.worker_with("w1", &[], &LONG);
    let folder = good(&cluster, "WAITS-1");
    cluster.submit(&folder);
    let verdict = cluster.await_complete("WAITS-1");
    assert_as_checked(&verdict, &folder);
    cluster.await_empty();
    let revisions = "SELECT count(*), max(revision) FROM revisions";
    assert_eq!(cluster.sql(revisions), "2|2");
    assert_eq!(cluster.events_of("WAITS-1", "application.verdict").len(), 2);
    // each document is answered, by a verdict that is in the store
    let answers = cluster.events_of("WAITS-1", "document.verdict");
    let mut documents: Vec<&str> =
        answers.iter().map(|event| event.body["data"]["document_id"].as_str().unwrap()).collect();
    documents.sort_unstable();
    let listed = verdict["body"]["documents"].as_array().unwrap();
    let mut expected: Vec<&str> =
        listed.iter().map(|document| document["document_id"].as_str().unwrap()).collect();
    expected.sort_unstable();
    assert_eq!(documents, expected);
    for event in &answers {
        let place = event.body["dataref"].as_str().unwrap();
        let key = place.strip_prefix("s3://verdicts-portal/").unwrap();
        let stored: Value = serde_json::from_slice(&cluster.result(key).unwrap()).unwrap();
        assert_eq!(stored["digest"], event.body["data"]["digest"]);
        assert_eq!(event.body["causationid"], answers[0].body["causationid"]);
    }
    assert_eq!(verdict["envelope"]["revision"], 2);
    let timings = verdict["envelope"]["timings_ms"].as_object().unwrap();
    assert!(timings.len() > 2, "those of all documents since: {timings:?}");
}

#[test]
fn a_verdict_that_waits_is_attached_when_its_time_has_come() {
    let cluster = Cluster::start();
    let short = [("TEKSERU_INCOMPLETE_INTERVAL", "1")];
    let _worker = cluster.worker_with("w1", &[], &short);
    let folder = good(&cluster, "LATER-1");
    submit_without(&cluster, "LATER-1", &folder);
    let all = uploaded(&cluster, &folder)["documents"].as_array().unwrap().len();
    cluster.await_verdict("LATER-1", |verdict| examined(verdict) == all - 1);
}

#[test]
fn a_worker_that_stops_attaches_what_waits() {
    let cluster = Cluster::start();
    let mut worker = cluster.worker_with("w1", &[], &LONG);
    let folder = good(&cluster, "STOPS-1");
    submit_without(&cluster, "STOPS-1", &folder);
    let all = uploaded(&cluster, &folder)["documents"].as_array().unwrap().len();
    wait_for("the other documents", LIMIT, || {
        let done = "SELECT count(*) FROM documents WHERE examination_state = 'examined'";
        (cluster.sql(done) == (all - 1).to_string()).then_some(())
    });
    assert!(examined(&cluster.verdict("STOPS-1").unwrap()) < all - 1);
    worker.signal("TERM");
    assert!(worker.await_end().success());
    assert_eq!(examined(&cluster.verdict("STOPS-1").unwrap()), all - 1);
}

#[test]
fn the_answer_about_a_document_that_was_replaced_is_not_lost() {
    let cluster = Cluster::start();
    let mut worker = cluster.worker_with("w1", &[], &LONG);
    let folder = good(&cluster, "ANSWER-1");
    submit_without(&cluster, "ANSWER-1", &folder);
    let application = uploaded(&cluster, &folder);
    let all = application["documents"].as_array().unwrap().len();
    let done = "SELECT count(*) FROM documents WHERE examination_state = 'examined'";
    wait_for("the other documents", LIMIT, || {
        (cluster.sql(done) == (all - 1).to_string()).then_some(())
    });
    let waiting = "SELECT body::json->'data'->>'document_id' FROM events
        WHERE sent_at IS NULL AND routing_key = 'document.verdict' LIMIT 1";
    let replaced = cluster.sql(waiting);
    let documents = application["documents"].as_array().unwrap();
    let mut next = documents.iter().find(|d| d["document_id"] == replaced).unwrap().clone();
    next["document_id"] = "NEXT".into();
    let lane = match next["kind"].as_str().unwrap() {
        lane @ ("passport" | "portrait") => lane.to_owned(),
        _ => "paper".to_owned(),
    };
    let data = serde_json::json!({
        "application_id": "ANSWER-1", "stage": application["stage"],
        "replaces": replaced, "document": next,
    });
    cluster.publish(&format!("{lane}.replaced"), "r-1", "document.replaced", data);
    wait_for("the next document", LIMIT, || {
        let done = "SELECT examination_state FROM documents WHERE document_id = 'NEXT'";
        (cluster.sql(done) == "examined").then_some(())
    });
    worker.signal("TERM");
    assert!(worker.await_end().success());
    let answers = cluster.events_of("ANSWER-1", "document.verdict");
    for id in [replaced.as_str(), "NEXT"] {
        let told = answers.iter().filter(|event| event.body["data"]["document_id"] == id).count();
        assert_eq!(told, 1, "{id}");
    }
}
