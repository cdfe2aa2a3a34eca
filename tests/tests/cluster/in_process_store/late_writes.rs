//! Writes that the store carries out after their process gave them up.

use std::fs;

use serde_json::Value;
use tests::cluster::{Cluster, LIMIT};
use tests::services::s3::Fault;
use tests::services::wait_for;

use crate::samples::small;

/// Makes a revision by a stricter rule, and attaches it.
fn recheck(cluster: &Cluster, days: u32) {
    let programme = cluster.scratch(&format!("strict-{days}.toml"));
    let text = fs::read_to_string("../pipeline/programmes/kz-dnr-2026.toml").unwrap();
    let strict = text.replace("more_than_days = 180", &format!("more_than_days = {days}"));
    fs::write(&programme, strict).unwrap();
    let programme = ["--programme", programme.to_str().unwrap()];
    let changed = cluster.succeed("operator", &[&["recheck", "--all"], &programme[..]].concat());
    assert!(changed.contains("changed 1"), "{changed}");
    cluster.succeed("maintenance", &[&["maintain", "--once"], &programme[..]].concat());
}

#[test]
fn a_write_that_arrives_late_leaves_no_older_revision_as_the_newest() {
    let cluster = Cluster::start();
    let folder = "applications/LATE-1/";
    let latest = ["report.html", "verdict.json"].map(|file| format!("{folder}latest/{file}"));
    let worker = cluster.worker("w1");
    cluster.submit(&small(&cluster, "LATE-1"));
    cluster.await_complete("LATE-1");
    cluster.await_empty();
    drop(worker);
    let revision = |files: &[Vec<u8>; 2]| {
        serde_json::from_slice::<Value>(&files[1]).unwrap()["envelope"]["revision"].as_u64()
    };
    let newest = || latest.each_ref().map(|key| cluster.result(key).unwrap());
    let first = revision(&newest()).unwrap();
    // the next revision is written again at once: nobody notices anything
    for key in &latest {
        cluster.faults().once("PutObject", &format!("verdicts-portal/{key}"), Fault::Late);
    }
    recheck(&cluster, 3000);
    assert_eq!(revision(&newest()), Some(first + 1));
    recheck(&cluster, 3500);
    let newest = newest();
    assert_eq!(revision(&newest), Some(first + 2));

    cluster.faults().clear();
    let older = wait_for("the late writes", LIMIT, || {
        let files = latest.each_ref().map(|key| cluster.result(key));
        let [Some(report), Some(verdict)] = files else { return None };
        (report != newest[0] && verdict != newest[1]).then_some([report, verdict])
    });
    assert_eq!(revision(&older), Some(first + 1));
    // not before an hour has passed: other writes may still arrive
    cluster.succeed("maintenance", &["maintain", "--once"]);
    assert_eq!(latest.each_ref().map(|key| cluster.result(key).unwrap()), older);
    let _ = cluster.sql("UPDATE latest_checks SET due_at = '2026-01-01T00:00:00.000000Z'");
    cluster.succeed("maintenance", &["maintain", "--once"]);
    assert_eq!(latest.each_ref().map(|key| cluster.result(key).unwrap()), newest);

    // repaired, so it is checked once more; then nothing is left to check
    let _ = cluster.sql("UPDATE latest_checks SET due_at = '2026-01-01T00:00:00.000000Z'");
    cluster.succeed("maintenance", &["maintain", "--once"]);
    let checks =
        "SELECT count(*) FROM latest_checks WHERE application_id = 'portal/LATE-1' AND scope = ''";
    assert_eq!(cluster.sql(checks), "0");
}
