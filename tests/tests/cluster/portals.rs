//! Portals are tenants: none sees, changes or ends what is another's.

use std::path::Path;

use serde_json::{Value, json};
use tests::cluster::{Cluster, LIMIT};
use tests::json_lines;
use tests::services::wait_for;

use crate::assertions::assert_as_checked;
use crate::samples::{tiny, tiny_with_own_portrait, uploaded};

fn command(id: &str, name: &str, data: &Value) -> Vec<u8> {
    let event = json!({
        "specversion": "1.0", "id": id, "source": "urn:portal",
        "type": format!("kz.tekseru.{name}.v1"), "datacontenttype": "application/json",
        "data": data,
    });
    event.to_string().into_bytes()
}

fn submit_as(cluster: &Cluster, portal: &str, folder: &Path) -> Value {
    let folder = folder.to_str().unwrap();
    let output = cluster.run(portal, &["submit", "--wait", "--format", "json", folder]);
    json_lines(&output).remove(0)
}

#[test]
fn portals_may_use_the_same_ids() {
    let cluster = Cluster::start();
    let other = cluster.add_portal();
    let _worker = cluster.worker("w1");
    let mine = tiny_with_own_portrait(&cluster, "SAME-1", 1);
    cluster.submit(&mine);
    let before = cluster.await_complete("SAME-1");
    assert_as_checked(&before, &mine);
    let theirs = tiny(&cluster, "SAME-1");
    assert_as_checked(&submit_as(&cluster, other, &theirs), &theirs);
    cluster.await_empty();

    // the same source and id are another message
    let gone = command("same", "application.withdrawn", &json!({"application_id": "GONE-1"}));
    cluster.publish_as(other, Some(other), "application.withdrawn", &[], &gone).unwrap();
    cluster.await_empty();
    let data = json!({"application_id": "SAME-1"});
    cluster.publish("application.recheck", "same", "recheck.requested", data.clone());
    cluster.await_empty();
    assert_eq!(cluster.events_of("SAME-1", "rejected").len(), 0);
    let told = cluster.take_events(other);
    assert!(told.iter().any(|event| event.body["subject"] == "GONE-1"));
    let ids = |events: &[tests::cluster::Event]| -> Vec<String> {
        events.iter().map(|event| event.message_id.clone()).collect()
    };
    let own = ids(&cluster.events());
    assert!(ids(&told).iter().all(|id| !own.contains(id)), "each event goes to one portal");

    let withdrawal = command("gone", "application.withdrawn", &data);
    cluster.publish_as(other, Some(other), "application.withdrawn", &[], &withdrawal).unwrap();
    cluster.await_empty();
    assert_eq!(cluster.objects("verdicts-other", ""), [""; 0]);
    let states = "SELECT application_id || ' ' || state FROM applications ORDER BY 1";
    let states = cluster.sql(states);
    assert!(states.contains("other/SAME-1 withdrawn"), "{states}");
    assert!(states.contains("portal/SAME-1 submitted"), "{states}");
    assert_eq!(cluster.verdict("SAME-1").unwrap()["digest"], before["digest"]);
    let audit = cluster.succeed("operator", &["audit", "list"]);
    assert!(audit.contains("application.withdrawn  portal:other  other/SAME-1"), "{audit}");
    assert!(cluster.succeed("operator", &["verdict", "SAME-1"]).contains("SAME-1"));
}

