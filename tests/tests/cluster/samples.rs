//! Applications to submit.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::cluster::Cluster;

pub(crate) type Writer = fn(&Path) -> Result<(), fixtures::files::FixtureError>;

/// Writes a sample under another application id.
pub(crate) fn sample(cluster: &Cluster, id: &str, write: Writer) -> PathBuf {
    let folder = cluster.scratch(id);
    write(&folder).unwrap();
    let file = folder.join("application.json");
    let mut application: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    application["application_id"] = id.into();
    fs::write(&file, application.to_string()).unwrap();
    folder
}

/// Writes an application with a passport and a portrait.
pub(crate) fn small(cluster: &Cluster, id: &str) -> PathBuf {
    let folder = sample(cluster, id, fixtures::applications::write_good);
    keep_kinds(&folder, &["passport", "portrait"]);
    folder
}

/// Writes an application with a portrait only, which is processed fastest.
pub(crate) fn tiny(cluster: &Cluster, id: &str) -> PathBuf {
    let folder = sample(cluster, id, fixtures::applications::write_good);
    keep_kinds(&folder, &["portrait"]);
    folder
}

/// Writes an application with a portrait whose bytes depend on a number, so that it is not known yet.
pub(crate) fn tiny_with_own_portrait(cluster: &Cluster, id: &str, number: u8) -> PathBuf {
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

/// Writes an application with a portrait and a paper.
pub(crate) fn with_paper(cluster: &Cluster, id: &str) -> PathBuf {
    let folder = sample(cluster, id, fixtures::applications::write_good);
    keep_kinds(&folder, &["portrait", "questionnaire"]);
    folder
}

/// Writes an application with a portfolio that takes minutes to draw.
pub(crate) fn slow(cluster: &Cluster, id: &str, number: usize) -> PathBuf {
    let folder = sample(cluster, id, fixtures::applications::write_good);
    let bytes = fixtures::hostile::slow_to_draw(number);
    fs::write(folder.join("slow.pdf"), &bytes).unwrap();
    let application = serde_json::json!({
        "application_id": id, "stage": "ministry-petition",
        "accepted_at": "2026-01-01T18:59:59Z", "applicant": {},
        "documents": [{"document_id": "slow", "kind": "portfolio", "file": "slow.pdf",
            "sha256": fixtures::applications::sha256(&bytes)}],
    });
    fs::write(folder.join("application.json"), application.to_string()).unwrap();
    folder
}

fn keep_kinds(folder: &Path, kinds: &[&str]) {
    let file = folder.join("application.json");
    let mut application: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let documents = application["documents"].as_array_mut().unwrap();
    documents.retain(|document| kinds.contains(&document["kind"].as_str().unwrap()));
    fs::write(&file, application.to_string()).unwrap();
}

/// Uploads the files of a folder with the reference client and returns the
/// application as a portal sends it.
pub(crate) fn uploaded(cluster: &Cluster, folder: &Path) -> Value {
    let output = cluster.succeed("portal", &["submit", "--upload-only", folder.to_str().unwrap()]);
    let event: Value = serde_json::from_str(output.trim()).unwrap();
    event["data"].clone()
}

pub(crate) fn document(application: &Value, kind: &str) -> Value {
    let documents = application["documents"].as_array().unwrap();
    documents.iter().find(|document| document["kind"] == kind).unwrap().clone()
}
