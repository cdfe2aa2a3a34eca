//! Workers that die at any step, and what cannot be done at all.

use std::collections::BTreeSet;
use std::os::unix::process::ExitStatusExt;

use serde_json::Value;
use tests::cluster::{Cluster, LIMIT, Process};
use tests::lines;
use tests::services::s3::Fault;
use tests::services::wait_for;

use crate::flow::uploaded;
use crate::samples::{assert_as_checked, small, tiny, tiny_of_its_own};

const KILLED: Option<i32> = Some(9);

#[test]
fn a_worker_killed_at_any_step_loses_and_repeats_nothing() {
    let cluster = Cluster::start();
    let steps = [
        "read",
        "written",
        "enqueued",
        "begun",
        "fetched",
        "examined",
        "kept",
        "seen",
        "judged",
        "put",
        "refreshed",
        "attached",
        "told",
        "sent",
    ];
    for (step, number) in steps.into_iter().zip(1..) {
        let id = format!("KILLED-{step}");
        let folder = tiny_of_its_own(&cluster, &id, number);
        let mark = cluster.scratch(&format!("{step}.mark"));
        let at = format!("{step}:{}", mark.display());
        let mut first = cluster.worker_with("first", &[], &[("TEKSERU_KILL_AT", &at)]);
        cluster.submit(&folder);
        assert_eq!(first.await_end().signal(), KILLED, "{step}");
        let second = cluster.worker("second");
        let verdict = cluster.await_complete(&id);
        cluster.await_empty();
        assert_as_checked(&verdict, &folder);
        assert_told_once(&cluster, &id);
        let revisions = format!("SELECT count(*) FROM revisions WHERE application_id = '{id}'");
        assert_eq!(cluster.sql(&revisions), "1", "{step}");
        drop(second);
    }
    assert_eq!(cluster.sql("SELECT count(*) FROM events WHERE sent_at IS NULL"), "0");
    assert_eq!(cluster.sql("SELECT count(*) FROM revisions WHERE attached_at IS NULL"), "0");
}

/// What was promised to be looked at again is, whoever dies in between.
#[test]
fn a_second_look_is_not_forgotten() {
    for step in ["written", "enqueued"] {
        let cluster = Cluster::start();
        let soon = ("TEKSERU_RETRY_SCALE", "0.0001");
        let worker = cluster.worker_with("w1", &[], &[soon]);
        let folder = tiny(&cluster, "MENDED-2");
        let application = uploaded(&cluster, &folder);
        let key = application["documents"][0]["object"]["key"].as_str().unwrap();
        let file = cluster.store().file("uploads", key);
        let bytes = std::fs::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        let submit = |id: &str| {
            let data = application.clone();
            cluster.publish("application.submitted", id, "application.submitted", data);
        };
        submit("s-1");
        assert_eq!(cluster.await_settled("MENDED-2")["body"]["complete"], false);
        cluster.await_empty();
        drop(worker);
        std::fs::write(&file, bytes).unwrap();
        let mark = cluster.scratch("mark");
        let at = format!("{step}:{}", mark.display());
        let mut killed = cluster.worker_with("w2", &[], &[soon, ("TEKSERU_KILL_AT", &at)]);
        submit("s-2");
        assert_eq!(killed.await_end().signal(), KILLED);
        let _third = cluster.worker("w3");
        assert_as_checked(&cluster.await_complete("MENDED-2"), &folder);
    }
}

/// A copy lies in a retry queue and the message itself comes again: both are done, once.
#[test]
fn a_worker_killed_between_retry_and_acknowledgement_repeats_nothing() {
    let cluster = Cluster::start();
    let mark = cluster.scratch("mark");
    let at = format!("handed over:{}", mark.display());
    let environment = [("TEKSERU_KILL_AT", at.as_str()), ("TEKSERU_RETRY_SCALE", "0.1")];
    let mut first = cluster.worker_with("first", &[], &environment);
    let folder = tiny(&cluster, "TWO-COPIES-1");
    cluster.faults().once("GetObject", "uploads/", Fault::Answer(403, "AccessDenied"));
    cluster.submit(&folder);
    assert_eq!(first.await_end().signal(), KILLED);
    let _second = cluster.worker("second");
    assert_as_checked(&cluster.await_complete("TWO-COPIES-1"), &folder);
    cluster.await_empty();
    assert_told_once(&cluster, "TWO-COPIES-1");
    assert_eq!(cluster.sql("SELECT count(*) FROM revisions"), "1");
    assert_eq!(cluster.messages("dead"), 0);
}

