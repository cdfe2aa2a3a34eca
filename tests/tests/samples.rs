//! The sample applications, from folder to verdict.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue fails")]

use std::fs;
use std::path::Path;

use serde_json::Value;
use tests::{check, text};

type Writer = fn(&Path) -> Result<(), fixtures::files::FixtureError>;

fn verdict(write: Writer) -> (tempfile::TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    let application = folder.path().join("sample");
    write(&application).unwrap();
    let out = folder.path().join("out");
    let output = check(&application, &["--fail-on", "never", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let file = find(&out, "verdict.json").expect("a verdict is written");
    let verdict = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    (folder, verdict)
}

fn find(folder: &Path, name: &str) -> Option<std::path::PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    entries.filter_map(Result::ok).find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { find(&path, name) } else { (entry.file_name() == name).then_some(path) }
    })
}

/// Returns the outcome, then each check with its codes.
fn summary(verdict: &Value) -> String {
    let body = &verdict["body"];
    let mut lines = vec![format!("outcome {} · advice {}", body["outcome"], body["advice"])];
    for check in body["checks"].as_array().unwrap() {
        lines.push(format!(
            "{} {} {}{}",
            check["id"].as_str().unwrap(),
            check["document_id"].as_str().unwrap_or("-"),
            check["status"].as_str().unwrap(),
            tests::reason_codes(&check["reasons"])
                .iter()
                .map(|code| format!(" {code}"))
                .collect::<String>(),
        ));
    }
    lines.join("\n")
}

#[test]
fn the_good_sample() {
    let (_folder, verdict) = verdict(fixtures::applications::write_good);
    insta::assert_snapshot!(summary(&verdict));
}

/// A complete application without a fault is unsure, because nobody has read its papers.
#[test]
fn papers_of_the_good_sample_are_named_as_unread() {
    let (folder, verdict) = verdict(fixtures::applications::write_good);
    let body = &verdict["body"];
    assert_eq!((&body["outcome"], &body["advice"]), (&"unsure".into(), &"look".into()));
    let documents = body["documents"].as_array().unwrap();
    let mut papers = Vec::new();
    for document in documents {
        let kind = document["kind"].as_str().unwrap();
        let is_read = ["passport", "portrait"].contains(&kind);
        assert_eq!(document["outcome"], if is_read { "pass" } else { "unsure" }, "{kind}");
        if !is_read {
            papers.push(serde_json::json!({"document_id": document["document_id"], "kind": kind}));
        }
    }
    assert_eq!(body["not_read"], Value::from(papers));
    let page = fs::read_to_string(find(folder.path(), "report.html").unwrap()).unwrap();
    let (first_screen, _) = page.split_once("<main>").unwrap();
    assert!(first_screen.contains("4 documents were not read by machine: translation"));
}

#[test]
fn the_flawed_sample() {
    let (_folder, verdict) = verdict(fixtures::applications::write_flawed);
    insta::assert_snapshot!(summary(&verdict));
}

#[test]
fn the_petition_sample() {
    let (_folder, verdict) = verdict(fixtures::applications::write_petition);
    insta::assert_snapshot!(summary(&verdict));
}

#[test]
fn bodies_are_pinned_whole() {
    let (_folder, verdict) = verdict(fixtures::applications::write_flawed);
    let body = tests::without_examiner(&verdict["body"].to_string());
    let body: Value = serde_json::from_str(&body).unwrap();
    insta::assert_json_snapshot!(body);
}

#[test]
fn the_digest_is_equal_on_every_run() {
    let (_one, first) = verdict(fixtures::applications::write_good);
    let (_two, second) = verdict(fixtures::applications::write_good);
    assert_eq!(first["digest"], second["digest"]);
    assert_eq!(first["body"], second["body"]);
}

#[test]
fn verdicts_fit_the_published_schema() {
    let schemas = pipeline::contract::schemas();
    let (_, schema) = schemas.iter().find(|(name, _)| *name == "verdict").unwrap();
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    let (_folder, verdict) = verdict(fixtures::applications::write_flawed);
    let faults: Vec<String> = validator.iter_errors(&verdict).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

#[test]
fn reports_are_masked_by_default() {
    let folder = tempfile::tempdir().unwrap();
    fixtures::applications::write_good(&folder.path().join("a")).unwrap();
    let application = folder.path().join("a");
    let run = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        let mut arguments = vec!["--fail-on", "never", "--out", out.to_str().unwrap()];
        arguments.extend(more);
        let output = check(&application, &arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        (fs::read_to_string(find(&out, "report.html").unwrap()).unwrap(), text(&output.stdout))
    };
    let (masked, table) = run("masked", &[]);
    let (plain, _) = run("plain", &["--unmask"]);
    for secret in ["ERIKSSON", "L898902C3", "12 August 1974"] {
        assert!(!masked.contains(secret) && !table.contains(secret), "{secret} is shown");
        assert!(plain.contains(secret), "{secret} is not in the unmasked report");
    }
}

#[test]
fn the_exit_status_follows_fail_on() {
    let folder = tempfile::tempdir().unwrap();
    let application = folder.path().join("a");
    fixtures::applications::write_flawed(&application).unwrap();
    let status = |arguments: &[&str]| check(&application, arguments).status.code();
    assert_eq!(status(&["--fail-on", "fail"]), Some(1));
    assert_eq!(status(&["--fail-on", "never"]), Some(0));
    assert_eq!(
        status(&["--stage", "nowhere", "--fail-on", "never"]),
        Some(0),
        "application.json wins"
    );
    assert_eq!(check(&folder.path().join("none"), &[]).status.code(), Some(3));
}

/// With a state folder each file is examined once, and revisions are counted.
#[test]
fn remembered_files_are_not_examined_again() {
    let folder = tempfile::tempdir().unwrap();
    let (application, state) = (folder.path().join("sample"), folder.path().join("state"));
    fixtures::applications::write_good(&application).unwrap();
    let run = |on: &str| -> Value {
        let mut check = tests::tekseru();
        check.arg("check").arg(&application).arg("--state").arg(&state);
        let output = check.args(["--fail-on", "never", "--on", on]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let file = application.join("verdict/verdict.json");
        serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
    };
    let examined = |verdict: &Value| {
        let timings = verdict["envelope"]["timings_ms"].as_object();
        timings.map_or(0, |timings| timings.keys().filter(|key| key.ends_with(".total")).count())
    };
    let report = || fs::read_to_string(application.join("verdict/report.html")).unwrap();
    let pictures = |page: &str| page.matches("data:image/").count();

    let first = run("2026-01-05");
    assert_eq!((examined(&first), &first["envelope"]["revision"]), (6, &1.into()));
    let page = report();
    let again = run("2026-01-05");
    assert_eq!((examined(&again), &again["envelope"]["revision"]), (0, &1.into()));
    assert_eq!(again["body"], first["body"]);
    assert_eq!(pictures(&report()), pictures(&page));
    let later = run("2027-06-01");
    assert_eq!((examined(&later), &later["envelope"]["revision"]), (0, &2.into()));
    assert_eq!(later["envelope"]["previous_digest"], first["digest"]);

    let portrait = application.join("portrait.jpg");
    let picture = image::open(&portrait).unwrap().into_rgb8();
    fs::write(&portrait, fixtures::encode::jpeg(&picture, 80)).unwrap();
    let other = run("2027-06-01");
    assert_eq!((examined(&other), &other["envelope"]["revision"]), (1, &3.into()));
}
