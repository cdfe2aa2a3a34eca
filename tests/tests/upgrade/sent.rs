//! Applications that were sent, and what must be there of them.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tests::cluster::Cluster;

/// Applications that are sent at once.
const BATCH: usize = 4;

/// Applications that were sent, in their order.
#[derive(Default)]
pub(crate) struct Sent {
    ids: Vec<String>,
    withdrawn: Vec<String>,
    rechecks: usize,
}

impl Sent {
    /// Sends applications with a portrait of their own, one also with a passport.
    pub(crate) fn batch(&mut self, cluster: &Cluster) {
        for number in self.ids.len()..self.ids.len() + BATCH {
            let id = format!("UPGRADE-{number}");
            cluster.submit(&write(cluster, &id, number));
            self.ids.push(id);
        }
    }

    pub(crate) fn await_verdicts(&self, cluster: &Cluster) {
        for id in self.ids.iter().filter(|id| !self.withdrawn.contains(id)) {
            cluster.await_complete(id);
        }
    }

    /// Asks for every application to be judged again, also those that the other version examined.
    pub(crate) fn recheck(&mut self, cluster: &Cluster) {
        for id in &self.ids {
            self.rechecks += 1;
            let name = "recheck.requested";
            let data = json!({"application_id": id});
            cluster.publish("application.recheck", &format!("r-{}", self.rechecks), name, data);
        }
        cluster.await_empty();
    }

    pub(crate) fn withdraw_one(&mut self, cluster: &Cluster) {
        let id = self.ids[0].clone();
        let data = json!({"application_id": id});
        cluster.publish("application.withdrawn", "w-1", "application.withdrawn", data);
        cluster.await_empty();
        self.withdrawn.push(id);
    }

    /// Fails unless every application has its verdicts and events. A repeated event is equal.
    pub(crate) fn assert_whole(&self, cluster: &Cluster) {
        cluster.assert_all_told(&self.ids);
        for id in &self.ids {
            match self.withdrawn.contains(id) {
                true => assert_eq!(cluster.results(&format!("applications/{id}/")), [""; 0]),
                false => assert_revisions_stored(cluster, id),
            }
        }
        cluster.succeed("operator", &["audit", "verify"]);
    }
}

/// Fails unless the store has exactly the attached revisions of the registry, byte for byte.
fn assert_revisions_stored(cluster: &Cluster, id: &str) {
    let of_it = format!(
        "FROM revisions WHERE application_id = 'portal/{id}' AND scope = ''
        AND attached_at IS NOT NULL"
    );
    let count = cluster.sql(&format!("SELECT count(*) {of_it}"));
    let keys = cluster.results(&format!("applications/{id}/"));
    let is_revision = |key: &&String| {
        key.ends_with("/verdict.json") && !key.contains("/latest/") && !key.contains("/documents/")
    };
    let keys: Vec<&String> = keys.iter().filter(is_revision).collect();
    assert_eq!(keys.len().to_string(), count, "{keys:?}");
    for key in keys {
        let stored = String::from_utf8(cluster.result(key).unwrap()).unwrap();
        let verdict: Value = serde_json::from_str(&stored).unwrap();
        let revision = &verdict["envelope"]["revision"];
        let row = cluster.sql(&format!("SELECT verdict {of_it} AND revision = {revision}"));
        assert_eq!(row, stored, "{key}");
    }
    let newest = format!("SELECT verdict {of_it} ORDER BY revision DESC LIMIT 1");
    let latest = cluster.verdict(id).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&cluster.sql(&newest)).unwrap(), latest);
}

/// Writes an application with a portrait of other bytes than those of its neighbours.
fn write(cluster: &Cluster, id: &str, number: usize) -> PathBuf {
    let folder = cluster.scratch(id);
    fixtures::applications::write_good(&folder).unwrap();
    let portrait = folder.join("portrait.jpg");
    let picture = image::open(&portrait).unwrap().into_rgb8();
    let bytes = fixtures::encode::jpeg(&picture, 95 - (number % 60) as u8);
    fs::write(&portrait, &bytes).unwrap();
    let kinds: &[&str] =
        if number.is_multiple_of(BATCH) { &["portrait", "passport"] } else { &["portrait"] };
    let file = folder.join("application.json");
    let mut application: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    application["application_id"] = id.into();
    let documents = application["documents"].as_array_mut().unwrap();
    documents.retain(|document| kinds.contains(&document["kind"].as_str().unwrap()));
    for document in documents.iter_mut().filter(|document| document["kind"] == "portrait") {
        document["sha256"] = fixtures::applications::sha256(&bytes).into();
    }
    fs::write(&file, application.to_string()).unwrap();
    folder
}
