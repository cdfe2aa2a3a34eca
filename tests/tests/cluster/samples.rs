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
