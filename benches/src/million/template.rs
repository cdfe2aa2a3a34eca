//! One real application, taken through the cluster: every other one is a copy of its rows.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use fixtures::files::FixtureError;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use pipeline::application::Application;
use pipeline::examination::Examination;
use pipeline::programme::Programme;
use pipeline::verdict::{Body, Verdict, canonical_json};
use pipeline::{Case, ExaminationOutcome};
use serde_json::Value;
use tests::cluster::Cluster;

/// Ids of the two applications; the ids of their copies are as long.
const FULL: &str = "M-TEMPLATE";
const PAPERS: &str = "P-TEMPLATE";

/// What the copies are made from.
pub struct Template {
    /// The portal's id of the application.
    pub id: &'static str,
    /// What the registry puts before the portal's id.
    pub prefix: String,
    /// The day after that of its verdict.
    pub today: Date,
    /// Hashes of its documents.
    pub sha256s: Vec<String>,
    /// Scope `''` of the latest revision, judged for yesterday.
    pub digest: String,
    /// Its body, as it is digested.
    pub canonical: String,
}

/// Submits two applications of five documents, one with passport and portrait and one of
/// papers, waits for their verdicts, and replaces these by those of yesterday, so that a day
/// has passed for every copy.
///
/// # Panics
/// When the cluster fails.
#[must_use]
pub fn make(cluster: &Cluster) -> [Template; 2] {
    let worker = cluster.worker("template");
    submit(cluster, FULL, fixtures::applications::write_flawed);
    submit(cluster, PAPERS, fixtures::applications::write_good);
    drop(worker);
    // the reminders that are due, and whatever else a new application needs
    cluster.succeed("maintenance", &["maintain", "--once"]);
    [FULL, PAPERS].map(|id| judge_for_yesterday(cluster, id))
}

fn submit(cluster: &Cluster, id: &str, write: fn(&Path) -> Result<(), FixtureError>) {
    let folder = cluster.scratch(id);
    write(&folder).expect("fonts are installed");
    let file = folder.join("application.json");
    let form = fs::read(&file).expect("it was written");
    let mut form: Value = serde_json::from_slice(&form).expect("an application is JSON");
    form["application_id"] = id.into();
    let accepted_at = Timestamp::now() - SignedDuration::from_hours(4 * 24);
    form["accepted_at"] = accepted_at.to_string().into();
    if id == PAPERS {
        let documents = form["documents"].as_array_mut().expect("a list");
        documents.retain(|document| document["media_type"] == "application/pdf");
        let mut cv = documents[0].clone();
        (cv["document_id"], cv["kind"]) = ("D-7".into(), "cv".into());
        documents.push(cv);
    }
    fs::write(&file, form.to_string()).expect("the folder can be written");
    cluster.succeed("portal", &["submit", "--wait", folder.to_str().expect("UTF-8")]);
}

fn judge_for_yesterday(cluster: &Cluster, id: &'static str) -> Template {
    let own = format!("application_id LIKE '%{id}'");
    let stored = cluster.sql(&format!("SELECT application_id FROM applications WHERE {own}"));
    let prefix = stored.strip_suffix(id).expect("its id ends so").to_owned();
    let text = |sql: &str| cluster.sql(&format!("{sql} AND {own}"));
    let application = text("SELECT body FROM applications WHERE true");
    let application: Application = serde_json::from_str(&application).expect("a form");
    assert_eq!(application.documents.len(), 5, "{id}");
    let received_at = text("SELECT received_at FROM applications WHERE true");
    let received_at = received_at.parse().expect("an instant");
    let examinations = examinations(cluster, &own);
    let judge = |on: Date| judge(&application, &examinations, received_at, on);

    let number = text("SELECT max(revision) FROM revisions WHERE scope = ''");
    let latest = format!("SELECT verdict FROM revisions WHERE scope = '' AND revision = {number}");
    let latest: Verdict = serde_json::from_str(&text(&latest)).expect("a verdict");
    let again = Verdict::new(judge(latest.body.on), latest.envelope.clone());
    assert_eq!(again.digest, latest.digest, "this program judges as the cluster does");

    let yesterday = latest.body.on.yesterday().expect("a day");
    let verdict = Verdict::new(judge(yesterday), latest.envelope.clone());
    let update = format!(
        "UPDATE revisions SET verdict = {}, digest = '{}', judged_on = '{yesterday}'
         WHERE scope = '' AND revision = {number} AND {own};
         UPDATE events SET body = replace(body, '{}', '{}') WHERE {own}",
        quoted(&serde_json::to_string(&verdict).expect("a verdict is JSON")),
        verdict.digest,
        latest.digest,
        verdict.digest
    );
    let _ = cluster.sql(&update);
    let mut sha256s: Vec<String> = examinations.values().map(|e| e.sha256.clone()).collect();
    sha256s.sort();
    sha256s.dedup();
    let canonical = canonical_json(&verdict.body);
    let today = latest.body.on;
    Template { id, prefix, today, sha256s, digest: verdict.digest, canonical }
}

/// Returns the examinations by document id.
fn examinations(cluster: &Cluster, own: &str) -> BTreeMap<String, Examination> {
    let all = cluster.sql(&format!(
        "SELECT json_agg(json_build_array(d.document_id, e.body)) FROM documents d
         JOIN examinations e USING (sha256, kind, examiner) WHERE {own}"
    ));
    let all: Vec<(String, String)> = serde_json::from_str(&all).expect("JSON");
    let read = |body: String| serde_json::from_str(&body).expect("an examination");
    all.into_iter().map(|(id, body)| (id, read(body))).collect()
}

fn judge(
    application: &Application,
    examinations: &BTreeMap<String, Examination>,
    received_at: Timestamp,
    on: Date,
) -> Body {
    let examined = examinations.iter();
    let case = Case {
        application,
        examinations: examined
            .map(|(id, one)| (id.as_str(), ExaminationOutcome::Examined(one)))
            .collect(),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at,
        on,
    };
    pipeline::judge(&case).expect("the programme has the stage")
}

/// Returns text as a literal of SQL.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
