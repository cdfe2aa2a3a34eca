//! Services that fail, and documents that are not what a message says.

use std::fs;

use serde_json::json;
use tests::cluster::{Cluster, LIMIT};
use tests::codes;
use tests::services::s3::Fault;
use tests::services::wait_for;

use crate::flow::uploaded;
use crate::samples::{assert_as_checked, sample, small, tiny};

/// Waits of the retry levels a thousandth as long.
const SOON: [(&str, &str); 1] = [("TEKSERU_RETRY_SCALE", "0.001")];

#[test]
fn services_may_go_and_come_back() {
    let cluster = Cluster::start_alone();
    let mut one = cluster.worker("w1");
    let mut two = cluster.worker("w2");
    let _keeper = cluster.keeper("k1");
    let submit = |name: &str| -> Vec<_> {
        let folders = (0..3).map(|i| tiny(&cluster, &format!("{name}-{i}")));
        folders.inspect(|folder| cluster.submit(folder)).collect()
    };
    let complete = |name: &str, folders: &[std::path::PathBuf]| {
        for (i, folder) in folders.iter().enumerate() {
            let verdict = cluster.await_complete(&format!("{name}-{i}"));
            assert_as_checked(&verdict, folder);
        }
        cluster.await_empty();
    };

    let folders = submit("BROKER");
    cluster.broker.kill();
    cluster.broker.start_again();
    complete("BROKER", &folders);

    let held = |dependency: &str| {
        let said = format!("Held: {dependency} is down");
        wait_for(&said, LIMIT, || cluster.logs().contains(&said).then_some(()));
    };
    cluster.postgres.kill();
    let folders = submit("DATABASE");
    held("database");
    cluster.postgres.start();
    complete("DATABASE", &folders);

    let folders = submit("STORE");
    cluster.store().stop();
    held("store");
    cluster.store().start_again();
    complete("STORE", &folders);

    // no attempts were burnt, but for one that fails at the very moment of the mend
    for worker in [&mut one, &mut two] {
        let metrics = worker.get("/metrics").unwrap().1;
        assert!(metrics.contains("tekseru_jobs_total"), "{metrics}");
        let retries = metrics.lines().filter(|line| line.starts_with("tekseru_retries_total{"));
        assert!(retries.filter(|line| !line.ends_with(" 1")).count() == 0, "{metrics}");
    }
    assert_eq!(cluster.messages("dead"), 0);
    assert_eq!(cluster.sql("SELECT count(*) FROM dead_letters"), "0");
    // the keeper tells of deadlines at any moment
    wait_for("every event to be sent", LIMIT, || {
        (cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL") == "0").then_some(())
    });
}

#[test]
fn downloads_that_break_are_gone_on_with() {
    let cluster = Cluster::start();
    let _worker = cluster.worker_with("w1", &[], &SOON);
    let faults = cluster.faults();
    for (i, fault) in [
        Fault::CutAfter(1000),
        Fault::Answer(500, "InternalError"),
        Fault::Answer(503, "SlowDown"),
        Fault::Answer(403, "AccessDenied"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("BROKEN-{i}");
        let folder = tiny(&cluster, &id);
        faults.once("GetObject", &format!("uploads/{id}"), fault);
        cluster.submit(&folder);
        assert_as_checked(&cluster.await_complete(&id), &folder);
    }
    cluster.await_empty();
    assert_eq!(cluster.messages("dead"), 0);
}

#[test]
fn an_object_that_never_comes_is_an_answer() {
    let cluster = Cluster::start();
    let _worker = cluster.worker_with("w1", &[], &SOON);
    let mut application = uploaded(&cluster, &small(&cluster, "MISSING-1"));
    application["documents"][0]["object"]["key"] = "MISSING-1/nothing".into();
    application["documents"][0].as_object_mut().unwrap().remove("sha256");
    cluster.publish("application.submitted", "m-1", "application.submitted", application);
    let verdict = cluster.await_settled("MISSING-1");
    let checks = verdict["body"]["checks"].as_array().unwrap();
    let all: Vec<String> = checks.iter().flat_map(|check| codes(&check["reasons"])).collect();
    assert!(all.contains(&"FILE_NOT_FOUND".to_owned()), "{all:?}");
    cluster.await_empty();
    assert_eq!(cluster.messages("dead"), 0);
}

#[test]
fn an_object_of_other_bytes_than_was_said_is_told() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let application = uploaded(&cluster, &tiny(&cluster, "OTHER-1"));
    let key = application["documents"][0]["object"]["key"].as_str().unwrap();
    let file = cluster.store().file("uploads", key);
    let mut bytes = fs::read(&file).unwrap();
    bytes.push(0);
    fs::write(&file, bytes).unwrap();
    cluster.publish("application.submitted", "o-1", "application.submitted", application);
    let verdict = cluster.await_complete("OTHER-1");
    let checks = verdict["body"]["checks"].as_array().unwrap();
    let all: Vec<String> = checks.iter().flat_map(|check| codes(&check["reasons"])).collect();
    assert!(all.contains(&"FILE_HASH_MISMATCH".to_owned()), "{all:?}");
}

#[test]
fn an_application_withdrawn_in_work_leaves_nothing() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let faults = cluster.faults();
    faults.always("GetObject", "uploads/", Fault::Hang);
    let application = uploaded(&cluster, &tiny(&cluster, "LEFT-1"));
    cluster.publish("application.submitted", "l-1", "application.submitted", application);
    wait_for("the fetch", LIMIT, || {
        faults.seen().iter().any(|seen| seen.operation == "GetObject").then_some(())
    });
    let data = json!({"application_id": "LEFT-1"});
    cluster.publish("application.withdrawn", "l-2", "application.withdrawn", data);
    cluster.await_event("LEFT-1", "accepted");
    wait_for("the withdrawal", LIMIT, || {
        (cluster.sql("SELECT state FROM applications") == "withdrawn").then_some(())
    });
    faults.clear();
    cluster.await_empty();
    assert_eq!(cluster.results(""), [""; 0]);
    assert_eq!(cluster.sql("SELECT count(*) FROM examinations"), "0");
}

