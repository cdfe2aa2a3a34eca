//! Documents that replace others, and messages that overtake each other.

use std::slice;

use serde_json::{Value, json};
use tests::cluster::Cluster;

use crate::assertions::assert_as_checked;
use crate::samples::{document, sample, small, tiny, uploaded};

/// Messages may overtake each other; the one with the latest time of occurrence is valid.
#[test]
fn an_older_message_does_not_override_a_newer_one() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &small(&cluster, "ORDER-1"));
    let flawed =
        uploaded(&cluster, &sample(&cluster, "OTHER-2", fixtures::applications::write_flawed));
    let mut grey = document(&flawed, "portrait");
    grey["document_id"] = document(&application, "portrait")["document_id"].clone();
    let replaced = json!({"application_id": "ORDER-1", "stage": application["stage"],
        "document": grey, "replaces": grey["document_id"]});
    let [first, second, third] = ["01", "02", "03"].map(|day| format!("2026-01-{day}T00:00:00Z"));
    let submit = |id: &str, data: Value, time: &str| {
        let name = "application.submitted";
        cluster.publish_at(name, id, name, data, time);
        cluster.await_empty();
    };
    let name = "document.replaced";
    cluster.publish_at("portrait.replaced", "o-2", name, replaced, &second);
    cluster.await_empty();
    submit("o-1", application.clone(), &first);
    let verdict = cluster.await_complete("ORDER-1");
    assert_eq!(verdict["body"]["outcome"], "fail", "the grey portrait was sent later");
    // a form that was sent later, then the first form again
    let mut married = application.clone();
    married["applicant"]["names"][0]["surname"] = "OTHER".into();
    submit("o-4", married, &third);
    let form = |verdict: &Value| verdict["body"]["subject"]["form_sha256"].clone();
    let married = cluster.await_verdict("ORDER-1", |now| form(now) != form(&verdict));
    submit("o-3", application.clone(), &second);
    assert_eq!(form(&cluster.verdict("ORDER-1").unwrap()), form(&married));
    assert_eq!(cluster.events_of("ORDER-1", "accepted").len(), 4, "all were accepted");
}

#[test]
fn a_portal_may_return_to_a_replaced_document() {
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
    let replace = |id: &str, new: &str, old: &str| {
        let mut data = json!({"application_id": "BACK-1", "stage": application["stage"],
            "document": document(&application, "portrait"), "replaces": old});
        data["document"]["document_id"] = new.into();
        cluster.publish("portrait.replaced", id, "document.replaced", data);
        cluster.await_empty();
        cluster.await_event("BACK-1", "accepted");
        ids(&cluster.verdict("BACK-1").unwrap())
    };
    assert_eq!(replace("k-2", "second", &first), ["second"]);
    assert_eq!(replace("k-3", &first, "second"), slice::from_ref(&first));
    // the later of two replacements arrives first
    assert_eq!(replace("k-4", "fourth", "third"), slice::from_ref(&first));
    assert_eq!(replace("k-5", "third", &first), ["fourth"]);
    assert_eq!(cluster.events_of("BACK-1", "accepted").len(), 5);
}

#[test]
fn a_document_may_arrive_before_its_application() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let folder = small(&cluster, "EARLY-1");
    // uploaded only: the application itself is sent later
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
fn a_replacement_is_judged_instead_of_the_replaced_document() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let folder = small(&cluster, "REPLACED-1");
    let application = uploaded(&cluster, &folder);
    cluster.publish("application.submitted", "r-1", "application.submitted", application.clone());
    let before = cluster.await_complete("REPLACED-1");

    let flawed = sample(&cluster, "OTHER-1", fixtures::applications::write_flawed);
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
fn replacements_may_arrive_in_any_order_and_before_their_application() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "BEFORE-1"));
    let first = document(&application, "portrait");
    let replace = |id: &str, new: &str, old: &str| {
        let mut data = json!({"application_id": "BEFORE-1", "stage": application["stage"],
            "document": first, "replaces": old});
        data["document"]["document_id"] = new.into();
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
