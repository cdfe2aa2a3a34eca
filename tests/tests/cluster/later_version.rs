//! A program beside a later version of itself, over one queue and database.

use serde_json::json;
use tests::cluster::{Cluster, LIMIT, SHORT_RETRIES};
use tests::services::wait_for;
use tests::text;

use crate::samples::{tiny, uploaded};

/// A later version adds its word to every examination, and takes it away again.
const WRITE: &str = r#"UPDATE examinations SET body =
    replace(body, '"reasons":[]', '"reasons":[{"code":"FILE_OF_TOMORROW"}]')"#;
const RESTORE: &str =
    r#"UPDATE examinations SET body = replace(body, '{"code":"FILE_OF_TOMORROW"}', '')"#;

#[test]
fn a_word_of_a_later_version_is_left_to_a_later_worker() {
    let cluster = Cluster::start();
    let mut worker = cluster.worker_with("w1", &[], &SHORT_RETRIES);
    let application = uploaded(&cluster, &tiny(&cluster, "LATER-1"));
    cluster.publish("application.submitted", "l-1", "application.submitted", application);
    cluster.await_complete("LATER-1");
    cluster.await_empty();
    let before = cluster.events_of("LATER-1", "application.verdict").len();

    let _ = cluster.sql(WRITE);
    assert_eq!(cluster.sql("SELECT count(*) FROM examinations WHERE body LIKE '%TOMORROW%'"), "1");
    let data = json!({"application_id": "LATER-1"});
    cluster.publish("application.recheck", "l-2", "recheck.requested", data);
    // more often than a message may fail
    wait_for("ten attempts", LIMIT, || {
        (worker.log().matches("WRITTEN_BY_LATER_VERSION").count() >= 10).then_some(())
    });
    assert_eq!(cluster.messages("dead"), 0, "{}", worker.log());
    let metrics = worker.get("/metrics").unwrap().1;
    assert!(metrics.contains("tekseru_written_by_later_version_total"), "{metrics}");
    assert!(!worker.log().contains("FILE_OF_TOMORROW"), "what is stored is not logged");

    // nobody can read what is known of it, but its portal is told what became of a message
    let maintenance = cluster.maintenance("m1");
    let data = json!({"application_id": "LATER-1"});
    cluster.publish("nobody.knows", "l-3", "recheck.requested", data);
    let failed = cluster.await_event("LATER-1", "failed");
    assert_eq!(failed.body["causationid"], "l-3");
    drop(maintenance);

    // this worker stands for the later one now
    let _ = cluster.sql(RESTORE);
    cluster.await_empty();
    assert_eq!(cluster.events_of("LATER-1", "application.verdict").len(), before + 1);
    assert_eq!(cluster.messages("dead"), 0);
}

#[test]
fn a_worker_stops_taking_work_when_its_tables_are_changed_beyond_it() {
    let cluster = Cluster::start();
    let mut worker = cluster.worker("w1");
    let version: u32 = cluster.sql("SELECT max(version) FROM tekseru_schema").parse().unwrap();
    let migrate = |usable_from: u32| {
        let later = version + 1;
        let _ = cluster.sql(&format!(
            "INSERT INTO tekseru_schema (version, usable_from) VALUES ({later}, {usable_from})
             ON CONFLICT (version) DO UPDATE SET usable_from = excluded.usable_from"
        ));
    };
    migrate(version);
    cluster.submit(&tiny(&cluster, "EXPANDED-1"));
    cluster.await_complete("EXPANDED-1");
    let printed = cluster.succeed("operator", &["migrate"]);
    assert!(printed.contains("can use the tables"), "{printed}");

    migrate(version + 1);
    wait_for("the reason", LIMIT, || {
        let (status, why) = worker.get("/readyz")?;
        (status != 200 && why.contains("install the version")).then_some(())
    });
    worker.await_log("Lane portrait is paused");
    for command in [&["migrate"][..], &["work", "--slots", "1"], &["doctor"]] {
        let refused = cluster.run("worker", command);
        assert!(!refused.status.success());
        let printed = text(&refused.stderr) + &text(&refused.stdout);
        assert!(printed.contains("install the version that made these"), "{printed}");
    }
    cluster.submit(&tiny(&cluster, "BROKEN-1"));
    wait_for("the application in its lane", LIMIT, || {
        (cluster.messages("work.application") == 1).then_some(())
    });

    migrate(version);
    cluster.await_complete("BROKEN-1");
    worker.await_ready();
    assert_eq!(cluster.messages("dead"), 0);
}
