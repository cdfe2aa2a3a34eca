//! Messages that kill every worker that receives them, or its connection.

use std::collections::BTreeSet;

use tests::cluster::{Cluster, LIMIT, Process, SHORT_RETRIES};
use tests::json_lines;
use tests::services::{signal, wait_for};

use crate::assertions::{assert_as_checked, codes_of};
use crate::neighbours::new_children;
use crate::samples::{small, tiny_with_own_portrait};

/// The verdict reports an application that no worker could accept, or whose
/// documents no worker could enqueue.
#[test]
fn an_application_that_kills_every_worker_still_gets_a_verdict() {
    for step in ["parsed", "recorded"] {
        application_kills_workers_at(step);
    }
}

fn application_kills_workers_at(step: &str) {
    let cluster = Cluster::start();
    let folder = small(&cluster, "POISON-2");
    cluster.submit(&folder);
    for _ in 0..8 {
        if cluster.messages("dead") > 0 {
            break;
        }
        let mut poisoned = cluster.starting_worker("poisoned", &[], &[("TEKSERU_KILL_AT", step)]);
        wait_for("a killed worker, or the dead letter", LIMIT, || {
            (poisoned.exit_status().is_some() || cluster.messages("dead") > 0).then_some(())
        });
    }
    let _maintenance = cluster.maintenance("m1");
    let verdict = cluster.await_none_pending("POISON-2");
    for document in ["passport", "portrait"] {
        let codes = codes_of(&verdict, document);
        assert!(codes.contains(&"MACHINE_CHECK_UNAVAILABLE".to_owned()), "{document}: {codes:?}");
    }
    cluster.await_event("POISON-2", "failed");
    let _fixed = cluster.worker("fixed");
    cluster.succeed("operator", &["dead", "replay", "--all"]);
    assert_as_checked(&cluster.await_complete("POISON-2"), &folder);
}

#[test]
fn a_document_that_kills_every_worker_becomes_a_dead_letter() {
    let cluster = Cluster::start();
    let folder = small(&cluster, "POISON-1");
    let healthy = ["--lane", "application", "--lane", "portrait"];
    let _others = cluster.worker_with("others", &healthy, &[]);
    cluster.submit(&folder);
    let mut deaths = 0;
    while cluster.messages("dead") == 0 {
        let mut poisoned: Process = cluster.starting_worker(
            "poisoned",
            &["--lane", "passport"],
            &[("TEKSERU_KILL_AT", "fetched")],
        );
        wait_for("a killed worker, or the dead letter", LIMIT, || {
            (poisoned.exit_status().is_some() || cluster.messages("dead") > 0).then_some(())
        });
        deaths += 1;
        assert!(deaths <= 8, "it is redelivered forever");
    }
    let _maintenance = cluster.maintenance("m1");
    let verdict = cluster.await_none_pending("POISON-1");
    let passport = codes_of(&verdict, "passport");
    assert!(passport.contains(&"MACHINE_CHECK_UNAVAILABLE".to_owned()), "{passport:?}");
    assert!(!codes_of(&verdict, "portrait").contains(&"MACHINE_CHECK_UNAVAILABLE".to_owned()));
    let failed = cluster.await_event("POISON-1", "failed");
    assert_eq!(failed.body["data"]["code"], "DELIVERY_LIMIT");

    let listed = cluster.run("operator", &["dead", "list", "--format", "json"]);
    let listed = json_lines(&listed);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["code"], "DELIVERY_LIMIT");
    assert_eq!(listed[0]["application"], "portal/POISON-1");

    let _fixed = cluster.worker("fixed");
    let dry = cluster.succeed("operator", &["dead", "replay", "--all", "--dry-run"]);
    assert!(dry.contains("would replay 1"), "{dry}");
    let replayed = cluster.succeed("operator", &["dead", "replay", "--code", "DELIVERY_LIMIT"]);
    assert!(replayed.contains("replayed 1"), "{replayed}");
    let verdict = cluster.await_verdict("POISON-1", |after| after["digest"] != verdict["digest"]);
    assert_as_checked(&verdict, &folder);
    assert_eq!(cluster.succeed("operator", &["dead", "list"]).trim(), "none");
}

/// Publishes a message whose id is not UTF-8; the client library closes the connection that
/// receives it.
fn publish_unreadable(cluster: &Cluster, routing_key: &str) {
    let odd = format!(
        "rabbit_basic:publish(rabbit_misc:r(<<\"{}\">>, exchange, <<\"intake\">>), <<\"{routing_key}\">>,
         [{{delivery_mode, 2}}, {{message_id, <<255, 254>>}}], <<\"odd\">>).",
        cluster.vhost()
    );
    cluster.broker.ctl(&["eval", &odd]);
}

/// Returns how many messages of the lane's queue a worker holds.
fn unacknowledged(cluster: &Cluster, queue: &str) -> u64 {
    let rows =
        cluster.broker.list(cluster.vhost(), &["list_queues", "name", "messages_unacknowledged"]);
    let row = rows.iter().find(|row| row["name"] == queue).unwrap();
    row["messages_unacknowledged"].as_u64().unwrap()
}

#[test]
fn a_message_that_ends_its_connection_takes_no_neighbour_along() {
    let cluster = Cluster::start();
    let four = ["--lane-slots", "portrait=4", "--jobs", "4"];
    let worker = cluster.worker_with("w1", &four, &SHORT_RETRIES);
    let folders = [1, 2, 3].map(|i| tiny_with_own_portrait(&cluster, &format!("INNOCENT-{i}"), i));
    let mut held = BTreeSet::new();
    for folder in &folders {
        cluster.submit(folder);
        for child in new_children(&worker, &mut held, 1) {
            signal(child, "STOP");
        }
    }
    publish_unreadable(&cluster, "portrait.submitted");
    // either one delivery at a time follows, or all die together
    wait_for("the end of the trouble", LIMIT, || {
        let found = unacknowledged(&cluster, "work.portrait") == 1 || cluster.messages("dead") > 0;
        found.then_some(())
    });
    held.iter().for_each(|child| signal(*child, "CONT"));
    for folder in &folders {
        let id = folder.file_name().unwrap().to_str().unwrap();
        assert_as_checked(&cluster.await_complete(id), folder);
    }
    cluster.await_empty();
    assert_eq!(cluster.messages("dead"), 1, "neighbours died with it");
    // the lane works on
    let next = tiny_with_own_portrait(&cluster, "NEXT-1", 4);
    cluster.submit(&next);
    assert_as_checked(&cluster.await_complete("NEXT-1"), &next);
}
