//! Every command and every event, when all goes well.

use std::fs;
use std::slice;

use serde_json::{Value, json};
use tests::cluster::{Cluster, TRACEPARENT, TRACESTATE};
use tests::text;

use crate::samples::{Writer, assert_as_checked, sample, small, tiny};

#[test]
fn an_application_gets_the_verdict_that_check_gives() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    for (id, write) in [
        ("GOOD-1", fixtures::applications::good as Writer),
        ("FLAWED-1", fixtures::applications::flawed),
        ("PETITION-1", fixtures::applications::petition),
    ] {
        let folder = sample(&cluster, id, write);
        let output = cluster.run("portal", &["submit", "--wait", folder.to_str().unwrap()]);
        assert!(output.status.success(), "{}\n{}", text(&output.stderr), cluster.logs());
        let verdict = cluster.verdict(id).unwrap();
        assert_as_checked(&verdict, &folder);
        assert!(verdict["envelope"].get("sandbox").is_none(), "told only where it is off");
        cluster.await_empty();
        let events = cluster.events_of(id, "application.verdict");
        let of_it = events.iter().find(|event| event.body["data"]["digest"] == verdict["digest"]);
        let told = &of_it.unwrap().body;
        assert_eq!(told["data"]["complete"], true);
        assert_eq!(told["data"]["revision"], verdict["envelope"]["revision"]);
        assert_dataref(&cluster, told, &verdict);
        let documents = verdict["body"]["documents"].as_array().unwrap().len();
        let accepted = cluster.events_of(id, "accepted");
        assert_eq!(accepted.len(), 1);
        assert_eq!(accepted[0].body["data"]["documents"], documents);
        let told = cluster.events_of(id, "document.verdict");
        assert_eq!(told.len(), documents);
        // whatever is told names the one command that the portal sent
        for event in told.iter().chain(&events) {
            assert_eq!(event.body["causationid"], accepted[0].body["causationid"]);
        }
    }
    for event in cluster.events() {
        assert_eq!(event.message_id, event.body["id"].as_str().unwrap());
        assert!(!event.properties.contains("GOOD-1"), "{}", event.properties);
    }
}

/// What an event refers to is there, and is what it says.
fn assert_dataref(cluster: &Cluster, event: &Value, verdict: &Value) {
    let reference = event["dataref"].as_str().unwrap();
    let key = reference.strip_prefix("s3://results/").unwrap();
    let stored: Value = serde_json::from_slice(&cluster.result(key).unwrap()).unwrap();
    assert_eq!(stored["digest"], verdict["digest"]);
    let report = key.replace("verdict.json", "report.html");
    let report = text(&cluster.result(&report).unwrap());
    assert!(report.contains("<html") && report.contains("data:image/"));
}

#[test]
fn a_verdict_says_that_there_was_no_sandbox() {
    let cluster = Cluster::start();
    let _worker = cluster.worker_with("w1", &["--sandbox=off"], &[]);
    cluster.submit(&tiny(&cluster, "OUTSIDE-1"));
    assert_eq!(cluster.await_complete("OUTSIDE-1")["envelope"]["sandbox"], "off");
    assert_eq!(cluster.sql("SELECT sandbox FROM workers"), "off");
}

#[test]
fn what_is_sent_twice_is_done_once() {
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
    assert_eq!(once.len(), 3, "accepted and two verdicts, whatever repeats has their ids");
}

#[test]
fn whatever_is_told_belongs_to_the_commands_trace() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "TRACED-1"));
    cluster.publish("application.submitted", "t-1", "application.submitted", application.clone());
    cluster.await_complete("TRACED-1");
    let mut poor = application;
    poor["documents"][0]["object"]["key"] = "a/../b".into();
    cluster.publish("application.submitted", "t-2", "application.submitted", poor);
    let rejected = cluster.await_event("TRACED-1", "rejected");
    let pointer = &rejected.body["data"]["errors"][0]["pointer"];
    assert_eq!(pointer, "/data/documents/0/object/key");
    cluster.await_empty();
    let events = cluster.events();
    assert_eq!(events.len(), 4);
    for event in &events {
        assert_eq!(event.body["traceparent"], TRACEPARENT, "{}", event.name());
        assert_eq!(event.body["tracestate"], TRACESTATE, "{}", event.name());
        let beside = [TRACEPARENT, TRACESTATE].iter().all(|said| event.properties.contains(said));
        assert!(beside, "{}", event.properties);
    }
}

