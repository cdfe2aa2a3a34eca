//! The examples of an examination and a verdict in `pipeline/contract` are
//! those of this build.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue fails")]

use std::fs;
use std::path::Path;

use pipeline::verdict::{Envelope, Verdict};
use serde_json::Value;
use tests::{check, examine, text, without_examiner};

/// Compares an example with what this build makes. `make contract` sets
/// `UPDATE_CONTRACT` to write the example first.
#[track_caller]
fn check_example(name: &str, json: &str) {
    let text = without_examiner(json) + "\n";
    let folder = Path::new("../pipeline/contract/examples");
    let file = folder.join(name);
    if std::env::var_os("UPDATE_CONTRACT").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let published = fs::read_to_string(&file).unwrap_or_default();
    assert!(published == text, "{name} is not up to date: run `make contract`");
}

#[test]
fn the_example_of_an_examination_is_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    fixtures::applications::write_flawed(folder.path()).unwrap();
    let mut examination = examine("passport", &[&folder.path().join("passport.jpg")]).remove(0);
    let line = examination.as_object_mut().unwrap();
    // what the command adds to an examination
    for added in ["file", "peak_mib", "timings_ms"] {
        line.remove(added);
    }
    let json = serde_json::to_string_pretty(&examination).unwrap();
    check_example("examination-passport.json", &json);
}

#[test]
fn the_example_of_a_verdict_is_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let (application, out) = (folder.path().join("flawed"), folder.path().join("out"));
    fixtures::applications::write_flawed(&application).unwrap();
    let output = check(&application, &["--fail-on", "never", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let json = fs::read_to_string(out.join("FLAWED-1/verdict.json")).unwrap();
    let written: Verdict = serde_json::from_str(&json).unwrap();
    assert_eq!(written.digest, Verdict::new(written.body, Envelope::default()).digest);
    assert!(written.envelope.produced_at.is_some());
    let mut example: Value = serde_json::from_str(&without_examiner(&json)).unwrap();
    // the digest of a body depends on its examiner; time and timings depend on the run
    let body = serde_json::from_value(example["body"].clone()).unwrap();
    example["digest"] = Verdict::new(body, Envelope::default()).digest.into();
    example["envelope"]["produced_at"] = "2026-01-05T04:45:00Z".into();
    let timings = example["envelope"]["timings_ms"].as_object_mut().unwrap();
    timings.values_mut().for_each(|milliseconds| *milliseconds = 100.0.into());
    let typed: Verdict = serde_json::from_value(example.clone()).unwrap();
    assert_eq!(serde_json::to_value(&typed).unwrap(), example, "a field outside the schema");
    let json = serde_json::to_string_pretty(&typed).unwrap();
    check_example("verdict-flawed.json", &json);
}
