//! Clocks that are wrong, rows that cannot be read, and what is deleted because of its age.

use tests::cluster::{Cluster, LIMIT};
use tests::services::wait_for;
use tests::text;

use crate::assertions::assert_as_checked;
use crate::samples::{tiny, tiny_with_own_portrait};

const YEAR: i64 = 366 * 24 * 60 * 60;

/// Adds applications whose last activity was some days ago.
fn add_applications(cluster: &Cluster, number: u32, days: u32) {
    let _ = cluster.sql(&format!(
        "INSERT INTO applications (application_id, state, received_at, last_activity_at)
         SELECT 'portal/AGED-{days}-' || n, 'submitted', at, at FROM generate_series(1, {number}) AS n,
             to_char(now() AT TIME ZONE 'UTC' - INTERVAL '{days} days',
                     'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS at"
    ));
}

fn deleted(cluster: &Cluster) -> String {
    cluster.sql("SELECT count(*) FROM applications WHERE state = 'withdrawn'")
}

#[test]
fn a_wrong_clock_deletes_nothing() {
    let cluster = Cluster::start();
    add_applications(&cluster, 200, 30);
    for (seconds, said) in [(YEAR, "ahead of"), (-YEAR, "behind"), (600, "ahead of")] {
        let mut command = cluster.tekseru("maintenance");
        command.args(["maintain", "--once"]).env("TEKSERU_CLOCK_ERROR", seconds.to_string());
        let output = command.output().unwrap();
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{error}");
        assert!(error.contains(said) && error.contains("that of the database"), "{error}");
        assert_eq!(deleted(&cluster), "0");
    }
    // a clock that is a little wrong changes nothing, and here nothing is due
    let mut command = cluster.tekseru("maintenance");
    command.args(["maintain", "--once"]).env("TEKSERU_CLOCK_ERROR", "60");
    assert!(command.status().unwrap().success());
    assert_eq!(deleted(&cluster), "0");
}

#[test]
fn a_process_with_a_wrong_clock_leaves_the_lease_to_another() {
    let cluster = Cluster::start();
    let year = YEAR.to_string();
    let mut wrong = cluster.starting_maintenance("k1", &[("TEKSERU_CLOCK_ERROR", &year)]);
    wrong.await_log("ahead of that of the database");
    let (status, missing) = wait_for("its health", LIMIT, || wrong.get("/readyz"));
    assert!(status != 200 && missing.contains("clock: "), "{missing}");
    let _right = cluster.maintenance("k2");
    wait_for("a process with the lease", LIMIT, || {
        (cluster.sql("SELECT holder FROM leases") == "k2").then_some(())
    });
    assert_eq!(wrong.get("/livez").unwrap().0, 200);
}

#[test]
fn a_worker_with_a_wrong_clock_takes_nothing() {
    let cluster = Cluster::start();
    let year = YEAR.to_string();
    let mut wrong = cluster.starting_worker("w1", &[], &[("TEKSERU_CLOCK_ERROR", &year)]);
    let folder = tiny(&cluster, "CLOCK-1");
    cluster.submit(&folder);
    wrong.await_log("ahead of that of the database");
    let (status, missing) = wait_for("its health", LIMIT, || wrong.get("/readyz"));
    assert!(status != 200 && missing.contains("clock: "), "{missing}");
    wait_for("the message in its lane", LIMIT, || {
        (cluster.messages("work.application") == 1).then_some(())
    });
    let _right = cluster.worker("w2");
    assert_as_checked(&cluster.await_complete("CLOCK-1"), &folder);
}

#[test]
fn an_hour_has_a_limit_of_deletions() {
    let cluster = Cluster::start();
    add_applications(&cluster, 5, 400);
    let limit = [("TEKSERU_DELETIONS_PER_HOUR", "3")];
    for _ in 0..2 {
        let mut command = cluster.tekseru("maintenance");
        let output = command.args(["maintain", "--once"]).envs(limit).output().unwrap();
        let log = text(&output.stderr);
        assert!(output.status.success() && log.contains("the others wait"), "{log}");
        assert_eq!(deleted(&cluster), "3");
    }
    let mut process = cluster.maintenance_with("k1", &limit);
    wait_for("the metric of the limit", LIMIT, || {
        let (_, metrics) = process.get("/metrics")?;
        metrics.lines().any(|line| line == "tekseru_retention_limited 1").then_some(())
    });
    assert_eq!(deleted(&cluster), "3");
    // an hour passes
    let _ = cluster.sql(
        "UPDATE applications SET last_activity_at = '2020-01-01T00:00:00.000000Z'
         WHERE state = 'withdrawn'",
    );
    wait_for("the others", LIMIT, || (deleted(&cluster) == "5").then_some(()));
}

/// Each fault is of another table that a round reads.
#[test]
fn one_unreadable_application_does_not_stop_the_others() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    for (id, number) in [("BAD-1", 1), ("OLD-1", 2)] {
        cluster.submit(&tiny_with_own_portrait(&cluster, id, number));
        cluster.await_complete(id);
    }
    cluster.await_empty();
    let _ = cluster.sql(
        "UPDATE applications SET body = '{', next_judge_on = '2020-01-01'
             WHERE application_id = 'portal/BAD-1';
         UPDATE revisions SET attached_at = NULL, judged_on = 'x' WHERE application_id = 'portal/BAD-1';
         UPDATE applications SET last_activity_at = '2020-01-01T00:00:00.000000Z'
             WHERE application_id = 'portal/OLD-1'",
    );
    let state = |id: &str| {
        cluster.sql(&format!("SELECT state FROM applications WHERE application_id = 'portal/{id}'"))
    };
    let output = cluster.run("maintenance", &["maintain", "--once"]);
    let log = text(&output.stderr);
    assert!(output.status.success() && log.contains("BAD-1"), "{log}");
    assert_eq!((state("BAD-1"), state("OLD-1")), ("submitted".into(), "withdrawn".into()));

    let _ = cluster.sql(
        "UPDATE applications SET last_activity_at = '2020-01-01T00:00:00.000000Z'
         WHERE application_id = 'portal/BAD-1'",
    );
    cluster.succeed("maintenance", &["maintain", "--once"]);
    assert_eq!(state("BAD-1"), "withdrawn");
    assert_eq!(cluster.results("applications"), [""; 0]);
    assert_eq!(cluster.sql("SELECT count(*) FROM examinations"), "0");
}