/// The child that examines is killed, or stops, each time: that is an answer.
#[test]
fn a_child_that_never_answers_is_an_answer() {
    for (signal, code) in [("KILL", "FILE_BREAKS_READER"), ("STOP", "FILE_EXHAUSTS_TIME")] {
        let cluster = Cluster::start();
        let soon = [("TEKSERU_RETRY_SCALE", "0.01")];
        let worker = cluster.worker_with("w1", &["--seconds", "1"], &soon);
        let id = format!("CHILD-{signal}");
        cluster.submit(&tiny(&cluster, &id));
        let mut met = BTreeSet::new();
        let verdict = wait_for("a verdict", LIMIT, || {
            for child in worker.grandchildren() {
                // one that has ended meanwhile is nobody's
                if met.insert(child) {
                    tests::services::try_signal(child, signal);
                }
            }
            cluster.verdict(&id)
        });
        // more where one was met before it was ready: that is no fault of the file's
        assert!(met.len() >= 2, "it is tried once more");
        let codes = codes_of(&verdict, "portrait");
        assert!(codes.contains(&code.to_owned()), "{signal}: {codes:?}");
        cluster.await_empty();
        assert_eq!(cluster.messages("dead"), 0);
        // and the next file is examined by the same worker
        cluster.submit(&tiny_of_its_own(&cluster, "NEXT-1", 9));
        let next = cluster.await_complete("NEXT-1");
        assert!(!next.to_string().contains(code), "{signal}");
    }
}

/// Repeated events are equal ones, and each kind is there.
fn assert_told_once(cluster: &Cluster, id: &str) {
    for name in ["accepted", "document.verdict", "application.verdict"] {
        let events = cluster.events_of(id, name);
        let first = events.first().unwrap_or_else(|| panic!("no {name} about {id}"));
        for event in &events {
            assert_eq!(event.message_id, first.message_id, "{name} about {id}");
            assert_eq!(event.body, first.body, "{name} about {id}");
        }
    }
}

#[test]
fn a_worker_killed_while_it_erases_leaves_nothing_behind() {
    let cluster = Cluster::start();
    let mark = cluster.scratch("mark");
    let at = format!("withdrawn:{}", mark.display());
    let mut first = cluster.worker_with("first", &[], &[("TEKSERU_KILL_AT", &at)]);
    let application = uploaded(&cluster, &tiny(&cluster, "ERASED-1"));
    cluster.publish("application.submitted", "e-1", "application.submitted", application);
    cluster.await_complete("ERASED-1");
    let data = serde_json::json!({"application_id": "ERASED-1"});
    cluster.publish("application.withdrawn", "e-2", "application.withdrawn", data);
    first.await_end();
    assert!(!cluster.results("").is_empty(), "it was killed before it erased");
    let _second = cluster.worker("second");
    cluster.await_empty();
    assert_eq!(cluster.results(""), [""; 0]);
}

/// Pictures were written, nothing was stored, and then there was nothing more
/// to store: the keeper finds them by what the store holds.
#[test]
fn pictures_of_a_worker_killed_before_a_withdrawal_do_not_stay() {
    let cluster = Cluster::start();
    let mut first = cluster.worker_with("first", &[], &[("TEKSERU_KILL_AT", "kept")]);
    let application = uploaded(&cluster, &tiny(&cluster, "STRAY-1"));
    cluster.publish("application.submitted", "y-1", "application.submitted", application);
    first.await_end();
    let data = serde_json::json!({"application_id": "STRAY-1"});
    cluster.publish("application.withdrawn", "y-2", "application.withdrawn", data);
    let second = cluster.worker_with("second", &["--lane", "application"], &[]);
    wait_for("the withdrawal", LIMIT, || {
        (cluster.sql("SELECT state FROM applications") == "withdrawn").then_some(())
    });
    drop(second);
    let _third = cluster.worker("third");
    cluster.await_empty();
    let left = cluster.results("examinations/");
    assert!(!left.is_empty(), "nobody knows of them");
    // asked for in one round, erased in the next
    let keep = || {
        cluster.succeed("keeper", &["keep", "--once"]);
        cluster.succeed("keeper", &["keep", "--once"]);
        cluster.results("examinations/")
    };
    assert_eq!(keep(), left, "somebody may be about to store them");
    cluster.submit(&tiny_of_its_own(&cluster, "STAYS-1", 7));
    cluster.await_complete("STAYS-1");
    // what others put there is not ours to erase
    std::fs::write(cluster.store().file("results", "examinations/marker"), "").unwrap();
    let before = cluster.results("examinations/");
    for key in &before {
        grow_old(&cluster.store().file("results", key));
    }
    let stay = keep();
    assert!(stay.iter().any(|key| key.ends_with("/marker")));
    assert!(stay.len() > 1 && stay.len() == before.len() - left.len(), "{stay:?}");
    assert!(left.iter().all(|key| !stay.contains(key)));
}

fn grow_old(file: &std::path::Path) {
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(2 * 3600);
    std::fs::File::options().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
}

/// Its reviewer is told of an application that no worker could even take, or
/// took and could not pass on.
#[test]
fn an_application_that_kills_every_worker_is_not_forgotten() {
    for step in ["read", "written"] {
        an_application_kills_every_worker_at(step);
    }
}

