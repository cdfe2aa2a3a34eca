//! Commands of operators.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Stdio;

use serde_json::Value;
use tests::cluster::{Cluster, LIMIT};
use tests::json_lines;
use tests::services::wait_for;
use tests::text;

use crate::samples::{small, tiny, uploaded};

#[test]
fn lanes_are_paused_and_resumed() {
    let cluster = Cluster::start();
    let mut worker = cluster.worker("w1");
    cluster.succeed("operator", &["pause", "portrait"]);
    worker.await_log("Lane portrait is paused");
    cluster.submit(&tiny(&cluster, "PAUSED-1"));
    cluster.await_event("PAUSED-1", "accepted");
    wait_for("the portrait in its lane", LIMIT, || {
        (cluster.messages("work.portrait") == 1).then_some(())
    });
    assert!(cluster.verdict("PAUSED-1").is_none());
    let status = json_lines(&cluster.run("operator", &["status", "--format", "json"])).remove(0);
    assert_eq!(status["paused"], serde_json::json!(["portrait"]));
    assert_eq!(status["workers"][0]["id"], "w1");
    assert_eq!(status["applications"]["submitted"], 1);
    assert!(cluster.succeed("operator", &["status"]).contains("paused: portrait"));
    assert_eq!(worker.get("/livez").unwrap().0, 200);
    cluster.succeed("operator", &["resume", "portrait"]);
    cluster.await_complete("PAUSED-1");
}

#[test]
fn dead_letters_are_shown_replayed_and_discarded() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let _maintenance = cluster.maintenance("k1");
    let application = uploaded(&cluster, &tiny(&cluster, "NOWHERE-1"));
    let send = |id: &str| {
        let data = application.clone();
        cluster.publish("nobody.knows", id, "application.submitted", data);
    };
    let await_letters = |count: usize| {
        wait_for("dead letters", LIMIT, || {
            let listed =
                json_lines(&cluster.run("operator", &["dead", "list", "--format", "json"]));
            (listed.len() == count).then_some(listed)
        })
    };
    send("n-1");
    let letter = await_letters(1).remove(0);
    assert_eq!((&letter["code"], &letter["queue"]), (&"UNROUTED".into(), &"unrouted".into()));
    cluster.await_event("NOWHERE-1", "failed");
    let id = letter["id"].as_str().unwrap();
    let shown = cluster.succeed("operator", &["dead", "show", &id[..8]]);
    assert!(shown.contains(id) && !shown.contains("ERIKSSON"), "{shown}");
    let body = cluster.succeed("operator", &["dead", "show", id, "--body"]);
    assert!(body.contains("ERIKSSON"));
    for (filter, found) in [
        (["--queue", "unrouted"], 1),
        (["--queue", "work.paper"], 0),
        (["--application", "NOWHERE-1"], 1),
        (["--application", "NOWHERE-2"], 0),
        (["--since", "2020-01-01T00:00:00Z"], 1),
        (["--until", "2020-01-01T00:00:00Z"], 0),
        (["--state", "discarded"], 0),
    ] {
        let list = [&["dead", "list", "--format", "json"], &filter[..]].concat();
        assert_eq!(json_lines(&cluster.run("operator", &list)).len(), found, "{filter:?}");
    }
    let output = cluster.succeed("operator", &["dead", "discard", id, "--dry-run"]);
    assert!(output.contains("would discard 1"), "{output}");
    cluster.succeed("operator", &["dead", "discard", id]);
    await_letters(0);
    // the same message again is another dead letter, and gets another answer
    send("n-1");
    assert_ne!(await_letters(1)[0]["id"], id);
    wait_for("a second answer", LIMIT, || {
        (cluster.events_of("NOWHERE-1", "failed").len() == 2).then_some(())
    });
    // a replay sends it to the lane of its type
    let output = cluster.succeed("operator", &["dead", "replay", "--code", "UNROUTED"]);
    assert!(output.contains("replayed 1"), "{output}");
    cluster.await_complete("NOWHERE-1");
}

