//! An upgrade: an earlier build of the program and this one over one queue, database and
//! store. `make test-upgrade BASE=COMMIT` builds the earlier one.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue fails")]

mod sent;

use std::path::Path;

use sent::Sent;
use tests::cluster::{Cluster, Process};
use tests::text;

/// Most batches until both versions have worked on one.
const BATCHES: usize = 20;

#[test]
#[ignore = "needs an earlier build: make test-upgrade BASE=COMMIT"]
fn an_upgrade_loses_nothing() {
    let earlier = std::env::var_os("TEKSERU_EARLIER_BINARY").expect("an earlier build");
    let earlier = Path::new(&earlier);
    let mut cluster = Cluster::start_with(earlier);
    let mut sent = Sent::default();
    let mut running = [cluster.worker("earlier"), cluster.maintenance("earlier-maintenance")];
    sent.batch(&cluster);
    sent.await_verdicts(&cluster);

    let built_for = number(&cluster, "SELECT max(version) FROM tekseru_schema");
    let knows_later_tables = has_usable_from(&cluster);
    cluster.use_program(None);
    let early = cluster.run("operator", &["status"]);
    let refused = text(&early.stderr);
    assert!(early.status.success() || refused.contains("tekseru migrate"), "{refused}");
    let usable_from = usable_from(&cluster);
    let are_side_by_side = built_for >= usable_from;
    println!(
        "The earlier version is built for tables of version {built_for}; those of this version \
         are usable from {usable_from}. Side by side: {are_side_by_side}"
    );
    sent.batch(&cluster);
    if !are_side_by_side {
        stop(&mut running);
    }
    cluster.succeed("operator", &["migrate"]);
    cluster.use_program(Some(earlier));
    let late = cluster.run("operator", &["status"]);
    assert!(are_side_by_side || !late.status.success(), "it must not use these tables");
    assert!(late.status.success() || !are_side_by_side || !knows_later_tables);
    cluster.use_program(None);

    let worker = cluster.worker("present");
    let _maintenance = cluster.maintenance("present-maintenance");
    if are_side_by_side {
        work_together(&cluster, &mut sent, &running[0], &worker);
        sent.recheck(&cluster);
        stop(&mut running);
    }
    sent.batch(&cluster);
    sent.recheck(&cluster);
    sent.withdraw_one(&cluster);
    sent.await_verdicts(&cluster);
    sent.assert_whole(&cluster);
}

/// Sends batches until both workers have processed messages.
fn work_together(cluster: &Cluster, sent: &mut Sent, one: &Process, other: &Process) {
    let done = |worker: &Process| worker.log().matches(r#""Done""#).count();
    let before = [done(one), done(other)];
    for _ in 0..BATCHES {
        sent.batch(cluster);
        sent.await_verdicts(cluster);
        if done(one) > before[0] && done(other) > before[1] {
            return;
        }
    }
    panic!("one of the two versions took nothing");
}

fn stop(processes: &mut [Process]) {
    processes.iter().for_each(|process| process.signal("TERM"));
    for process in processes {
        assert!(process.await_end().success(), "{}", process.log());
    }
}

/// Returns what the newest tables of this version say, from a database of their own.
fn usable_from(cluster: &Cluster) -> u32 {
    let address = cluster.postgres.create_database();
    let mut migrate = cluster.tekseru("operator");
    let output = migrate.env("TEKSERU_DATABASE_URL", &address).arg("migrate").output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let (_, name) = address.rsplit_once('/').unwrap();
    let found = cluster.postgres.psql(name, "SELECT max(usable_from) FROM tekseru_schema");
    found.trim().parse().unwrap()
}

fn has_usable_from(cluster: &Cluster) -> bool {
    let query = "SELECT count(*) FROM information_schema.columns
        WHERE table_name = 'tekseru_schema' AND column_name = 'usable_from'";
    number(cluster, query) == 1
}

fn number(cluster: &Cluster, query: &str) -> u32 {
    cluster.sql(query).parse().unwrap()
}
