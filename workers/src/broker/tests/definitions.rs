//! The definitions that operators import.

use std::collections::BTreeMap;

use ::tests::services::rabbitmq::definitions;
use serde_json::{Value, json};

use super::support::host;
use crate::broker::{Exchange, Lane, ParkedQueue, RetryDelay};

#[tokio::test(flavor = "multi_thread")]
async fn every_queue_is_durable_and_has_its_policy() {
    let host = host();
    let columns = ["list_queues", "name", "type", "durable", "policy"];
    let rows = host.node.list(&host.name, &columns);
    let imported = definitions("definitions.3x.json", &host.name);
    let policies: BTreeMap<&str, &Value> = rows_of(&imported, "policies")
        .map(|policy| (policy["name"].as_str().unwrap(), &policy["definition"]))
        .collect();
    // as the broker reports them, because it applies those
    let listed = host.node.list(&host.name, &["list_policies"]);
    let set: BTreeMap<&str, Value> = listed
        .iter()
        .map(|row| {
            let definition = row["definition"].as_str().unwrap();
            (row["name"].as_str().unwrap(), serde_json::from_str(definition).unwrap())
        })
        .collect();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for row in &rows {
        let name = row["name"].as_str().unwrap();
        let policy = row["policy"].as_str().unwrap();
        assert_eq!((&row["type"], &row["durable"]), (&json!("quorum"), &json!(true)), "{name}");
        assert_eq!(set[policy], *policies[policy], "{name}");
        seen.insert(name.to_owned(), policy.to_owned());
    }
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    named.extend(Lane::ALL.map(|lane| (lane.queue().to_owned(), "work".to_owned())));
    for delay in RetryDelay::ALL {
        named.insert(delay.exchange().to_owned(), delay.exchange().replace('.', "-"));
    }
    named.extend(
        [ParkedQueue::Dead, ParkedQueue::Unrouted]
            .map(|parked| (parked.queue().into(), "move-unreadable".into())),
    );
    named
        .extend(["unreadable", "verdicts.portal"].map(|queue| (queue.into(), "never-drop".into())));
    assert_eq!(seen, named);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_exchange_in_the_code_exists() {
    let host = host();
    let rows = host.node.list(&host.name, &["list_exchanges", "name", "type", "policy"]);
    let kind = |name: &str| {
        let row = rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}"));
        row["type"].as_str().unwrap().to_owned()
    };
    for exchange in [Exchange::Intake, Exchange::Work, Exchange::Dead, Exchange::Verdicts] {
        assert_eq!(kind(exchange.name()), "topic");
    }
    for delay in RetryDelay::ALL {
        assert_eq!(kind(Exchange::Retry(delay).name()), "fanout");
    }
    let intake = rows.iter().find(|row| row["name"] == "intake").unwrap();
    assert_eq!(intake["policy"], "intake-alternate");
}

#[test]
fn retry_queues_allow_the_longest_expiration() {
    for file in ["definitions.3x.json", "definitions.4x.json"] {
        let all = definitions(file, "tekseru");
        for delay in RetryDelay::ALL {
            let name = delay.exchange().replace('.', "-");
            let policy = rows_of(&all, "policies").find(|row| row["name"] == *name).unwrap();
            let longest = delay.duration().mul_f64(1.2).as_millis();
            assert_eq!(policy["definition"]["message-ttl"], json!(longest as u64), "{name}");
        }
    }
}

#[test]
fn the_files_differ_only_in_what_3x_does_not_support() {
    let three = definitions("definitions.3x.json", "tekseru");
    let mut four = definitions("definitions.4x.json", "tekseru");
    for policy in four["policies"].as_array_mut().unwrap() {
        if policy["apply-to"] == "quorum_queues" {
            policy["apply-to"] = "queues".into();
        }
        policy["definition"].as_object_mut().unwrap().remove("consumer-timeout");
    }
    assert_eq!(three, four);
}

#[test]
fn queues_have_no_argument_but_their_type() {
    let all = definitions("definitions.3x.json", "tekseru");
    for queue in rows_of(&all, "queues") {
        assert_eq!(queue["arguments"], json!({"x-queue-type": "quorum"}));
    }
    assert!(all.get("users").is_none());
}

fn rows_of<'a>(all: &'a Value, what: &str) -> impl Iterator<Item = &'a Value> {
    all[what].as_array().unwrap().iter()
}
