//! Verdicts that are computed again, and uploads that are examined again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};
use tests::cluster::Cluster;
use tests::text;

use crate::samples::{document, small, tiny, uploaded};

/// Runs a command of the operator and returns its exit status, output and errors.
fn run(cluster: &Cluster, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = cluster.run("operator", arguments);
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Returns the file of the portrait in the store.
fn portrait(cluster: &Cluster, application: &Value) -> PathBuf {
    let key = &document(application, "portrait")["object"]["key"];
    cluster.store().file("uploads-portal", key.as_str().unwrap())
}

#[test]
fn a_verdict_is_computed_again_and_what_differs_is_told() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &small(&cluster, "AGAIN-1"));
    cluster.publish("application.submitted", "a-1", "application.submitted", application.clone());
    cluster.await_complete("AGAIN-1");
    cluster.await_empty();
    let reproduce = |more: &[&str]| run(&cluster, &[&["reproduce", "AGAIN-1"], more].concat());

    let (status, output, errors) = reproduce(&[]);
    assert_eq!(status, Some(0), "{output}{errors}");
    // the stored inputs; verdict, report and pictures in the store; two uploads, the verdict
    // on them
    assert_eq!(output.lines().filter(|line| line.starts_with("equal ")).count(), 7, "{output}");
    assert_eq!((output.lines().count(), errors.as_str()), (7, ""), "{output}");
    let reads = "SELECT count(*) FROM audit WHERE action = 'verdict.reproduced'";
    assert_eq!(cluster.sql(reads), "1");

    // a changed verdict
    let change = |from: &str, to: &str| {
        let query = format!("UPDATE revisions SET verdict = replace(verdict, '{from}', '{to}')");
        let _ = cluster.sql(&query);
    };
    change("ERIKSSON", "ERIKSSEN");
    let (status, output, _) = reproduce(&[]);
    assert_eq!(status, Some(1), "{output}");
    assert!(output.contains("  /digest  stored \"sha256:"), "{output}");
    assert!(output.contains("/fields/") && output.contains("its file in the store"), "{output}");
    assert!(!output.contains("ERIKSS"), "{output}");
    let (_, output, _) = reproduce(&["--unmask", "--judge-only"]);
    assert!(output.contains("ERIKSSEN") && output.contains("ERIKSSON"), "{output}");
    change("ERIKSSEN", "ERIKSSON");

    // what a reviewer is shown
    for (folder, ending, title) in
        [("examinations/", "g", "its pictures"), ("applications/AGAIN-1/", ".html", "its report")]
    {
        let results = cluster.results(folder);
        // of the newest revision
        let mut keys = results.iter().rev().filter(|key| !key.contains("/latest/"));
        let key = keys.find(|key| key.ends_with(ending)).unwrap();
        let bucket = if folder == "examinations/" { "evidence" } else { "verdicts-portal" };
        let file = cluster.store().file(bucket, key);
        let bytes = fs::read(&file).unwrap();
        fs::remove_file(&file).unwrap();
        let (status, output, _) = reproduce(&[]);
        assert!(status == Some(1) && output.contains(&format!("{title} ")), "{output}");
        fs::write(&file, bytes).unwrap();
    }

    // an overwritten upload: judged again it is equal, examined again it is not
    let file = portrait(&cluster, &application);
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, [&bytes[..], &[0]].concat()).unwrap();
    let (status, output, _) = reproduce(&[]);
    assert_eq!(status, Some(1), "{output}");
    assert!(output.contains("another upload") && output.contains("  /sha256  stored"), "{output}");
    assert!(output.lines().next().unwrap().starts_with("equal "), "{output}");
    assert_eq!(reproduce(&["--judge-only"]).0, Some(0));

    // what cannot be computed again
    let cannot = |more: &[&str], why: &str| {
        let (status, _, errors) = reproduce(more);
        assert!(status == Some(3) && errors.contains(why), "{why}: {status:?} {errors}");
    };
    fs::remove_file(&file).unwrap();
    cannot(&[], "is gone");
    cannot(&["--revision", "9"], "no such verdict");
    let _ = cluster.sql("UPDATE revisions SET inputs = NULL");
    cannot(&["--judge-only"], "did not store");
    let data = json!({"application_id": "AGAIN-1"});
    cluster.publish("application.withdrawn", "a-2", "application.withdrawn", data);
    cluster.await_empty();
    cannot(&["--judge-only"], "was withdrawn");
}

/// Checks a folder with a state, and returns its application.
fn check(inbox: &Path, state: &Path) -> Value {
    let mut check = tests::tekseru();
    check.args(["check", "--fail-on", "never", "--state"]).arg(state).arg(inbox);
    assert!(check.status().unwrap().success());
    serde_json::from_slice(&fs::read(inbox.join("application.json")).unwrap()).unwrap()
}

/// Reproduces the verdict of a state from its folder.
fn reproduced(application: &Value, inbox: &Path, state: &Path, more: &[&str]) -> Output {
    let url = format!("sqlite:{}", state.join("registry.db").display());
    let mut command = tests::tekseru();
    command.args(["reproduce", application["application_id"].as_str().unwrap()]).args(more);
    command.args(["--database-url", &url, "--folder"]).arg(inbox).output().unwrap()
}

