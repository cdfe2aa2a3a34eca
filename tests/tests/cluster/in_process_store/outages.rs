//! Services that fail, stop or raise an alarm, and come back.

use tests::cluster::{Cluster, LIMIT, SHORT_RETRIES};
use tests::services::s3::Fault;
use tests::services::wait_for;

use crate::assertions::assert_as_checked;
use crate::samples::tiny;

#[test]
fn work_continues_after_each_service_was_down() {
    let cluster = Cluster::start_alone();
    let mut one = cluster.worker("w1");
    let mut two = cluster.worker("w2");
    let _maintenance = cluster.maintenance("k1");
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

    let await_outage = |dependency: &str| {
        let message = format!("Waiting for a dependency: {dependency} is down");
        wait_for(&message, LIMIT, || cluster.logs().contains(&message).then_some(()));
    };
    cluster.postgres.kill();
    let folders = submit("DATABASE");
    await_outage("database");
    cluster.postgres.start();
    complete("DATABASE", &folders);

    let folders = submit("STORE");
    cluster.store().stop();
    await_outage("store");
    cluster.store().start_again();
    complete("STORE", &folders);

    // no attempts were used up, except one that fails while the service comes back
    for worker in [&mut one, &mut two] {
        let metrics = worker.get("/metrics").unwrap().1;
        assert!(metrics.contains("tekseru_jobs_total"), "{metrics}");
        let retries = metrics.lines().filter(|line| line.starts_with("tekseru_retries_total{"));
        assert!(retries.filter(|line| !line.ends_with(" 1")).count() == 0, "{metrics}");
    }
    assert_eq!(cluster.messages("dead"), 0);
    assert_eq!(cluster.sql("SELECT count(*) FROM dead_letters"), "0");
    // maintenance may report a deadline at any moment
    wait_for("every event to be sent", LIMIT, || {
        (cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL") == "0").then_some(())
    });
}

#[test]
fn interrupted_downloads_are_resumed() {
    let cluster = Cluster::start();
    let _worker = cluster.worker_with("w1", &[], &SHORT_RETRIES);
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
        faults.once("GetObject", &format!("uploads-portal/{id}"), fault);
        cluster.submit(&folder);
        assert_as_checked(&cluster.await_complete(&id), &folder);
    }
    cluster.await_empty();
    assert_eq!(cluster.messages("dead"), 0);
}

/// Publishers are blocked, deliveries in progress wait, and each event is published once.
#[test]
fn work_waits_while_the_broker_raises_an_alarm() {
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
        // one object is being fetched when the alarm is raised
        faults.always("GetObject", &format!("uploads-portal/{name}"), Fault::Hang);
        let folders: Vec<_> = (0..2).map(|i| tiny(&cluster, &format!("{name}-{i}"))).collect();
        folders.iter().for_each(|folder| cluster.submit(folder));
        let asked = format!("uploads-portal/{name}");
        wait_for("a fetch", LIMIT, || {
            faults
                .requests()
                .iter()
                .any(|s| s.operation == "GetObject" && s.path.contains(&asked))
                .then_some(())
        });
        cluster.broker.ctl(&raise);
        faults.clear();
        worker.await_log("The broker blocks publishers");
        let attached = format!("{name}-0");
        cluster.await_complete(&attached);
        cluster.broker.ctl(&lower);
        worker.await_log("The broker accepts messages again");
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
