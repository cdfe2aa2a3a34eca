//! What a transaction has added is told later, where it cannot be told at once.

use std::process::Stdio;

use tests::cluster::{Cluster, LIMIT};
use tests::services::wait_for;

use crate::assertions::assert_as_checked;
use crate::samples::tiny;

/// A portal that takes nothing out of its queue holds up nobody's work.
#[test]
fn applications_are_judged_while_the_queue_of_verdicts_is_full() {
    let cluster = Cluster::start();
    cluster.limit_queue("verdicts.portal", 1);
    let mut worker = cluster.worker("w1");
    let folders = (0..4).map(|i| tiny(&cluster, &format!("FULL-{i}"))).collect::<Vec<_>>();
    folders.iter().for_each(|folder| cluster.submit(folder));
    for (i, folder) in folders.iter().enumerate() {
        assert_as_checked(&cluster.await_complete(&format!("FULL-{i}")), folder);
    }
    cluster.await_empty();
    assert_eq!(cluster.messages("dead"), 0);
    let unsent = cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL");
    assert_ne!(unsent, "0", "the queue is not full");
    // the other queues of the exchange get few copies of what one of them rejects
    let metrics = worker.get("/metrics").unwrap().1;
    assert!(metrics.contains(r#"result="held""#), "{metrics}");

    cluster.limit_queue("verdicts.portal", 1000);
    cluster.succeed("maintenance", &["maintain", "--once"]);
    assert_eq!(cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL"), "0");
    for i in 0..4 {
        cluster.await_event(&format!("FULL-{i}"), "application.verdict");
    }
}

/// More than a round sends is sent at once, however long the pause between rounds is.
#[test]
fn a_backlog_of_events_is_sent_without_a_pause() {
    let cluster = Cluster::start();
    let at = "2026-01-05T00:00:00.000000Z";
    let _ = cluster.sql(&format!(
        "INSERT INTO applications (application_id, state, received_at, last_activity_at)
         VALUES ('portal/MANY-1', 'expected', '{at}', '{at}');
         INSERT INTO events (id, application_id, routing_key, body, created_at)
         SELECT 'event-' || i, 'portal/MANY-1', 'accepted', '{{}}', '{at}'
         FROM generate_series(1, 450) AS g(i)"
    ));
    let mut command = cluster.tekseru("maintenance");
    command.args(["maintain", "--every", "3600", "--listen", "127.0.0.1:0"]);
    let mut maintenance = command.stderr(Stdio::null()).spawn().unwrap();
    wait_for("all events to be sent", LIMIT, || {
        let unsent = cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL");
        (unsent == "0").then_some(())
    });
    maintenance.kill().unwrap();
    maintenance.wait().unwrap();
}
