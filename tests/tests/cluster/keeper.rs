//! What is done when nobody asks.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;
use tests::cluster::{Cluster, LIMIT};
use tests::services::wait_for;

use crate::flow::uploaded;
use crate::samples::{assert_as_checked, tiny, tiny_of_its_own};

#[test]
fn deadlines_are_told_once_each() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let mut application = uploaded(&cluster, &tiny(&cluster, "DUE-1"));
    application["accepted_at"] = jiff::Timestamp::now().to_string().into();
    cluster.publish("application.submitted", "d-1", "application.submitted", application);
    let verdict = cluster.await_complete("DUE-1");
    cluster.await_empty();
    let due: Date = verdict["body"]["dates"]["due"].as_str().unwrap().parse().unwrap();
    for (days, told) in [(-11, 0), (-10, 1), (-9, 1), (-3, 2), (-1, 2), (1, 3), (2, 3)] {
        let on = due.checked_add(i64::from(days).days()).unwrap();
        for _ in 0..2 {
            cluster.succeed("keeper", &["keep", "--once", "--on", &on.to_string()]);
        }
        let events = cluster.events_of("DUE-1", "deadline.approaching");
        assert_eq!(events.len(), told, "{days} days from the deadline");
    }
    let events = cluster.events_of("DUE-1", "deadline.approaching");
    let left: Vec<&Value> = events.iter().map(|e| &e.body["data"]["days_left"]).collect();
    assert_eq!(left, [10, 3, -1]);
}

#[test]
fn what_nobody_came_back_for_is_finished() {
    let cluster = Cluster::start();
    let folder = tiny(&cluster, "LEFT-OVER-1");
    let mut worker = cluster.worker_with("w1", &[], &[("TEKSERU_KILL_AT", "judged")]);
    cluster.submit(&folder);
    worker.await_end();
    assert!(cluster.verdict("LEFT-OVER-1").is_none());
    cluster.succeed("keeper", &["keep", "--once"]);
    assert_as_checked(&cluster.await_complete("LEFT-OVER-1"), &folder);
    cluster.await_event("LEFT-OVER-1", "application.verdict");
}

#[test]
fn one_of_several_keepers_acts_and_another_takes_over() {
    let cluster = Cluster::start();
    let mut keepers = [cluster.keeper("k1"), cluster.keeper("k2")];
    let holds = |keeper: &mut tests::cluster::Process| {
        let metrics = keeper.get("/metrics").map(|(_, body)| body).unwrap_or_default();
        metrics.lines().any(|line| line == "tekseru_keeper_lease 1")
    };
    let holder = wait_for("one that holds the lease", LIMIT, || {
        let held = keepers.each_mut().map(holds);
        assert_ne!(held, [true, true]);
        held.iter().position(|held| *held)
    });
    keepers[holder].kill();
    wait_for("the other to take over", LIMIT, || holds(&mut keepers[1 - holder]).then_some(()));
}

#[test]
fn what_is_old_is_forgotten_as_if_withdrawn() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    for (id, number) in [("OLD-1", 1), ("NEW-1", 2)] {
        cluster.submit(&tiny_of_its_own(&cluster, id, number));
        cluster.await_complete(id);
    }
    cluster.await_empty();
    let _ = cluster.sql(
        "UPDATE applications SET touched_at = '2020-01-01T00:00:00.000000Z'
         WHERE application_id = 'OLD-1'",
    );
    cluster.succeed("keeper", &["keep", "--once"]);
    assert_eq!(cluster.results("applications/OLD-1"), [""; 0]);
    assert!(cluster.verdict("NEW-1").is_some());
    assert_eq!(cluster.sql("SELECT count(*) FROM documents"), "1");
    assert_eq!(cluster.sql("SELECT count(*) FROM examinations"), "1");
}
