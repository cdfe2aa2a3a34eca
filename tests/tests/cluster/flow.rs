//! Every command and every event, without faults.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::cluster::{Cluster, TRACEPARENT, TRACESTATE};
use tests::text;

use crate::assertions::assert_as_checked;
use crate::samples::{Writer, sample, tiny, uploaded};

#[test]
fn an_application_gets_the_same_verdict_as_check() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    for (id, write) in [
        ("GOOD-1", fixtures::applications::write_good as Writer),
        ("FLAWED-1", fixtures::applications::write_flawed),
        ("PETITION-1", fixtures::applications::write_petition),
    ] {
        let folder = sample(&cluster, id, write);
        let output = cluster.run("portal", &["submit", "--wait", folder.to_str().unwrap()]);
        assert!(output.status.success(), "{}\n{}", text(&output.stderr), cluster.logs());
        let verdict = cluster.verdict(id).unwrap();
        assert_as_checked(&verdict, &folder);
        assert!(
            verdict["envelope"].get("sandbox").is_none(),
            "reported only if the sandbox is off"
        );
        cluster.await_empty();
        let events = cluster.events_of(id, "application.verdict");
        let of_it = events.iter().find(|event| event.body["data"]["digest"] == verdict["digest"]);
        let event = &of_it.unwrap().body;
        assert_eq!(event["data"]["complete"], true);
        assert_eq!(event["data"]["revision"], verdict["envelope"]["revision"]);
        assert_dataref(&cluster, event, &verdict);
        let documents = verdict["body"]["documents"].as_array().unwrap().len();
        let accepted = cluster.events_of(id, "accepted");
        assert_eq!(accepted.len(), 1);
        assert_eq!(accepted[0].body["data"]["documents"], documents);
        let document_events = cluster.events_of(id, "document.verdict");
        assert_eq!(document_events.len(), documents);
        assert_unread_kinds_named(event, &verdict);
        for event in &document_events {
            let data = &event.body["data"];
            let is_read = ["passport", "portrait"].contains(&data["kind"].as_str().unwrap());
            let unread = if is_read { json!([]) } else { json!([data["kind"]]) };
            assert_eq!(data["not_read"], unread);
            assert!(is_read || data["outcome"] != "pass", "{data}");
        }
        // every event names the one command that the portal sent
        for event in document_events.iter().chain(&events) {
            assert_eq!(event.body["causationid"], accepted[0].body["causationid"]);
        }
    }
    for event in cluster.events() {
        assert_eq!(event.message_id, event.body["id"].as_str().unwrap());
        assert!(!event.properties.contains("GOOD-1"), "{}", event.properties);
    }
}

/// Fails unless the verdict to which an event refers exists, with its report.
fn assert_dataref(cluster: &Cluster, event: &Value, verdict: &Value) {
    let reference = event["dataref"].as_str().unwrap();
    let key = reference.strip_prefix("s3://verdicts-portal/").unwrap();
    let stored: Value = serde_json::from_slice(&cluster.result(key).unwrap()).unwrap();
    assert_eq!(stored["digest"], verdict["digest"]);
    let report = key.replace("verdict.json", "report.html");
    let report = text(&cluster.result(&report).unwrap());
    assert!(report.contains("<html") && report.contains("data:image/"));
}

/// Fails unless the event names the kind of each document that the body names as unread.
fn assert_unread_kinds_named(event: &Value, verdict: &Value) {
    let kinds = |list: &Value, kind: fn(&Value) -> &Value| {
        let all = list.as_array().unwrap().iter();
        all.map(|one| kind(one).as_str().unwrap().to_owned()).collect::<BTreeSet<String>>()
    };
    let named = kinds(&event["data"]["not_read"], |kind| kind);
    assert_eq!(named, kinds(&verdict["body"]["not_read"], |document| &document["kind"]));
    assert!(named.contains("passport_translation") || named.contains("cv"), "{named:?}");
    assert_ne!(event["data"]["outcome"], "pass");
}

#[test]
fn a_verdict_reports_a_disabled_sandbox() {
    let cluster = Cluster::start();
    let _worker = cluster.worker_with("w1", &["--sandbox=off"], &[]);
    cluster.submit(&tiny(&cluster, "OUTSIDE-1"));
    assert_eq!(cluster.await_complete("OUTSIDE-1")["envelope"]["sandbox"], "off");
    assert_eq!(cluster.sql("SELECT sandbox FROM workers"), "off");
}

#[test]
fn a_repeated_message_is_processed_once() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let folder = tiny(&cluster, "TWICE-1");
    cluster.submit(&folder);
    cluster.await_complete("TWICE-1");
    cluster.await_empty();
    let before = cluster.results("");
    cluster.submit(&folder);
    cluster.await_empty();
    assert_eq!(cluster.results(""), before);
    assert_eq!(cluster.sql("SELECT count(*) FROM revisions"), "1");
    let ids: Vec<String> = cluster.events().iter().map(|event| event.message_id.clone()).collect();
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 3, "accepted and two verdicts; repeated events have the same ids");
}

