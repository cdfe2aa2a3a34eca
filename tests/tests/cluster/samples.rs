//! Applications to submit, and what `tekseru check` says about them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::cluster::Cluster;
use tests::{tekseru, text};

pub(crate) type Writer = fn(&Path) -> Result<(), fixtures::files::FixtureError>;

/// A sample under an id of its own.
pub(crate) fn sample(cluster: &Cluster, id: &str, write: Writer) -> PathBuf {
    let folder = cluster.scratch(id);
    write(&folder).unwrap();
    let file = folder.join("application.json");
    let mut application: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    application["application_id"] = id.into();
    fs::write(&file, application.to_string()).unwrap();
    folder
}

/// An application of a passport and a portrait, which takes least time.
pub(crate) fn small(cluster: &Cluster, id: &str) -> PathBuf {
    let folder = sample(cluster, id, fixtures::applications::good);
    keep_kinds(&folder, &["passport", "portrait"]);
    folder
}

/// An application of a portrait.
pub(crate) fn tiny(cluster: &Cluster, id: &str) -> PathBuf {
    let folder = sample(cluster, id, fixtures::applications::good);
    keep_kinds(&folder, &["portrait"]);
    folder
}

/// A portrait whose bytes no other number has, so that it is not known already.
pub(crate) fn tiny_of_its_own(cluster: &Cluster, id: &str, number: u8) -> PathBuf {
    let folder = tiny(cluster, id);
    let file = folder.join("portrait.jpg");
    let picture = image::open(&file).unwrap().into_rgb8();
    let bytes = fixtures::encode::jpeg(&picture, 95 - number);
    fs::write(&file, &bytes).unwrap();
    let file = folder.join("application.json");
    let mut application: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    application["documents"][0]["sha256"] = fixtures::applications::sha256(&bytes).into();
    fs::write(&file, application.to_string()).unwrap();
    folder
}

fn keep_kinds(folder: &Path, kinds: &[&str]) {
    let file = folder.join("application.json");
    let mut application: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let documents = application["documents"].as_array_mut().unwrap();
    documents.retain(|document| kinds.contains(&document["kind"].as_str().unwrap()));
    fs::write(&file, application.to_string()).unwrap();
}

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
