//! Uploads that are overwritten, or deleted, and named by a new command.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tests::cluster::{Cluster, LIMIT};
use tests::services::wait_for;

use crate::assertions::codes_of;
use crate::samples::{document, small, tiny, uploaded};

/// An application with one upload, which its portal overwrites.
pub(super) struct Portal<'a> {
    cluster: &'a Cluster,
    application: Value,
    pub(super) file: PathBuf,
    first: Vec<u8>,
}

impl<'a> Portal<'a> {
    /// Uploads a portrait; commands about it name neither its hash nor a version.
    pub(super) fn new(cluster: &'a Cluster, id: &str) -> Self {
        Self::with(cluster, &tiny(cluster, id))
    }

    /// Uploads the documents of a folder; commands about its portrait name neither hash
    /// nor version.
    fn with(cluster: &'a Cluster, folder: &Path) -> Self {
        let mut application = uploaded(cluster, folder);
        let documents = application["documents"].as_array_mut().unwrap();
        let document = documents.iter_mut().find(|document| document["kind"] == "portrait");
        let document = document.unwrap().as_object_mut().unwrap();
        document.remove("sha256");
        let file =
            cluster.store().file("uploads-portal", document["object"]["key"].as_str().unwrap());
        let first = fs::read(&file).unwrap();
        Self { cluster, application, file, first }
    }

    fn id(&self) -> &str {
        self.application["application_id"].as_str().unwrap()
    }

    /// Overwrites the upload with the first picture and some bytes after it.
    pub(super) fn overwrite(&self, number: u8) -> String {
        let mut bytes = self.first.clone();
        bytes.extend(vec![0; number.into()]);
        fs::write(&self.file, &bytes).unwrap();
        fixtures::applications::sha256(&bytes)
    }

    pub(super) fn submit(&self, command: &str) {
        let (name, data) = ("application.submitted", self.application.clone());
        self.cluster.publish(name, command, name, data);
    }

    pub(super) fn submit_document(&self, command: &str, name: &str, sha256: Option<&str>) {
        let mut document = document(&self.application, "portrait");
        if let Some(sha256) = sha256 {
            document["sha256"] = sha256.into();
        }
        let mut data = json!({"application_id": self.application["application_id"],
            "stage": self.application["stage"], "document": document});
        data["replaces"] = document["document_id"].clone();
        let key = format!("portrait.{}", name.rsplit('.').next().unwrap());
        self.cluster.publish(&key, command, name, data);
    }

    /// Waits for the verdict about a file.
    pub(super) fn await_file(&self, sha256: &str) -> Value {
        let id = self.application["application_id"].as_str().unwrap();
        let verdict =
            self.cluster.await_verdict(id, |now| now["body"]["documents"][0]["sha256"] == sha256);
        self.cluster.await_empty();
        verdict
    }

    fn revisions(&self) -> String {
        let query = "SELECT count(*) FROM revisions WHERE application_id = ";
        self.cluster.sql(&format!("{query}'portal/{}'", self.id()))
    }

    /// Waits until a number of rounds were requested and completed.
    fn await_rounds(&self, number: u8) {
        let id = self.id();
        let query = format!(
            "SELECT count(*) FROM documents WHERE application_id = 'portal/{id}' \
             AND rounds_requested = {number} AND rounds_completed = {number}"
        );
        wait_for("the rounds", LIMIT, || (self.cluster.sql(&query) == "1").then_some(()));
    }

    /// Returns the commands that were answered with a verdict on the document, in order.
    fn answered(&self) -> Vec<Value> {
        let events = self.cluster.events_of(self.id(), "document.verdict");
        events.iter().map(|event| event.body["causationid"].clone()).collect()
    }
}

fn fetches(cluster: &Cluster) -> usize {
    let requests = cluster.faults().requests();
    requests
        .iter()
        .filter(|r| r.operation == "GetObject" && r.path.contains("/uploads-portal/"))
        .count()
}

#[test]
fn a_new_command_has_an_overwritten_upload_examined_again() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let portal = Portal::new(&cluster, "OVERWRITTEN-1");
    let first = portal.overwrite(0);
    portal.submit("s-1");
    portal.await_file(&first);
    assert_eq!(portal.revisions(), "1");

    // a repeated delivery is not a new command
    let second = portal.overwrite(1);
    let before = fetches(&cluster);
    portal.submit("s-1");
    cluster.await_empty();
    assert_eq!((fetches(&cluster), portal.revisions().as_str()), (before, "1"));

    portal.submit("s-2");
    portal.await_file(&second);
    let third = portal.overwrite(2);
    portal.submit_document("s-3", "document.submitted", None);
    portal.await_file(&third);
    let fourth = portal.overwrite(3);
    portal.submit_document("s-4", "document.replaced", None);
    portal.await_file(&fourth);
    assert_eq!(portal.revisions(), "4");

    // the same bytes: fetched, known, and answered
    let before = fetches(&cluster);
    portal.submit_document("s-5", "document.submitted", None);
    cluster.await_empty();
    assert_eq!((fetches(&cluster), portal.revisions().as_str()), (before + 1, "4"));
    assert_eq!(portal.answered(), ["s-1", "s-2", "s-3", "s-4", "s-5"]);
}

