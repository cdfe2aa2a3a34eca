//! What the tests expect of verdicts and events.

use std::path::Path;

use serde_json::Value;
use tests::cluster::Cluster;
use tests::{tekseru, text};

/// What `tekseru check` says of the same folder today, without what names places.
pub(crate) fn checked(folder: &Path) -> Value {
    let output = tekseru()
        .args(["check", "--fail-on", "never", "--format", "json", "--out"])
        .arg(folder.with_extension("out"))
        .arg(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let verdict: Value = serde_json::from_slice(&output.stdout).unwrap();
    body(&verdict)
}

/// The body of a verdict without the places of its files: a folder has files, a store objects.
pub(crate) fn body(verdict: &Value) -> Value {
    let mut body = verdict["body"].clone();
    for document in body["documents"].as_array_mut().unwrap() {
        let document = document.as_object_mut().unwrap();
        document.remove("file");
        document.remove("object");
    }
    body
}

/// Fails with the places where a verdict's body is not what `check` says.
#[track_caller]
pub(crate) fn assert_as_checked(verdict: &Value, folder: &Path) {
    let mut places = Vec::new();
    differ(&body(verdict), &checked(folder), String::new(), &mut places);
    assert!(places.is_empty(), "{}: not as checked at {places:#?}", folder.display());
}

fn differ(one: &Value, other: &Value, at: String, places: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, value) in a {
                differ(value, &b[key], format!("{at}/{key}"), places);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                differ(a, b, format!("{at}/{i}"), places);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            let only = |of: &[Value], not: &[Value]| {
                let lacks = |value: &&Value| !not.contains(value);
                of.iter().filter(lacks).map(|value| format!("{value:.200}")).collect::<Vec<_>>()
            };
            places.push(format!("{at}: has {:#?}, lacks {:#?}", only(a, b), only(b, a)));
        }
        _ if one == other => {}
        _ => places.push(format!("{at}: {one:.200} is {other:.200}")),
    }
}

/// Codes of all checks of documents of a kind.
pub(crate) fn codes_of(verdict: &Value, kind: &str) -> Vec<String> {
    let documents = verdict["body"]["documents"].as_array().unwrap();
    let id = &documents.iter().find(|d| d["kind"] == kind).unwrap()["document_id"];
    let checks = verdict["body"]["checks"].as_array().unwrap();
    let own = checks.iter().filter(|check| check["document_id"] == *id);
    own.flat_map(|check| tests::reason_codes(&check["reasons"])).collect()
}

/// Repeated events are equal ones, and each kind is there.
pub(crate) fn assert_told_once(cluster: &Cluster, id: &str) {
    for name in ["accepted", "document.verdict", "application.verdict"] {
        let events = cluster.events_of(id, name);
        let first = events.first().unwrap_or_else(|| panic!("no {name} about {id}"));
        for event in &events {
            assert_eq!(event.message_id, first.message_id, "{name} about {id}");
            assert_eq!(event.body, first.body, "{name} about {id}");
        }
    }
}
