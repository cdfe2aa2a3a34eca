//! Writes the rows of a registry as SQL, for tests that later versions migrate and read:
//!
//! ```text
//! DUMP=FILE unshare --uts sh -c 'hostname host-1; cargo test --test cluster dump:: -- --ignored'
//! ```

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};
use tests::cluster::{Cluster, LIMIT, SHORT_RETRIES};
use tests::services::wait_for;
use tests::text;

use crate::samples::{document, small, tiny, uploaded};

#[test]
#[ignore = "writes a file"]
fn rows_of_every_table() {
    let cluster = Cluster::start();
    let _maintenance = cluster.maintenance("maintenance-1");
    let mut worker = cluster.worker_with("worker-1", &[], &SHORT_RETRIES);
    let submit = |id: &str, data: &Value| {
        cluster.publish("application.submitted", id, "application.submitted", data.clone());
        cluster.await_empty();
    };

    // two documents, of which one is replaced
    let judged = uploaded(&cluster, &small(&cluster, "JUDGED-1"));
    submit("c-1", &judged);
    cluster.await_complete("JUDGED-1");
    let mut other = document(&judged, "portrait");
    let portrait = other["document_id"].clone();
    other["document_id"] = "portrait-2".into();
    let data = json!({"application_id": "JUDGED-1", "stage": judged["stage"],
        "document": other, "replaces": portrait});
    cluster.publish("portrait.replaced", "c-2", "document.replaced", data);
    cluster.await_empty();

    // a document with another file under the same id
    let mut changed = uploaded(&cluster, &tiny(&cluster, "CHANGED-1"));
    submit("c-3", &changed);
    cluster.await_complete("CHANGED-1");
    changed["documents"][0] = document(&judged, "passport");
    changed["documents"][0]["document_id"] = portrait.clone();
    submit("c-4", &changed);

    // a document without its application
    let data = json!({"application_id": "ALONE-1", "stage": judged["stage"],
        "document": document(&judged, "portrait")});
    cluster.publish("portrait.submitted", "c-5", "document.submitted", data);
    cluster.await_empty();

    // an object that does not exist, a withdrawn application
    let mut missing = uploaded(&cluster, &tiny(&cluster, "MISSING-1"));
    missing["documents"][0]["object"]["key"] = "nowhere".into();
    submit("c-6", &missing);
    cluster.await_none_pending("MISSING-1");
    submit("c-7", &uploaded(&cluster, &tiny(&cluster, "WITHDRAWN-1")));
    let data = json!({"application_id": "WITHDRAWN-1"});
    cluster.publish("application.withdrawn", "c-8", "application.withdrawn", data);
    cluster.await_empty();

    // dead letters: two that no lane takes, of which one is replayed, and one that is no JSON
    cluster.publish("nobody.knows", "c-9", "application.submitted", judged.clone());
    cluster.publish("nobody.else", "c-10", "application.submitted", judged);
    cluster.publish_raw("application.submitted", b"{\"application_id\": \"UNPARSED-1\"");
    wait_for("dead letters", LIMIT, || {
        (cluster.sql("SELECT count(*) FROM dead_letters") == "3").then_some(())
    });
    let first = cluster.sql("SELECT min(id) FROM dead_letters WHERE queue = 'unrouted'");
    cluster.succeed("operator", &["dead", "replay", &first]);

    // a pending document, a revision that is not attached, events that are not sent
    cluster.succeed("operator", &["pause", "passport"]);
    worker.await_log("Lane passport is paused");
    let pending = uploaded(&cluster, &small(&cluster, "PENDING-1"));
    cluster.limit_queue("verdicts.portal", 1);
    cluster.publish("application.submitted", "c-11", "application.submitted", pending);
    wait_for("events that are not sent", LIMIT, || {
        let unsent = "SELECT count(*) FROM events WHERE application_id = 'portal/PENDING-1'
            AND routing_key LIKE '%.verdict' AND sent_at IS NULL";
        (cluster.sql(unsent) != "0").then_some(())
    });
    worker.kill();
    dump(&cluster, Path::new(&env::var("DUMP").unwrap()));
}

fn dump(cluster: &Cluster, file: &Path) {
    let tables = cluster.sql("SELECT string_agg(relname, ' ') FROM pg_stat_user_tables");
    for table in tables.split(' ') {
        assert_ne!(cluster.sql(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
    }
    let exports = cluster.exports("operator");
    let address = exports.split("DATABASE_URL='").nth(1).unwrap().split('\'').next().unwrap();
    let mut command = Command::new("pg_dump");
    command.args(["--no-owner", "--no-privileges", "--inserts", "--dbname", address]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    fs::write(file, output.stdout).unwrap();
}