#[test]
fn a_portal_can_use_nothing_of_another() {
    let cluster = Cluster::start();
    let other = cluster.add_portal();
    let mut worker = cluster.worker("w1");
    let _maintenance = cluster.maintenance("m1");
    let folder = tiny(&cluster, "MINE-1");
    cluster.submit(&folder);
    let before = cluster.await_complete("MINE-1");
    let application = uploaded(&cluster, &folder);
    let withdrawal = |id: &str, source: &str| {
        let text = command(id, "application.withdrawn", &json!({"application_id": "MINE-1"}));
        String::from_utf8(text).unwrap().replace("urn:portal", source).into_bytes()
    };
    let publish = |sender, headers: &[(&str, &str)], body: &[u8]| {
        cluster.publish_as(other, sender, "application.submitted", headers, body)
    };
    let plain = withdrawal("w-1", "urn:portal");
    assert_eq!(publish(Some("portal"), &[], &plain), None, "the broker verifies the sender");
    assert_eq!(publish(Some("worker"), &[("x-portal", "portal")], &plain), None);

    publish(Some(other), &[("x-portal", "portal")], &plain).unwrap();
    publish(Some(other), &[], &withdrawal("w-2", "urn:tekseru")).unwrap();
    // its file is in the bucket of the first portal
    publish(Some(other), &[], &command("w-3", "application.submitted", &application)).unwrap();
    cluster.await_empty();
    let rejected = cluster.take_events(other);
    let mut places: Vec<&str> = Vec::new();
    for event in &rejected {
        assert_eq!(event.body["data"]["type"], "urn:tekseru:problem:other-portal");
        places.push(event.body["data"]["errors"][0]["pointer"].as_str().unwrap());
    }
    places.sort_unstable();
    assert_eq!(places, ["", "/data/documents/0/object/bucket", "/source"]);
    let metrics = worker.get("/metrics").unwrap().1;
    let counted = r#"tekseru_rejections_total{portal="other",code="OTHER_PORTAL"} 3"#;
    assert!(metrics.contains(counted), "{metrics}");
    // a key that leads to no worker leads around no check
    let unrouted = command("w-4", "application.submitted", &application);
    cluster.publish_as(other, Some(other), "nobody.knows", &[], &unrouted).unwrap();
    let told = wait_for("the answer", LIMIT, || cluster.take_events(other).pop());
    assert_eq!(told.body["data"]["type"], "urn:tekseru:problem:other-portal");

    // nobody knows whose this is, so nobody is answered
    publish(None, &[("x-portal", "portal")], &plain).unwrap();
    wait_for("the letters", LIMIT, || {
        (cluster.sql("SELECT count(*) FROM dead_letters") == "5").then_some(())
    });
    let unverified = ["dead", "list", "--code", "SENDER_UNVERIFIED", "--format", "json"];
    let unverified = json_lines(&cluster.run("operator", &unverified));
    assert_eq!(unverified.len(), 1);
    assert_eq!(
        (&unverified[0]["portal"], &unverified[0]["application"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(cluster.take_events(other).len(), 0);
    assert_eq!(cluster.events_of("MINE-1", "rejected").len(), 0);
    assert_eq!(cluster.verdict("MINE-1").unwrap()["digest"], before["digest"]);
    assert_eq!(cluster.sql("SELECT count(*) FROM applications WHERE state = 'withdrawn'"), "0");
}

/// While messages of a version before portals are in the queues, they are of one portal.
#[test]
fn messages_of_an_earlier_version_are_taken_for_a_while() {
    let cluster = Cluster::start();
    let folder = tiny(&cluster, "EARLIER-1");
    let application = uploaded(&cluster, &folder);
    let body = command("e-1", "application.submitted", &application);
    cluster.publish_as("portal", None, "application.submitted", &[], &body).unwrap();
    let earlier = [("TEKSERU_UNVERIFIED_PORTAL", "portal")];
    let _worker = cluster.worker_with("w1", &[], &earlier);
    assert_as_checked(&cluster.await_complete("EARLIER-1"), &folder);
    cluster.await_event("EARLIER-1", "accepted");
}

/// A portal without a bucket for its verdicts holds up no other.
#[test]
fn a_missing_bucket_of_one_portal_holds_up_no_other() {
    let cluster = Cluster::start();
    let other = cluster.add_portal();
    let elsewhere = [("TEKSERU_VERDICTS", "verdicts-{portal},other=missing")];
    let _worker = cluster.worker_with("w1", &["--lane-slots", "application=1"], &elsewhere);
    let theirs = tiny_with_own_portrait(&cluster, "THEIRS-1", 1);
    cluster.succeed(other, &["submit", theirs.to_str().unwrap()]);
    wait_for("their revision", LIMIT, || {
        let stored = "SELECT count(*) FROM revisions WHERE application_id = 'other/THEIRS-1'";
        (cluster.sql(stored) != "0").then_some(())
    });
    let mine = tiny(&cluster, "MINE-2");
    cluster.submit(&mine);
    assert_as_checked(&cluster.await_complete("MINE-2"), &mine);
    cluster.await_empty();
    assert_eq!(cluster.messages("dead"), 0);
    let waiting = "SELECT count(*) FROM revisions WHERE attached_at IS NULL";
    assert_ne!(cluster.sql(waiting), "0");
    cluster.succeed("maintenance", &["maintain", "--once"]);
    assert_eq!(cluster.sql(waiting), "0", "the bucket has its usual name there");
}