fn an_application_kills_every_worker_at(step: &str) {
    let cluster = Cluster::start();
    let folder = small(&cluster, "POISON-2");
    cluster.submit(&folder);
    for _ in 0..8 {
        if cluster.messages("dead") > 0 {
            break;
        }
        let mut poisoned = cluster.starting_worker("poisoned", &[], &[("TEKSERU_KILL_AT", step)]);
        wait_for("a death, or the dead letter", LIMIT, || {
            (poisoned.ended().is_some() || cluster.messages("dead") > 0).then_some(())
        });
    }
    let _keeper = cluster.keeper("keeper");
    let verdict = cluster.await_settled("POISON-2");
    for document in ["passport", "portrait"] {
        let codes = codes_of(&verdict, document);
        assert!(codes.contains(&"MACHINE_CHECK_UNAVAILABLE".to_owned()), "{document}: {codes:?}");
    }
    cluster.await_event("POISON-2", "failed");
    let _mended = cluster.worker("mended");
    cluster.succeed("operator", &["dead", "replay", "--all"]);
    assert_as_checked(&cluster.await_complete("POISON-2"), &folder);
}

#[test]
fn what_kills_every_worker_is_given_up_and_people_are_told() {
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
        wait_for("a death, or the dead letter", LIMIT, || {
            (poisoned.ended().is_some() || cluster.messages("dead") > 0).then_some(())
        });
        deaths += 1;
        assert!(deaths <= 8, "it is given out for ever");
    }
    let _keeper = cluster.keeper("keeper");
    let verdict = cluster.await_settled("POISON-1");
    let passport = codes_of(&verdict, "passport");
    assert!(passport.contains(&"MACHINE_CHECK_UNAVAILABLE".to_owned()), "{passport:?}");
    assert!(!codes_of(&verdict, "portrait").contains(&"MACHINE_CHECK_UNAVAILABLE".to_owned()));
    let failed = cluster.await_event("POISON-1", "failed");
    assert_eq!(failed.body["data"]["code"], "DELIVERY_LIMIT");

    let listed = cluster.run("operator", &["dead", "list", "--format", "json"]);
    let listed = lines(&listed);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["code"], "DELIVERY_LIMIT");
    assert_eq!(listed[0]["application_id"], "POISON-1");

    let _mended = cluster.worker("mended");
    let dry = cluster.succeed("operator", &["dead", "replay", "--all", "--dry-run"]);
    assert!(dry.contains("would replay 1"), "{dry}");
    let replayed = cluster.succeed("operator", &["dead", "replay", "--code", "DELIVERY_LIMIT"]);
    assert!(replayed.contains("replayed 1"), "{replayed}");
    let verdict = cluster.await_verdict("POISON-1", |after| after["digest"] != verdict["digest"]);
    assert_as_checked(&verdict, &folder);
    assert_eq!(cluster.succeed("operator", &["dead", "list"]).trim(), "none");
}

/// Codes of all checks of documents of a kind.
fn codes_of(verdict: &Value, kind: &str) -> Vec<String> {
    let documents = verdict["body"]["documents"].as_array().unwrap();
    let id = &documents.iter().find(|d| d["kind"] == kind).unwrap()["document_id"];
    let checks = verdict["body"]["checks"].as_array().unwrap();
    let own = checks.iter().filter(|check| check["document_id"] == *id);
    own.flat_map(|check| tests::codes(&check["reasons"])).collect()
}

#[test]
fn sigterm_lets_work_in_hand_finish_and_a_second_stops_at_once() {
    let cluster = Cluster::start();
    let faults = cluster.faults();
    faults.always("GetObject", "uploads/", Fault::Hang);
    let getting = |seen: &[tests::services::s3::Seen]| {
        seen.iter().filter(|one| one.operation == "GetObject").count()
    };

    // within the limit: what is in hand is finished, nothing more is taken
    let mut worker = cluster.worker("w1");
    cluster.submit(&tiny(&cluster, "DRAIN-1"));
    wait_for("the first fetch", LIMIT, || (getting(&faults.seen()) == 1).then_some(()));
    worker.signal("TERM");
    worker.await_log("Draining");
    assert!(matches!(worker.get("/readyz"), Some((503, _))), "a draining worker is not ready");
    cluster.submit(&tiny(&cluster, "DRAIN-2"));
    faults.clear();
    assert_eq!(worker.await_end().code(), Some(0));
    assert_eq!(cluster.verdict("DRAIN-1").unwrap()["body"]["complete"], true);
    assert!(cluster.verdict("DRAIN-2").is_none());

    // past the limit, and by a second signal: it goes back and another does it
    faults.always("GetObject", "uploads/DRAIN-2", Fault::Hang);
    for drain in ["1", "600"] {
        let before = getting(&faults.seen());
        let mut worker = cluster.worker_with("w2", &["--drain", drain], &[]);
        wait_for("a fetch", LIMIT, || (getting(&faults.seen()) > before).then_some(()));
        worker.signal("TERM");
        worker.await_log("Draining");
        if drain == "600" {
            worker.signal("TERM");
        }
        assert_eq!(worker.await_end().code(), Some(0), "--drain {drain}");
        assert!(cluster.verdict("DRAIN-2").is_none());
    }
    faults.clear();
    let _last = cluster.worker("w3");
    cluster.await_complete("DRAIN-2");
}