/// More rows of each list than a round takes always fail, and come first.
#[test]
fn rows_that_always_fail_do_not_keep_the_others_waiting() {
    let cluster = Cluster::start();
    add_applications(&cluster, 205, 500);
    let _ = cluster.sql(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN RAISE EXCEPTION ''stuck''; END';
         CREATE TRIGGER stuck BEFORE UPDATE ON applications FOR EACH ROW
             WHEN (OLD.application_id LIKE 'portal/AGED-500-%') EXECUTE FUNCTION fail();
         CREATE TRIGGER stuck BEFORE UPDATE ON dead_letters FOR EACH ROW
             WHEN (OLD.id LIKE 'stuck-%') EXECUTE FUNCTION fail();
         INSERT INTO dead_letters (id, queue, routing_key, code, attempt, headers, body,
                 dead_lettered_at, state)
             SELECT id, 'q', 'k', 'CRASH', 1, '{}', '', to_char(now() AT TIME ZONE 'UTC',
                    'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), 'waiting'
             FROM (SELECT 'stuck-' || n AS id FROM generate_series(1, 205) AS n
                   UNION SELECT 'z') AS ids;
         INSERT INTO applications (application_id, state, received_at, last_activity_at)
             VALUES ('portal/BAD-1', 'submitted', '2099', '2099');
         INSERT INTO revisions (application_id, scope, revision, digest, judged_on, programme,
                 outcome, complete, verdict, produced_at, attached_at)
             SELECT 'portal/BAD-1', '', n, 'd', 'x', 'p', 'o', 1, '{}', '2020-01-01T00:00:00.000000Z',
                    CASE n WHEN 1 THEN '2020' END FROM generate_series(1, 206) AS n;
         INSERT INTO events (id, application_id, routing_key, body, scope, revision, created_at)
             SELECT 'e-' || n, 'portal/BAD-1', 'k', '{}', '', -1, '2020'
             FROM generate_series(1, 205) AS n",
    );
    let worker = cluster.worker("w1");
    cluster.submit(&tiny(&cluster, "GOOD-1"));
    cluster.await_complete("GOOD-1");
    cluster.await_empty();
    drop(worker);
    add_applications(&cluster, 1, 400);
    let _ = cluster.sql(
        "UPDATE revisions SET attached_at = NULL, produced_at = '2021-01-01T00:00:00.000000Z'
             WHERE application_id = 'portal/GOOD-1';
         UPDATE events SET sent_at = NULL, created_at = '2021-01-01T00:00:00.000000Z'
             WHERE application_id = 'portal/GOOD-1'",
    );
    let _maintenance = cluster.maintenance("k1");
    for (what, left) in [
        (
            "applications",
            "applications WHERE application_id LIKE 'portal/AGED-400-%' AND state <> 'withdrawn'",
        ),
        ("letters", "dead_letters WHERE id = 'z' AND has_mentions = 0"),
        ("revisions", "revisions WHERE application_id = 'portal/GOOD-1' AND attached_at IS NULL"),
        ("events", "events WHERE application_id = 'portal/GOOD-1' AND sent_at IS NULL"),
    ] {
        wait_for(what, LIMIT, || {
            (cluster.sql(&format!("SELECT count(*) FROM {left}")) == "0").then_some(())
        });
    }
    assert_eq!(deleted(&cluster), "1");
}

#[test]
fn recheck_names_what_it_cannot_read_and_goes_on() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    for (id, number) in [("A-BAD", 1), ("B-GOOD", 2)] {
        cluster.submit(&tiny_with_own_portrait(&cluster, id, number));
        cluster.await_complete(id);
    }
    cluster.await_empty();
    let _ = cluster.sql("UPDATE applications SET body = '{' WHERE application_id = 'portal/A-BAD'");
    for more in [&[][..], &["--dry-run"], &["--examine", "--dry-run"]] {
        let output = cluster.run("operator", &[&["recheck", "--all"], more].concat());
        let (said, error) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(3), "{error}");
        assert!(error.contains("A-BAD: skipped") && error.contains("`body`"), "{error}");
        assert!(said.contains("skipped 1"), "{said}");
        let done = said.contains("judged 1, ") || said.contains("of 1 applications");
        assert!(done, "{said}");
    }
}

#[test]
fn an_unreadable_application_is_withdrawn() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    cluster.submit(&tiny(&cluster, "BAD-1"));
    cluster.await_complete("BAD-1");
    cluster.await_empty();
    let _ = cluster.sql("UPDATE applications SET body = '{'; UPDATE documents SET body = '{'");
    let shown = cluster.succeed("operator", &["withdraw", "BAD-1"]);
    assert!(shown.contains("would delete portal/BAD-1 with"), "{shown}");
    let data = serde_json::json!({"application_id": "BAD-1"});
    cluster.publish("application.withdrawn", "w-1", "application.withdrawn", data);
    wait_for("the withdrawal", LIMIT, || (deleted(&cluster) == "1").then_some(()));
    cluster.await_empty();
    assert_eq!(cluster.results("applications/BAD-1"), [""; 0]);
}