/// Its application is withdrawn between the selection and the replay.
#[test]
fn a_letter_that_was_emptied_meanwhile_is_not_replayed() {
    let cluster = Cluster::start();
    let _maintenance = cluster.maintenance("k1");
    let application = uploaded(&cluster, &tiny(&cluster, "GONE-1"));
    cluster.publish("nobody.knows", "n-1", "application.submitted", application);
    cluster.await_event("GONE-1", "failed");
    let meet = cluster.scratch("meet");
    fs::create_dir(&meet).unwrap();
    let mut replay = cluster.tekseru("operator");
    replay.args(["dead", "replay", "--all"]);
    replay.env("TEKSERU_WAIT_AT", format!("selected:{}", meet.display()));
    let replay = replay.stdout(Stdio::piped()).spawn().unwrap();
    wait_for("the selection", LIMIT, || (fs::read_dir(&meet).unwrap().count() == 1).then_some(()));
    cluster.succeed("operator", &["withdraw", "GONE-1", "--yes"]);
    fs::write(meet.join("go"), "").unwrap();
    let output = replay.wait_with_output().unwrap();
    let said = text(&output.stdout);
    assert!(output.status.code() == Some(3) && said.contains("replayed 0"), "{said}");
    assert_eq!(cluster.messages("work.application"), 0);
}

/// Only maintenance reads it, so maintenance answers.
#[test]
fn an_unrouted_unreadable_message_is_answered() {
    let cluster = Cluster::start();
    let _maintenance = cluster.maintenance("k1");
    cluster.publish_raw("nobody.knows", b"{\"specversion\"");
    let rejected = wait_for("an answer", LIMIT, || {
        cluster.events().into_iter().find(|event| event.name() == "rejected")
    });
    assert_eq!(rejected.body["data"]["type"], "urn:tekseru:problem:not-json");
}

#[test]
fn an_unrouted_message_after_a_withdrawal_is_answered() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let _maintenance = cluster.maintenance("k1");
    let application = uploaded(&cluster, &tiny(&cluster, "ENDED-1"));
    let send = |key: &str, id: &str| {
        cluster.publish(key, id, "application.submitted", application.clone());
    };
    send("application.submitted", "e-1");
    cluster.await_complete("ENDED-1");
    let data = serde_json::json!({"application_id": "ENDED-1"});
    cluster.publish("application.withdrawn", "e-2", "application.withdrawn", data);
    wait_for("the withdrawal", LIMIT, || {
        (cluster.sql("SELECT state FROM applications") == "withdrawn").then_some(())
    });
    // a message that was accepted before the withdrawal is ignored
    send("nobody.knows", "e-1");
    send("nobody.knows", "e-3");
    let rejected = cluster.await_event("ENDED-1", "rejected");
    assert_eq!(rejected.body["causationid"], "e-3");
    assert_eq!(rejected.body["data"]["type"], "urn:tekseru:problem:withdrawn");
    assert_eq!(cluster.events_of("ENDED-1", "rejected").len(), 1);
}

#[test]
fn doctor_names_what_each_service_lacks() {
    let cluster = Cluster::start();
    let found = cluster.run("worker", &["doctor"]);
    let output = tests::text(&found.stdout);
    assert!(found.status.success(), "{output}");
    for service in ["broker", "store", "database"] {
        let line = output.lines().find(|line| line.contains(&format!("  {service} ")));
        assert!(line.is_some_and(|line| line.starts_with("fine")), "{service}:\n{output}");
    }
    let _ = cluster.sql("DELETE FROM tekseru_schema");
    let found = cluster.run("worker", &["doctor"]);
    let output = tests::text(&found.stdout);
    assert_eq!(found.status.code(), Some(1), "{output}");
    assert!(output.contains("tekseru migrate"), "{output}");
}

/// Nothing is sent to these addresses: the names belong to nobody.
#[test]
fn services_on_other_machines_are_refused_without_verified_connections() {
    let run = |command: &[&str]| {
        let mut tekseru = tests::tekseru();
        let set = tekseru
            .env("TEKSERU_AMQP_URL", "amqp://worker:hunter2@broker.invalid/tekseru")
            .env("TEKSERU_DATABASE_URL", "postgres://worker:hunter2@db.invalid/x?sslmode=require")
            .env("TEKSERU_S3_ENDPOINT", "http://store.invalid:9000")
            .env("TEKSERU_S3_ACCESS_KEY_ID", "id")
            .env("TEKSERU_S3_SECRET_ACCESS_KEY", "hunter2");
        let run = set.args(command).output().unwrap();
        let output = tests::text(&run.stdout) + &tests::text(&run.stderr);
        assert!(!output.contains("hunter2"), "{output}");
        (run.status.code(), output)
    };
    let expected = [
        ("broker.invalid", "amqps://"),
        ("db.invalid", "sslmode=verify-full"),
        ("store.invalid", "https://"),
    ];
    for command in [&["work"][..], &["maintain", "--once"], &["doctor"]] {
        let (code, output) = run(command);
        assert_eq!(code, Some(if command == ["doctor"] { 1 } else { 2 }), "{output}");
        for (host, fix) in expected {
            let line = output.lines().find(|line| line.contains(host));
            assert!(line.is_some_and(|line| line.contains(fix)), "{host}:\n{output}");
        }
    }
}

