//! Work that maintenance does without a request.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;
use tests::cluster::{Cluster, LIMIT};
use tests::services::wait_for;

use crate::assertions::assert_as_checked;
use crate::samples::{small, tiny, tiny_with_own_portrait, uploaded};

#[test]
fn each_deadline_is_reported_once() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let mut application = uploaded(&cluster, &tiny(&cluster, "DUE-1"));
    application["accepted_at"] = jiff::Timestamp::now().to_string().into();
    cluster.publish("application.submitted", "d-1", "application.submitted", application);
    let verdict = cluster.await_complete("DUE-1");
    cluster.await_empty();
    let due: Date = verdict["body"]["dates"]["due"].as_str().unwrap().parse().unwrap();
    for (days, reported) in [(-11, 0), (-10, 1), (-9, 1), (-3, 2), (-1, 2), (1, 3), (2, 3)] {
        let on = due.checked_add(i64::from(days).days()).unwrap();
        for _ in 0..2 {
            maintain_on(&cluster, on);
        }
        let events = cluster.events_of("DUE-1", "deadline.approaching");
        assert_eq!(events.len(), reported, "{days} days from the deadline");
    }
    let events = cluster.events_of("DUE-1", "deadline.approaching");
    let left: Vec<&Value> = events.iter().map(|e| &e.body["data"]["days_left"]).collect();
    assert_eq!(left, [10, 3, -1]);
}

/// Runs one round of maintenance as if today were another day.
fn maintain_on(cluster: &Cluster, on: Date) {
    let mut command = cluster.tekseru("maintenance");
    command.args(["maintain", "--once"]).env("TEKSERU_TODAY", on.to_string());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", tests::text(&output.stderr));
}

/// Maintenance did not run on the day itself, and the application was judged after it.
#[test]
fn a_missed_deadline_is_reported_late() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let mut application = uploaded(&cluster, &tiny(&cluster, "LATE-1"));
    application["accepted_at"] = "2026-01-01T12:00:00Z".into();
    cluster.publish("application.submitted", "d-1", "application.submitted", application);
    let verdict = cluster.await_complete("LATE-1");
    let due: Date = verdict["body"]["dates"]["due"].as_str().unwrap().parse().unwrap();
    let data = serde_json::json!({"application_id": "LATE-1"});
    cluster.publish("application.recheck", "d-2", "recheck.requested", data);
    cluster.await_empty();
    cluster.succeed("maintenance", &["maintain", "--once"]);
    let events = cluster.events_of("LATE-1", "deadline.approaching");
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].body["data"]["due"], due.to_string());
    assert!(events[0].body["data"]["days_left"].as_i64().unwrap() < 0);
}

#[test]
fn only_a_day_that_changes_a_check_adds_a_revision() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let mut application = uploaded(&cluster, &small(&cluster, "PASSES-1"));
    application["accepted_at"] = jiff::Timestamp::now().to_string().into();
    cluster.publish("application.submitted", "p-1", "application.submitted", application);
    let first = cluster.await_complete("PASSES-1");
    cluster.await_empty();
    let passport = &first["body"]["documents"].as_array().unwrap().iter();
    let fields = passport.clone().flat_map(|d| d["fields"].as_array().unwrap());
    let expiry = fields.clone().find(|f| f["name"] == "date_of_expiry").unwrap();
    let expiry: Date = expiry["value"].as_str().unwrap().parse().unwrap();
    let revisions = || cluster.sql("SELECT max(revision) FROM revisions WHERE scope = ''");
    let events = || cluster.events_of("PASSES-1", "application.verdict").len();
    let before = (revisions(), events());
    let today: Date = first["body"]["on"].as_str().unwrap().parse().unwrap();
    maintain_on(&cluster, today.tomorrow().unwrap());
    assert_eq!((revisions(), events()), before, "nothing has changed");
    let next_day = || cluster.sql("SELECT next_judge_on FROM applications").parse::<Date>();
    assert!(next_day().unwrap() > today.checked_add(7.days()).unwrap(), "nor will it soon");
    // one with a reminder is judged alone, and again the day after
    maintain_on(&cluster, expiry.checked_sub(3.days()).unwrap());
    maintain_on(&cluster, expiry.checked_sub(2.days()).unwrap());
    assert_eq!((revisions(), events()), before, "it is still valid");
    assert_eq!(next_day().unwrap(), expiry.tomorrow().unwrap());
    for _ in 0..2 {
        maintain_on(&cluster, expiry.tomorrow().unwrap());
        assert_eq!(revisions().parse::<u32>().unwrap(), before.0.parse::<u32>().unwrap() + 1);
        assert_eq!(events(), before.1 + 1);
    }
    let after = cluster.verdict("PASSES-1").unwrap();
    assert_eq!(after["envelope"]["previous_digest"], first["digest"]);
    assert_eq!(after["body"]["on"], expiry.tomorrow().unwrap().to_string());
}

#[test]
fn maintenance_finishes_an_abandoned_revision() {
    let cluster = Cluster::start();
    let folder = tiny(&cluster, "LEFT-OVER-1");
    let mut worker = cluster.worker_with("w1", &[], &[("TEKSERU_KILL_AT", "judged")]);
    cluster.submit(&folder);
    worker.await_end();
    assert!(cluster.verdict("LEFT-OVER-1").is_none());
    cluster.succeed("maintenance", &["maintain", "--once"]);
    assert_as_checked(&cluster.await_complete("LEFT-OVER-1"), &folder);
    cluster.await_event("LEFT-OVER-1", "application.verdict");
}

#[test]
fn one_maintenance_process_acts_and_another_takes_over() {
    let cluster = Cluster::start();
    let mut processes = [cluster.maintenance("k1"), cluster.maintenance("k2")];
    let has_lease = |process: &mut tests::cluster::Process| {
        let metrics = process.get("/metrics").map(|(_, body)| body).unwrap_or_default();
        metrics.lines().any(|line| line == "tekseru_maintenance_lease 1")
    };
    let holder = wait_for("a process with the lease", LIMIT, || {
        let held = processes.each_mut().map(has_lease);
        assert_ne!(held, [true, true]);
        held.iter().position(|held| *held)
    });
    // workers on the same machine come first
    assert_eq!(niceness(processes[holder].id()), (niceness(std::process::id()) + 5).min(19));
    processes[holder].kill();
    wait_for("the other process to take over", LIMIT, || {
        has_lease(&mut processes[1 - holder]).then_some(())
    });
}

/// Returns the niceness that the threads of a process have.
fn niceness(process: u32) -> i64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // field 19 of proc(5); the first two are before the name's end
    let field = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(16));
    field.unwrap().parse().unwrap()
}

#[test]
fn old_applications_are_deleted_like_withdrawn_ones() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    for (id, number) in [("OLD-1", 1), ("NEW-1", 2)] {
        cluster.submit(&tiny_with_own_portrait(&cluster, id, number));
        cluster.await_complete(id);
    }
    cluster.await_empty();
    let _ = cluster.sql(
        "UPDATE applications SET last_activity_at = '2020-01-01T00:00:00.000000Z'
         WHERE application_id = 'portal/OLD-1'",
    );
    cluster.succeed("maintenance", &["maintain", "--once"]);
    assert_eq!(cluster.results("applications/OLD-1"), [""; 0]);
    assert!(cluster.verdict("NEW-1").is_some());
    assert_eq!(cluster.sql("SELECT count(*) FROM documents"), "1");
    assert_eq!(cluster.sql("SELECT count(*) FROM examinations"), "1");
}
