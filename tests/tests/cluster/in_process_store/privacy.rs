//! Personal data is only in verdicts, reports and evidence.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;

use serde_json::{Value, json};
use tests::cluster::Cluster;
use tests::services::collector::Collector;
use tests::services::s3::Fault;

use crate::samples::{document, sample, small, uploaded};

/// The trace id in [`tests::cluster::TRACEPARENT`].
const TRACE: [u8; 16] = 0x0af7651916cd43dd8448eb211c80319c_u128.to_be_bytes();

#[test]
fn no_log_metric_header_or_event_contains_personal_data() {
    let cluster = Cluster::start();
    let collector = Collector::start();
    let endpoint = collector.endpoint();
    let environment = [
        ("TEKSERU_LOG", "info,tekseru=debug"),
        ("TEKSERU_RETRY_SCALE", "0.001"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];
    let mut worker = cluster.worker_with("w1", &[], &environment);
    let mut maintenance = cluster.maintenance_with("k1", &environment);
    let folder = sample(&cluster, "PRIVATE-1", fixtures::applications::write_good);
    let mut application = uploaded(&cluster, &folder);
    use_personal_keys(&cluster, &mut application);
    // without faults, and with every kind of fault
    let early = json!({"application_id": "PRIVATE-1", "stage": application["stage"],
        "document": document(&application, "passport")});
    cluster.publish("passport.submitted", "p-0", "document.submitted", early);
    cluster.faults().once("GetObject", "uploads-portal/", Fault::Answer(403, "AccessDenied"));
    cluster.faults().once("PutObject", "evidence/", Fault::Answer(500, "InternalError"));
    cluster.faults().once("GetObject", "uploads-portal/PRIVATE-1/ERIKSSON", Fault::CutAfter(1000));
    cluster.publish("application.submitted", "p-1", "application.submitted", application.clone());
    cluster.await_complete("PRIVATE-1");
    // reading a verdict is audited
    cluster.succeed("operator", &["verdict", "PRIVATE-1"]);
    let mut bad = application.clone();
    bad["applicant"]["birth_date"] = "12 August 1974".into();
    bad["applicant"]["names"][0]["surname"] = json!({"ERIKSSON": "ANNA MARIA"});
    cluster.publish("application.submitted", "p-2", "application.submitted", bad);
    let mut conflict = application.clone();
    conflict["applicant"]["names"][0]["surname"] = "ERIKSSON-OTHER".into();
    cluster.publish("application.submitted", "p-1", "application.submitted", conflict);
    cluster.publish("nobody.knows", "p-3", "application.submitted", application.clone());
    cluster.submit(&small(&cluster, "PRIVATE-2"));
    cluster.await_complete("PRIVATE-2");
    cluster.await_empty();
    tests::services::wait_for("dead letters in the registry", tests::cluster::LIMIT, || {
        (cluster.sql("SELECT count(*) FROM dead_letters") == "3").then_some(())
    });

    let has_all = |exports: &[u8], words: &[&[u8]]| words.iter().all(|word| has(exports, word));
    let words: [&[u8]; 7] =
        [&TRACE, b"process", b"fetch", b"examine", b"judge", b"attach", b"dead_letter"];
    let traces = tests::services::wait_for("the traces", tests::cluster::LIMIT, || {
        Some(collector.exports()).filter(|exports| has_all(exports, &words))
    });
    let mut texts = vec![
        ("traces", String::from_utf8_lossy(&traces).into_owned()),
        ("logs", cluster.logs()),
        ("the broker's log", cluster.broker.log()),
        ("metrics of the worker", worker.get("/metrics").unwrap().1),
        ("metrics of maintenance", maintenance.get("/metrics").unwrap().1),
        ("readiness", worker.get("/readyz").unwrap().1),
        ("dead letters", cluster.succeed("operator", &["dead", "list", "--format", "json"])),
        ("status", cluster.succeed("operator", &["status", "--format", "json"])),
        ("keys", cluster.results("").join("\n")),
        ("the audit", cluster.sql("SELECT * FROM audit")),
        ("workers", cluster.sql("SELECT * FROM workers")),
        ("events to send", cluster.sql("SELECT * FROM events")),
    ];
    for event in cluster.events() {
        texts.push(("an event", format!("{} {}", event.properties, event.body)));
    }
    for (what, text) in texts.iter().filter(|(what, _)| what.starts_with("metrics")) {
        assert!(!text.contains("PRIVATE-"), "{what} contain an id");
    }
    texts.push(("the database's log", cluster.postgres.log()));
    // messages in the lanes, without their bodies
    drop(worker);
    let _intake = cluster.worker_with("w2", &["--lane", "application"], &environment);
    cluster.publish("application.submitted", "p-9", "application.submitted", application.clone());
    let early = json!({"application_id": "PRIVATE-3", "stage": application["stage"],
        "document": document(&application, "passport")});
    cluster.publish("passport.submitted", "p-10", "document.submitted", early);
    cluster.submit(&small(&cluster, "PRIVATE-4"));
    for queue in ["work.passport", "work.portrait"] {
        let metadata = tests::services::wait_for(queue, tests::cluster::LIMIT, || {
            Some(cluster.take_metadata(queue)).filter(|metadata| !metadata.is_empty())
        });
        texts.push(("a message in a lane", metadata));
    }
    let empty = texts.iter().find(|(_, text)| text.is_empty());
    assert!(empty.is_none(), "{empty:?}: nothing was checked");
    let secrets = secrets(&application);
    for (what, text) in &texts {
        for secret in &secrets {
            assert!(
                !contains(text, secret),
                "{what} contain `{secret}`:\n{}",
                text_around(text, secret)
            );
        }
    }
    // the verdict, which may contain personal data, does contain these secrets
    let verdict = cluster.verdict("PRIVATE-1").unwrap().to_string();
    assert!(secrets.iter().any(|secret| verdict.contains(secret)));
}

/// Gives the objects keys with a person's name, as some portals do.
fn use_personal_keys(cluster: &Cluster, application: &mut Value) {
    for document in application["documents"].as_array_mut().unwrap() {
        let key = document["object"]["key"].as_str().unwrap().to_owned();
        let id = document["document_id"].as_str().unwrap();
        let named = format!("PRIVATE-1/ERIKSSON ANNA MARIA L898902C3 {id}");
        let store = cluster.store();
        std::fs::copy(store.file("uploads-portal", &key), store.file("uploads-portal", &named))
            .unwrap();
        document["object"]["key"] = named.into();
    }
}

/// Ignores the fraction of a second, which may be any six digits.
fn contains(text: &str, secret: &str) -> bool {
    text.match_indices(secret).any(|(at, _)| !text[..at].ends_with('.'))
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

fn secrets(application: &Value) -> Vec<String> {
    let iin = application["applicant"]["iin"].as_str().unwrap();
    let names = ["ERIKSSON", "Eriksson", "ANNA MARIA", "L898902C3", "P<UTO"];
    let dates = ["1974-08-12", "740812", "12 August 1974", "12.08.1974", "2031-04-15", "310415"];
    names.into_iter().chain(dates).chain([iin]).map(str::to_owned).collect()
}

fn text_around<'a>(text: &'a str, secret: &str) -> &'a str {
    text.lines().find(|line| line.contains(secret)).unwrap_or_default()
}

/// Its memory contains passwords and uploads.
#[test]
fn a_crashed_worker_leaves_no_core_dump() {
    let cluster = Cluster::start();
    let mut worker = cluster.worker("w1");
    let limits = fs::read_to_string(format!("/proc/{}/limits", worker.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let values: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(values, ["0", "0"], "{core}");
    // not SEGV: the handler of Rust returns once
    worker.signal("ABRT");
    let status = worker.await_end();
    assert!(status.signal().is_some() && !status.core_dumped(), "{status}");
}