#[test]
fn a_hash_that_the_upload_no_longer_has_is_reported() {
    let cluster = Cluster::start();
    let _worker = cluster.worker("w1");
    let portal = Portal::new(&cluster, "OVERWRITTEN-2");
    let first = portal.overwrite(0);
    portal.submit("h-1");
    portal.await_file(&first);
    let has_mismatch =
        |now: &Value| codes_of(now, "portrait").contains(&"FILE_HASH_MISMATCH".to_owned());

    let second = portal.overwrite(1);
    portal.submit_document("h-2", "document.submitted", Some(&first));
    let verdict = portal.await_file(&second);
    assert!(has_mismatch(&verdict), "{verdict}");
    // the portal restores the upload, and sends the same data as a new command
    portal.overwrite(0);
    portal.submit_document("h-3", "document.submitted", Some(&first));
    let verdict = portal.await_file(&first);
    assert!(!has_mismatch(&verdict), "{verdict}");
    // an examination by that hash is no answer for a command that names another
    portal.submit_document("h-4", "document.submitted", Some(&second));
    let verdict = cluster.await_verdict("OVERWRITTEN-2", has_mismatch);
    assert_eq!(verdict["body"]["documents"][0]["sha256"], *first);
}

/// A command about an upload that may be another one is not answered by what was read before.
#[test]
fn no_complete_verdict_is_about_bytes_that_may_be_gone() {
    let cluster = Cluster::start();
    let mut worker = cluster.worker("w1");
    let portal = Portal::with(&cluster, &small(&cluster, "OVERWRITTEN-4"));
    let first = portal.overwrite(0);
    portal.submit("b-1");
    let has = |hash: &str| {
        let hash = hash.to_owned();
        move |now: &Value| now["body"]["complete"] == true && now.to_string().contains(&hash)
    };
    cluster.await_verdict("OVERWRITTEN-4", has(&first));
    cluster.await_empty();
    worker.kill();
    let before: u32 = portal.revisions().parse().unwrap();
    let second = portal.overwrite(1);
    portal.submit("b-2");
    let _worker = cluster.worker("w2");
    cluster.await_verdict("OVERWRITTEN-4", has(&second));
    cluster.await_empty();
    let later = format!("SELECT count(*) FROM revisions WHERE revision > {before}");
    assert!(cluster.sql(&later).parse::<u32>().unwrap() > 0);
    let untrue = format!("{later} AND complete = 1 AND verdict NOT LIKE '%{second}%'");
    assert_eq!(cluster.sql(&untrue), "0");
}

/// Two rounds for one file: the worker that fetched it first finishes last.
#[test]
fn a_late_worker_does_not_undo_a_later_round() {
    let cluster = Cluster::start();
    let worker = cluster.worker("w0");
    let portal = Portal::new(&cluster, "OVERWRITTEN-3");
    let first = portal.overwrite(0);
    portal.submit("c-1");
    portal.await_file(&first);
    drop(worker);

    let folder = cluster.scratch("wait");
    fs::create_dir(&folder).unwrap();
    let at = format!("fetched:{}", folder.display());
    let _late = cluster.worker_with("late", &[], &[("TEKSERU_WAIT_AT", &at)]);
    portal.overwrite(1);
    portal.submit_document("c-2", "document.submitted", None);
    wait_for("the first fetch", LIMIT, || fs::read_dir(&folder).unwrap().next().map(drop));
    let _second = cluster.worker("second");
    let third = portal.overwrite(2);
    portal.submit_document("c-3", "document.submitted", None);
    let id = portal.id();
    let verdict = cluster.await_verdict(id, |now| now["body"]["documents"][0]["sha256"] == *third);
    fs::write(folder.join("go"), "").unwrap();
    cluster.await_empty();
    assert_eq!(cluster.verdict(id).unwrap()["digest"], verdict["digest"]);
    assert_eq!(portal.revisions(), "2");
    let mut answered = portal.answered();
    answered.sort_by_key(Value::to_string);
    assert_eq!(answered, ["c-1", "c-2", "c-3"], "each command is answered");
}

#[test]
fn an_earlier_examination_stands_only_for_a_named_hash() {
    let cluster = Cluster::start();
    let soon = [("TEKSERU_RETRY_SCALE", "0.0001")];
    let worker = cluster.worker_with("w1", &[], &soon);
    let portal = Portal::new(&cluster, "DELETED-1");
    let first = portal.overwrite(0);
    portal.submit_document("g-1", "document.submitted", Some(&first));
    portal.await_rounds(1);
    cluster.await_empty();
    drop(worker);

    // another examiner, which would examine again
    let _worker = cluster.worker_with("w2", &["--seconds", "59"], &soon);
    let examiners = "SELECT count(DISTINCT examiner) FROM documents WHERE application_id = \
        'portal/DELETED-1' AND examiner LIKE '%limits@%'";
    fs::remove_file(&portal.file).unwrap();
    portal.submit_document("g-2", "document.submitted", Some(&first));
    portal.await_rounds(2);
    assert_eq!(portal.revisions(), "1", "the examination of these bytes stands");
    assert_eq!(cluster.sql(examiners), "0");
    portal.overwrite(0);
    portal.submit_document("g-3", "document.submitted", Some(&first));
    portal.await_rounds(3);
    assert_eq!(cluster.sql(examiners), "1", "it examines anew");

    // without a hash nobody knows whether it would be the same file
    portal.submit("g-4");
    portal.await_file(&first);
    fs::remove_file(&portal.file).unwrap();
    portal.submit("g-5");
    let is_missing = |now: &Value| codes_of(now, "portrait").contains(&"FILE_NOT_FOUND".to_owned());
    cluster.await_verdict("DELETED-1", is_missing);
    assert_eq!(cluster.messages("dead"), 0);
}
