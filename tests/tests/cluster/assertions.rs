//! Assertions about verdicts and events.

use std::path::Path;

use serde_json::Value;
use tests::cluster::Cluster;
use tests::{tekseru, text};

/// Returns the body that `tekseru check` produces for a folder today, without locations of files.
pub(crate) fn check_body(folder: &Path) -> Value {
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

/// Returns the body of a verdict without the locations of its files, as a folder has paths and a
/// store has objects.
pub(crate) fn body(verdict: &Value) -> Value {
    let mut body = verdict["body"].clone();
    for document in body["documents"].as_array_mut().unwrap() {
        let document = document.as_object_mut().unwrap();
        document.remove("file");
        document.remove("object");
    }
    body
}

/// Fails with the JSON pointers at which a verdict's body differs from that of `check`.
#[track_caller]
pub(crate) fn assert_as_checked(verdict: &Value, folder: &Path) {
    let mut differences = Vec::new();
    compare(&body(verdict), &check_body(folder), String::new(), &mut differences);
    assert!(differences.is_empty(), "{}: not as checked: {differences:#?}", folder.display());
}

fn compare(one: &Value, other: &Value, at: String, differences: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            for (key, value) in a {
                compare(value, &b[key], format!("{at}/{key}"), differences);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (a, b)) in a.iter().zip(b).enumerate() {
                compare(a, b, format!("{at}/{i}"), differences);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            let only = |of: &[Value], not: &[Value]| {
                let lacks = |value: &&Value| !not.contains(value);
                of.iter().filter(lacks).map(|value| format!("{value:.200}")).collect::<Vec<_>>()
            };
            differences.push(format!("{at}: has {:#?}, lacks {:#?}", only(a, b), only(b, a)));
        }
        _ if one == other => {}
        _ => differences.push(format!("{at}: {one:.200} is {other:.200}")),
    }
}

/// Returns the codes of all checks of the document of a kind.
pub(crate) fn codes_of(verdict: &Value, kind: &str) -> Vec<String> {
    let documents = verdict["body"]["documents"].as_array().unwrap();
    let id = &documents.iter().find(|d| d["kind"] == kind).unwrap()["document_id"];
    let checks = verdict["body"]["checks"].as_array().unwrap();
    let own = checks.iter().filter(|check| check["document_id"] == *id);
    own.flat_map(|check| tests::reason_codes(&check["reasons"])).collect()
}

/// Fails unless each type of event exists and repeated events are equal.
pub(crate) fn assert_reported_once(cluster: &Cluster, id: &str) {
    for name in ["accepted", "document.verdict", "application.verdict"] {
        let events = cluster.events_of(id, name);
        let first = events.first().unwrap_or_else(|| panic!("no {name} about {id}"));
        for event in &events {
            assert_eq!(event.message_id, first.message_id, "{name} about {id}");
            assert_eq!(event.body, first.body, "{name} about {id}");
        }
    }
}