#[test]
fn an_operator_saves_the_report_with_the_command_that_submit_prints() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let folder = small(&cluster, "SAVED-1");
    let printed = cluster.succeed("portal", &["submit", "--wait", folder.to_str().unwrap()]);
    let command = printed.lines().find_map(|line| line.split_once("an operator runs: "));
    let (_, command) = command.unwrap_or_else(|| panic!("no command in {printed}"));
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[1..], ["verdict", "portal/SAVED-1", "--report", "SAVED-1.html"]);

    let reads = || cluster.sql("SELECT count(*) FROM audit WHERE action = 'verdict.read'");
    assert_eq!(reads(), "0");
    let target = cluster.scratch("reports");
    fs::create_dir(&target).unwrap();
    let mut save = cluster.tekseru("operator");
    let saved = save.args(&words[1..]).current_dir(&target).output().unwrap();
    assert!(saved.status.success(), "{}", tests::text(&saved.stderr));
    let report = fs::read(target.join("SAVED-1.html")).unwrap();
    assert_eq!(Some(report), cluster.result("applications/SAVED-1/latest/report.html"));
    assert_eq!(reads(), "1", "the audit log records the access");

    let unknown = cluster.run("operator", &["verdict", "SAVED-2", "--report", "SAVED-2.html"]);
    assert_eq!(unknown.status.code(), Some(3));
}

#[test]
fn a_killed_worker_is_shown_as_not_responding() {
    let cluster = Cluster::start();
    let mut killed = cluster.worker("w1");
    let _running = cluster.worker("w2");
    let workers = || {
        let status =
            json_lines(&cluster.run("operator", &["status", "--format", "json"])).remove(0);
        status["workers"].as_array().unwrap().clone()
    };
    let responding = |id: &str| {
        let workers = workers();
        workers.iter().find(|worker| worker["id"] == id).unwrap()["responding"].clone()
    };
    assert_eq!(responding("w1"), true);
    killed.kill();
    wait_for("missed heartbeats", LIMIT, || (responding("w1") == false).then_some(()));
    assert_eq!(responding("w2"), true);
    let shown = cluster.succeed("operator", &["status"]);
    let line = |id: &str| shown.lines().find(|line| line.trim_start().starts_with(id)).unwrap();
    assert!(line("w1").contains("NOT RESPONDING  last heartbeat "), "{shown}");
    assert!(line("w2").contains("  up ") && line("w2").contains("  last heartbeat "), "{shown}");
}

/// The team of a portal can do this before anything is connected.
#[test]
fn a_message_is_checked_offline() {
    let examples = "../pipeline/contract/examples";
    let check = |file: &str| tests::tekseru().args(["contract", "check", file]).output().unwrap();
    let fits = check(&format!("{examples}/application.submitted.json"));
    assert_eq!(fits.status.code(), Some(0), "{}", tests::text(&fits.stderr));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("message.json");
    let text = fs::read_to_string(format!("{examples}/document.submitted.json")).unwrap();
    let mut message: Value = serde_json::from_str(&text).unwrap();
    message["data"]["document"]["object"]["key"] = "../evidence/secret".into();
    fs::write(&file, message.to_string()).unwrap();
    let fails = check(file.to_str().unwrap());
    assert_ne!(fails.status.code(), Some(0));
    let output = format!("{}{}", tests::text(&fails.stdout), tests::text(&fails.stderr));
    assert!(output.contains("/data/document/object/key"), "{output}");
    assert!(!output.contains("secret"), "{output}");
}

#[test]
fn all_missing_variables_are_reported_together() {
    let output = tests::tekseru().args(["work", "--allow-root"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(tests::text(&output.stderr));
}

#[test]
fn root_is_refused_unless_told() {
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    for role in ["work", "maintain"] {
        for (allowed, refused) in [("false", is_root), ("true", false)] {
            let mut command = tests::tekseru();
            command.arg(role).env("TEKSERU_ALLOW_ROOT", allowed);
            let output = command.output().unwrap();
            let text = tests::text(&output.stderr);
            assert_eq!(text.contains("this process is root"), refused, "{role}: {text}");
            assert_eq!(output.status.code(), Some(2), "the broker is missing in any case");
        }
    }
}