#[test]
fn events_continue_the_trace_of_their_command() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "TRACED-1"));
    cluster.publish("application.submitted", "t-1", "application.submitted", application.clone());
    cluster.await_complete("TRACED-1");
    let mut invalid = application;
    invalid["documents"][0]["object"]["key"] = "a/../b".into();
    cluster.publish("application.submitted", "t-2", "application.submitted", invalid);
    let rejected = cluster.await_event("TRACED-1", "rejected");
    let pointer = &rejected.body["data"]["errors"][0]["pointer"];
    assert_eq!(pointer, "/data/documents/0/object/key");
    cluster.await_empty();
    let events = cluster.events();
    assert_eq!(events.len(), 4);
    for event in &events {
        assert_eq!(event.body["traceparent"], TRACEPARENT, "{}", event.name());
        assert_eq!(event.body["tracestate"], TRACESTATE, "{}", event.name());
        let headers =
            [TRACEPARENT, TRACESTATE].iter().all(|value| event.properties.contains(value));
        assert!(headers, "{}", event.properties);
    }
}

#[test]
fn a_withdrawn_application_is_deleted_and_stays_deleted() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "GONE-1"));
    let submit = || {
        let data = application.clone();
        cluster.publish("application.submitted", "g-1", "application.submitted", data);
    };
    submit();
    cluster.await_complete("GONE-1");
    let data = json!({"application_id": "GONE-1"});
    cluster.publish("application.withdrawn", "g-2", "application.withdrawn", data);
    cluster.await_empty();
    assert_eq!(cluster.results("applications/"), [""; 0]);
    assert_eq!(cluster.results("examinations/"), [""; 0]);
    submit();
    cluster.await_empty();
    assert_eq!(cluster.results(""), [""; 0]);
    for table in ["revisions", "documents", "examinations"] {
        assert_eq!(cluster.sql(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
    assert_eq!(cluster.sql("SELECT state FROM applications"), "withdrawn");
    // a repeated message is ignored, a new one is answered
    assert_eq!(cluster.events_of("GONE-1", "rejected").len(), 0);
    cluster.publish("application.submitted", "g-3", "application.submitted", application.clone());
    let rejected = cluster.await_event("GONE-1", "rejected");
    assert_eq!(rejected.body["data"]["type"], "urn:tekseru:problem:withdrawn");
    cluster.await_empty();
    assert_eq!(cluster.results(""), [""; 0]);
    assert_eq!(cluster.messages("dead"), 0);
}

#[test]
fn a_recheck_request_is_answered() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "AGAIN-1"));
    cluster.publish("application.submitted", "a-1", "application.submitted", application);
    let verdict = cluster.await_complete("AGAIN-1");
    cluster.await_empty();
    let before = cluster.events_of("AGAIN-1", "application.verdict").len();
    let data = json!({"application_id": "AGAIN-1"});
    cluster.publish("application.recheck", "a-2", "recheck.requested", data);
    cluster.await_empty();
    let events = cluster.events_of("AGAIN-1", "application.verdict");
    assert_eq!(events.len(), before + 1);
    assert_eq!(events[before].body["causationid"], "a-2");
    assert_eq!(events[before].body["data"]["digest"], verdict["digest"], "nothing has changed");
}

#[test]
fn unusable_messages_are_rejected_with_a_reason() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let _maintenance = cluster.maintenance("k1");
    let application = uploaded(&cluster, &tiny(&cluster, "BAD-1"));
    let mut elsewhere = application.clone();
    elsewhere["documents"][0]["object"]["bucket"] = "uploads-other".into();
    cluster.publish("application.submitted", "b-1", "application.submitted", elsewhere);
    let mut other_stage = application.clone();
    other_stage["stage"] = "citizenship".into();
    cluster.publish("application.submitted", "b-2", "application.submitted", other_stage);
    cluster.publish("application.submitted", "b-3", "application.approved", application.clone());
    cluster.publish_raw("application.submitted", b"{\"specversion\": \"1.0\"");
    cluster.publish_raw("application.submitted", &[0xff, 0xfe, 0x00]);
    cluster.await_empty();
    let rejected = cluster.events();
    let mut codes: Vec<String> = rejected
        .iter()
        .filter(|event| event.name() == "rejected")
        .map(|event| {
            let data = &event.body["data"];
            assert!(data["title"].is_string() && data["detail"].is_string(), "{data}");
            problem(data)
        })
        .collect();
    codes.sort();
    let expected = ["invalid-message", "not-json", "not-json", "other-portal", "unknown-type"];
    assert_eq!(codes, expected);
    tests::services::wait_for("dead letters in the registry", tests::cluster::LIMIT, || {
        (cluster.sql("SELECT count(*) FROM dead_letters") == "5").then_some(())
    });
    assert_eq!(cluster.messages("dead"), 0);
    // another message with the same id
    cluster.publish("application.submitted", "b-4", "application.submitted", application.clone());
    cluster.await_complete("BAD-1");
    let mut changed = application;
    changed["applicant"]["sex"] = "M".into();
    cluster.publish("application.submitted", "b-4", "application.submitted", changed);
    cluster.await_empty();
    let rejected = cluster.events_of("BAD-1", "rejected");
    let conflict = rejected.iter().find(|event| event.body["causationid"] == "b-4");
    assert_eq!(problem(&conflict.unwrap().body["data"]), "id-conflict");
}

fn problem(data: &Value) -> String {
    let uri = data["type"].as_str().unwrap();
    uri.strip_prefix("urn:tekseru:problem:").unwrap().to_owned()
}