/// Messages may overtake each other; what was said last holds.
#[test]
fn what_was_said_before_changes_nothing_afterwards() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &small(&cluster, "ORDER-1"));
    let flawed = uploaded(&cluster, &sample(&cluster, "OTHER-2", fixtures::applications::flawed));
    let mut grey = document(&flawed, "portrait");
    grey["document_id"] = document(&application, "portrait")["document_id"].clone();
    let replaced = json!({"application_id": "ORDER-1", "stage": application["stage"],
        "document": grey, "replaces": grey["document_id"]});
    let [first, second, third] = ["01", "02", "03"].map(|day| format!("2026-01-{day}T00:00:00Z"));
    let submit = |id: &str, data: Value, time: &str| {
        let name = "application.submitted";
        cluster.publish_said(name, id, name, data, time);
        cluster.await_empty();
    };
    let name = "document.replaced";
    cluster.publish_said("portrait.replaced", "o-2", name, replaced, &second);
    cluster.await_empty();
    submit("o-1", application.clone(), &first);
    let verdict = cluster.await_complete("ORDER-1");
    assert_eq!(verdict["body"]["outcome"], "fail", "the grey one was said later");
    // a form that was said later, and the first one once more
    let mut married = application.clone();
    married["applicant"]["names"][0]["surname"] = "OTHER".into();
    submit("o-4", married, &third);
    let form = |verdict: &Value| verdict["body"]["subject"]["form_sha256"].clone();
    let married = cluster.await_verdict("ORDER-1", |now| form(now) != form(&verdict));
    submit("o-3", application.clone(), &second);
    assert_eq!(form(&cluster.verdict("ORDER-1").unwrap()), form(&married));
    assert_eq!(cluster.events_of("ORDER-1", "accepted").len(), 4, "all were taken");
}

#[test]
fn a_portal_may_go_back_to_the_document_that_it_replaced() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "BACK-1"));
    cluster.publish("application.submitted", "k-1", "application.submitted", application.clone());
    cluster.await_complete("BACK-1");
    cluster.await_empty();
    let first = document(&application, "portrait")["document_id"].as_str().unwrap().to_owned();
    let ids = |verdict: &Value| -> Vec<String> {
        let documents = verdict["body"]["documents"].as_array().unwrap().iter();
        documents.map(|d| d["document_id"].as_str().unwrap().to_owned()).collect()
    };
    let replace = |id: &str, by: &str, of: &str| {
        let mut data = json!({"application_id": "BACK-1", "stage": application["stage"],
            "document": document(&application, "portrait"), "replaces": of});
        data["document"]["document_id"] = by.into();
        cluster.publish("portrait.replaced", id, "document.replaced", data);
        cluster.await_empty();
        cluster.await_event("BACK-1", "accepted");
        ids(&cluster.verdict("BACK-1").unwrap())
    };
    assert_eq!(replace("k-2", "second", &first), ["second"]);
    assert_eq!(replace("k-3", &first, "second"), slice::from_ref(&first));
    // the later of two is heard of first
    assert_eq!(replace("k-4", "fourth", "third"), slice::from_ref(&first));
    assert_eq!(replace("k-5", "third", &first), ["fourth"]);
    assert_eq!(cluster.events_of("BACK-1", "accepted").len(), 5);
}

#[test]
fn a_document_may_come_before_its_application() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let folder = small(&cluster, "EARLY-1");
    // uploaded by submitting under another id, which nobody works on any more
    let application = uploaded(&cluster, &folder);
    let portrait = document(&application, "portrait");
    let data = json!({"application_id": "EARLY-1", "stage": application["stage"],
        "document": portrait});
    cluster.publish("portrait.submitted", "early-1", "document.submitted", data);
    let event = cluster.await_event("EARLY-1", "document.verdict");
    assert_eq!(event.body["data"]["application_known"], false);
    assert!(cluster.verdict("EARLY-1").is_none());

    cluster.publish("application.submitted", "early-2", "application.submitted", application);
    let verdict = cluster.await_complete("EARLY-1");
    assert_as_checked(&verdict, &folder);
}

#[test]
fn a_replaced_document_is_judged_in_place_of_the_first() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let folder = small(&cluster, "REPLACED-1");
    let application = uploaded(&cluster, &folder);
    cluster.publish("application.submitted", "r-1", "application.submitted", application.clone());
    let before = cluster.await_complete("REPLACED-1");

    let flawed = sample(&cluster, "OTHER-1", fixtures::applications::flawed);
    let other = uploaded(&cluster, &flawed);
    let mut grey = document(&other, "portrait");
    grey["document_id"] = "portrait-again".into();
    let replaces = document(&application, "portrait")["document_id"].clone();
    let data = json!({"application_id": "REPLACED-1", "stage": application["stage"],
        "document": grey, "replaces": replaces});
    cluster.publish("portrait.replaced", "r-2", "document.replaced", data);
    let after = cluster.await_verdict("REPLACED-1", |verdict| {
        verdict["body"]["complete"] == true && verdict["digest"] != before["digest"]
    });
    let ids: Vec<&str> = after["body"]["documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["document_id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&"portrait-again") && ids.len() == 2, "{ids:?}");
    assert_eq!(after["envelope"]["previous_digest"], before["digest"]);
    assert_eq!(after["body"]["outcome"], "fail", "a grey portrait fails");
}