/// It needs no cluster: the registry is in the folder of `--state`.
#[test]
fn a_verdict_of_check_is_computed_again() {
    let folder = tempfile::tempdir().unwrap();
    let (inbox, state) = (folder.path().join("inbox"), folder.path().join("state"));
    fixtures::applications::write_good(&inbox).unwrap();
    let application = check(&inbox, &state);
    let reproduce = || {
        let output = reproduced(&application, &inbox, &state, &["--format", "json"]);
        let line = serde_json::from_slice::<Value>(&output.stdout);
        (output.status.code(), line.unwrap_or_else(|_| panic!("{}", text(&output.stderr))))
    };
    let (status, found) = reproduce();
    assert_eq!((status, &found["equal"]), (Some(0), &Value::from(true)), "{found}");
    // the stored inputs, each document, the verdict on them
    let documents = application["documents"].as_array().unwrap().len();
    assert_eq!(found["comparisons"].as_array().unwrap().len(), documents + 2, "{found}");

    let file = document(&application, "portrait")["file"].as_str().unwrap().to_owned();
    let bytes = fs::read(inbox.join(&file)).unwrap();
    fs::write(inbox.join(&file), [&bytes[..], &[0]].concat()).unwrap();
    let (status, found) = reproduce();
    assert_eq!((status, &found["equal"]), (Some(1), &Value::from(false)), "{found}");
}

#[test]
fn uploads_are_examined_again_by_another_examiner() {
    let cluster = Cluster::start();
    let mut old = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "EXAMINED-1"));
    cluster.publish("application.submitted", "n-1", "application.submitted", application.clone());
    let before = cluster.await_complete("EXAMINED-1");
    cluster.await_empty();
    old.kill();
    // other limits make another examiner, as another build does
    let _new = cluster.worker_with("w2", &["--seconds", "77"], &[]);
    let examiner =
        |verdict: &Value| verdict["body"]["documents"][0]["examiner"].as_str().unwrap().to_owned();

    // judging again uses the stored examination
    let output = cluster.succeed("operator", &["recheck", "EXAMINED-1"]);
    assert!(output.contains("judged 1, changed 0"), "{output}");
    let examine = |more: &[&str]| {
        cluster.succeed("operator", &[&["recheck", "EXAMINED-1", "--examine"], more].concat())
    };
    assert!(examine(&["--dry-run"]).contains("would examine 1 documents of 1 applications"));
    assert!(examine(&[]).contains("examine 1 documents of 1 applications"));
    let after =
        cluster.await_verdict("EXAMINED-1", |verdict| verdict["digest"] != before["digest"]);
    assert_eq!(after["envelope"]["previous_digest"], before["digest"]);
    assert_eq!(after["body"]["outcome"], before["body"]["outcome"]);
    assert!(examiner(&after).starts_with(&(examiner(&before) + " limits@")), "{after}");

    // both can be computed again, and a build that differs is named
    cluster.await_empty();
    let reproduce = |more: &[&str]| run(&cluster, &[&["reproduce", "EXAMINED-1"], more].concat());
    for (more, warns) in [
        (&["--revision", "1"][..], false),
        (&["--revision", "2"], true),
        (&["--seconds", "77"], false),
    ] {
        let (status, output, errors) = reproduce(more);
        assert_eq!(status, Some(0), "{more:?}: {output}{errors}");
        assert_eq!(errors.contains("the examiner differs"), warns, "{more:?}: {errors}");
    }

    // once more changes nothing
    examine(&[]);
    cluster.await_empty();
    assert_eq!(cluster.verdict("EXAMINED-1").unwrap()["digest"], after["digest"]);
    // what was seen in an upload that is gone stays
    fs::remove_file(portrait(&cluster, &application)).unwrap();
    let (status, output, errors) = run(&cluster, &["recheck", "EXAMINED-1", "--examine"]);
    assert_eq!(status, Some(0), "{errors}");
    assert!(output.contains("examine 0 documents") && errors.contains("is gone"), "{errors}");
    assert_eq!(cluster.sql("SELECT examination_state FROM documents"), "examined");
}

#[test]
fn what_was_not_examined_is_looked_for_again() {
    let folder = tempfile::tempdir().unwrap();
    let (inbox, state) = (folder.path().join("inbox"), folder.path().join("state"));
    fixtures::applications::write_good(&inbox).unwrap();
    let hidden = folder.path().join("portrait.jpg");
    fs::rename(inbox.join("portrait.jpg"), &hidden).unwrap();
    let application = check(&inbox, &state);
    let reproduce = || {
        let output = reproduced(&application, &inbox, &state, &[]);
        (output.status.code(), text(&output.stdout))
    };
    let (status, output) = reproduce();
    assert_eq!(status, Some(0), "{output}");
    assert!(output.contains("fetched again"), "{output}");
    fs::rename(&hidden, inbox.join("portrait.jpg")).unwrap();
    let (status, output) = reproduce();
    assert!(status == Some(1) && output.contains("now \"a file to examine\""), "{output}");
}