/// Whoever publishes is held back, whoever is in hand waits, and all is told once.
#[test]
fn alarms_of_the_broker_are_waited_out() {
    let cluster = Cluster::start_alone();
    let worker = cluster.worker("w1");
    let faults = cluster.faults();
    for (name, raise, lower) in [
        (
            "MEMORY",
            ["set_vm_memory_high_watermark", "0.00001"],
            ["set_vm_memory_high_watermark", "0.4"],
        ),
        ("DISK", ["set_disk_free_limit", "100000GB"], ["set_disk_free_limit", "50MB"]),
    ] {
        // one is being fetched when the alarm comes
        faults.always("GetObject", &format!("uploads/{name}"), Fault::Hang);
        let folders: Vec<_> = (0..2).map(|i| tiny(&cluster, &format!("{name}-{i}"))).collect();
        folders.iter().for_each(|folder| cluster.submit(folder));
        let asked = format!("uploads/{name}");
        wait_for("a fetch", LIMIT, || {
            faults
                .seen()
                .iter()
                .any(|s| s.operation == "GetObject" && s.path.contains(&asked))
                .then_some(())
        });
        cluster.broker.ctl(&raise);
        faults.clear();
        worker.await_log("The broker holds publishers back");
        let attached = format!("{name}-0");
        cluster.await_complete(&attached);
        cluster.broker.ctl(&lower);
        worker.await_log("The broker takes messages again");
        for (i, folder) in folders.iter().enumerate() {
            assert_as_checked(&cluster.await_complete(&format!("{name}-{i}")), folder);
        }
        cluster.await_empty();
        for i in 0..2 {
            for event in ["accepted", "document.verdict", "application.verdict"] {
                let ids = cluster.events_of(&format!("{name}-{i}"), event);
                let ids: std::collections::BTreeSet<_> =
                    ids.iter().map(|e| &e.message_id).collect();
                assert_eq!(ids.len(), 1, "{event} about {name}-{i}");
            }
        }
    }
    assert_eq!(cluster.messages("dead"), 0);
    assert_eq!(cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL"), "0");
}

#[test]
fn hostile_files_are_answers() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    for kind in ["other", "passport", "portrait"] {
        let id = format!("HOSTILE-{kind}");
        let folder = sample(&cluster, &id, fixtures::applications::good);
        let application = json!({
            "application_id": id, "stage": "residence-permit",
            "accepted_at": "2026-01-01T18:59:59Z", "applicant": {},
            "documents": fixtures::hostile::all().iter().enumerate().map(|(i, hostile)| {
                fs::write(folder.join(hostile.name), &hostile.bytes).unwrap();
                let sha256 = fixtures::applications::sha256(&hostile.bytes);
                json!({"document_id": format!("d{i}"), "kind": kind, "file": hostile.name,
                    "sha256": sha256})
            }).collect::<Vec<_>>(),
        });
        fs::write(folder.join("application.json"), application.to_string()).unwrap();
        cluster.submit(&folder);
        let verdict = cluster.await_settled(&id);
        assert_as_checked(&verdict, &folder);
    }
    assert_eq!(cluster.messages("dead"), 0);
}