#[test]
fn replacements_may_be_heard_of_in_any_order_and_before_their_application() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "BEFORE-1"));
    let first = document(&application, "portrait");
    let replace = |id: &str, by: &str, of: &str| {
        let mut data = json!({"application_id": "BEFORE-1", "stage": application["stage"],
            "document": first, "replaces": of});
        data["document"]["document_id"] = by.into();
        cluster.publish("portrait.replaced", id, "document.replaced", data);
        cluster.await_empty();
    };
    replace("n-1", "third", "second");
    replace("n-2", "second", first["document_id"].as_str().unwrap());
    let submit = |id: &str| {
        let data = application.clone();
        cluster.publish("application.submitted", id, "application.submitted", data);
        cluster.await_empty();
        let verdict = cluster.await_complete("BEFORE-1");
        let documents = verdict["body"]["documents"].as_array().unwrap();
        assert_eq!(documents.len(), 1);
        assert_eq!(documents[0]["document_id"], "third");
    };
    submit("n-3");
    submit("n-4");
}

#[test]
fn an_application_sent_anew_is_looked_at_again_where_it_was_wanting() {
    let cluster = Cluster::start();
    let soon = [("TEKSERU_RETRY_SCALE", "0.0001")];
    let _worker = cluster.worker_with("w1", &[], &soon);
    let folder = tiny(&cluster, "MENDED-1");
    let application = uploaded(&cluster, &folder);
    let key = application["documents"][0]["object"]["key"].as_str().unwrap();
    let file = cluster.store().file("uploads", key);
    let bytes = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let data = application.clone();
    cluster.publish("application.submitted", "s-1", "application.submitted", data);
    assert_eq!(cluster.await_settled("MENDED-1")["body"]["complete"], false);
    fs::write(&file, bytes).unwrap();
    cluster.publish("application.submitted", "s-2", "application.submitted", application);
    assert_as_checked(&cluster.await_complete("MENDED-1"), &folder);
}

#[test]
fn a_withdrawn_application_is_gone_and_stays_gone() {
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
    // late is late; what is new is answered
    assert_eq!(cluster.events_of("GONE-1", "rejected").len(), 0);
    cluster.publish("application.submitted", "g-3", "application.submitted", application.clone());
    let rejected = cluster.await_event("GONE-1", "rejected");
    assert_eq!(rejected.body["data"]["type"], "urn:tekseru:problem:withdrawn");
    cluster.await_empty();
    assert_eq!(cluster.results(""), [""; 0]);
    assert_eq!(cluster.messages("dead"), 0);
}

#[test]
fn who_asks_for_a_recheck_is_answered() {
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
fn what_cannot_be_used_is_rejected_with_its_reason() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let _keeper = cluster.keeper("k1");
    let application = uploaded(&cluster, &tiny(&cluster, "BAD-1"));
    let mut elsewhere = application.clone();
    elsewhere["documents"][0]["object"]["bucket"] = "results".into();
    cluster.publish("application.submitted", "b-1", "application.submitted", elsewhere);
    let mut other_stage = application.clone();
    other_stage["stage"] = "citizenship".into();
    cluster.publish("application.submitted", "b-2", "application.submitted", other_stage);
    cluster.publish("application.submitted", "b-3", "application.approved", application.clone());
    cluster.publish_raw("intake", "application.submitted", b"{\"specversion\": \"1.0\"");
    cluster.publish_raw("intake", "application.submitted", &[0xff, 0xfe, 0x00]);
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
    let expected = ["invalid-message", "invalid-message", "not-json", "not-json", "unknown-type"];
    assert_eq!(codes, expected);
    tests::services::wait_for("the dead in the registry", tests::cluster::LIMIT, || {
        (cluster.sql("SELECT count(*) FROM dead_letters") == "5").then_some(())
    });
    assert_eq!(cluster.messages("dead"), 0);
    // the same id with another content
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

/// The application as a portal names it, its files uploaded by the reference client.
pub(crate) fn uploaded(cluster: &Cluster, folder: &std::path::Path) -> Value {
    let output = cluster.succeed("portal", &["submit", "--upload-only", folder.to_str().unwrap()]);
    let event: Value = serde_json::from_str(output.trim()).unwrap();
    event["data"].clone()
}

pub(crate) fn document(application: &Value, kind: &str) -> Value {
    let documents = application["documents"].as_array().unwrap();
    documents.iter().find(|document| document["kind"] == kind).unwrap().clone()
}
