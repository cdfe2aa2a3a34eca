//! Verdicts that operators show, recheck and delete. The requests to the store
//! prove that no upload is fetched again.

use std::fs;

use serde_json::Value;
use tests::cluster::Cluster;
use tests::json_lines;

use crate::samples::small;

const PROGRAMME: &str = "../pipeline/programmes/kz-dnr-2026.toml";

#[test]
fn verdicts_are_shown_rechecked_and_deleted() {
    let cluster = Cluster::start();
    let worker = cluster.worker("w1");
    for id in ["RECHECKED-1", "RECHECKED-2"] {
        cluster.submit(&small(&cluster, id));
        cluster.await_complete(id);
    }
    cluster.await_empty();
    drop(worker);
    let shown = cluster.run("operator", &["verdict", "RECHECKED-1", "--format", "json"]);
    assert_eq!(json_lines(&shown)[0], cluster.verdict("RECHECKED-1").unwrap());
    let table = cluster.succeed("operator", &["verdict", "RECHECKED-1"]);
    assert!(table.contains("RECHECKED-1") && !table.contains("ERIKSSON"), "{table}");
    let out = cluster.scratch("out");
    cluster.succeed("operator", &["verdict", "RECHECKED-1", "--out", out.to_str().unwrap()]);
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    let stored = cluster.result("applications/RECHECKED-1/latest/report.html");
    assert_eq!(report.as_bytes(), stored.unwrap());
    assert!(fs::read_dir(out.join("evidence")).unwrap().count() > 0);

    // a stricter rule is applied without opening a file
    let programme = cluster.scratch("strict.toml");
    let text = fs::read_to_string(PROGRAMME).unwrap();
    let strict = text.replace("more_than_days = 180", "more_than_days = 3000");
    assert_ne!(text, strict);
    fs::write(&programme, strict).unwrap();
    let gets = cluster
        .faults()
        .requests()
        .iter()
        .filter(|s| s.path.starts_with("/uploads-portal"))
        .count();
    let rule = ["recheck", "--all", "--programme", programme.to_str().unwrap()];
    let dry = cluster.succeed("operator", &[&rule[..], &["--dry-run"]].concat());
    assert!(dry.contains("judged 2, would change 2"), "{dry}");
    assert_eq!(cluster.sql("SELECT max(revision) FROM revisions"), "2", "passport and portrait");
    let changed = cluster.succeed("operator", &rule);
    assert!(changed.contains("judged 2, changed 2"), "{changed}");
    assert!(cluster.succeed("operator", &rule).contains("changed 0"));
    cluster.succeed(
        "maintenance",
        &["maintain", "--once", "--programme", programme.to_str().unwrap()],
    );
    let after = cluster.await_verdict("RECHECKED-1", |v| v["envelope"]["revision"] == 3);
    assert_eq!(after["body"]["outcome"], "fail");
    let now = cluster
        .faults()
        .requests()
        .iter()
        .filter(|s| s.path.starts_with("/uploads-portal"))
        .count();
    assert_eq!(gets, now, "no upload was fetched");
    let history = cluster.succeed("operator", &["verdict", "RECHECKED-1", "--history"]);
    assert_eq!(history.lines().count(), 3, "{history}");

    let output = cluster.succeed("operator", &["withdraw", "RECHECKED-1"]);
    assert!(output.contains("would delete portal/RECHECKED-1"), "{output}");
    cluster.succeed("operator", &["withdraw", "RECHECKED-1", "--yes"]);
    assert_eq!(cluster.results("applications/RECHECKED-1"), [""; 0]);
    assert!(cluster.verdict("RECHECKED-2").is_some(), "its neighbour keeps its verdict");
    let pictures = evidence_of(&cluster.verdict("RECHECKED-2").unwrap());
    assert!(pictures > 0 && cluster.results("examinations/").len() >= pictures);
}

fn evidence_of(verdict: &Value) -> usize {
    verdict["body"]["evidence"].as_array().unwrap().len()
}
