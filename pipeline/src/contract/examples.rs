//! Examples of all messages and of `application.json`, made from the types.
//!
//! The examples of an examination and a verdict need the whole program:
//! `tests/tests/contract.rs` makes them.

use jiff::Timestamp;
use jiff::civil::date;
use serde::Serialize;
use serde_json::json;

use super::commands::{
    self, APPLICATION_SUBMITTED, APPLICATION_WITHDRAWN, ApplicationRef, DOCUMENT_REPLACED,
    DOCUMENT_SUBMITTED, DocumentReplaced, DocumentSubmitted, RECHECK_REQUESTED,
};
use super::events::{Accepted, ApplicationVerdictEvent, Deadline, DocumentVerdictEvent, Failed};
use super::message::{CloudEvent, EventData};
use crate::application::{Application, Document, Object};
use crate::kind::Kind;
use crate::programme::Step;
use crate::reason::Code;
use crate::status::Status;
use crate::verdict::Advice;

const APPLICATION: &str = "A-104";
const STAGE: &str = "residence-permit";
const PORTAL: &str = "urn:portal:example";
const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const FOLDER: &str = "applications/A-104/2-9f86d081884c7d65";
/// The SHA-256 of no bytes.
const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const SUBMITTED_AT: &str = "2026-01-01T18:59:59Z";

/// Returns the text of each example by the name of its file.
pub(super) fn examples() -> Vec<(&'static str, String)> {
    let mut examples = vec![("application", pretty(&application_in_a_folder()))];
    examples.extend(command_examples());
    examples.extend(event_examples());
    examples
}

fn command_examples() -> Vec<(&'static str, String)> {
    let application = ApplicationRef { application_id: APPLICATION.to_owned() };
    let first = DocumentSubmitted {
        application_id: APPLICATION.to_owned(),
        stage: STAGE.to_owned(),
        document: Document { sha256: Some(SHA256.to_owned()), ..passport() },
    };
    let replaced = DocumentReplaced {
        application_id: APPLICATION.to_owned(),
        stage: STAGE.to_owned(),
        replaces: "D-2".to_owned(),
        document: document("D-3", Kind::Portrait),
    };
    let later = "2026-01-05T06:00:00Z";
    vec![
        ("document.submitted", command(DOCUMENT_SUBMITTED, 1, "A-104/D-1", SUBMITTED_AT, first)),
        ("application.submitted", pretty(&application_submitted())),
        (
            "document.replaced",
            command(DOCUMENT_REPLACED, 3, "A-104/D-3", "2026-01-04T09:12:00Z", replaced),
        ),
        (
            "application.withdrawn",
            command(APPLICATION_WITHDRAWN, 4, APPLICATION, later, application.clone()),
        ),
        ("recheck.requested", command(RECHECK_REQUESTED, 5, APPLICATION, later, application)),
    ]
}

fn event_examples() -> Vec<(&'static str, String)> {
    let accepted = Accepted {
        command: APPLICATION_SUBMITTED.to_owned(),
        application_id: APPLICATION.to_owned(),
        documents: 2,
    };
    let failed = Failed {
        application_id: Some(APPLICATION.to_owned()),
        document_id: Some("D-2".to_owned()),
        code: "STORE_UNAVAILABLE".to_owned(),
        attempts: 8,
    };
    let deadline = Deadline {
        application_id: APPLICATION.to_owned(),
        step: Some(Step::Review),
        due: date(2026, 2, 15),
        days_left: 10,
        to_confirm: true,
    };
    vec![
        ("accepted", pretty(&answer(accepted, &[PORTAL, &command_id(2)]))),
        ("document.verdict", pretty(&with_reference(document_verdict()))),
        ("application.verdict", pretty(&with_reference(application_verdict()))),
        ("rejected", rejected()),
        ("failed", pretty(&answer(failed, &["dead letter"]))),
        (
            "deadline.approaching",
            pretty(&deadline.into_event("portal", "2026-02-05T06:00:00Z".parse().unwrap())),
        ),
    ]
}

fn application_in_a_folder() -> Application {
    let passport = Document {
        file: Some("passport.jpg".to_owned()),
        object: None,
        sha256: Some(SHA256.to_owned()),
        ..passport()
    };
    Application { documents: vec![passport, document("D-2", Kind::Portrait)], ..application() }
}

fn application_submitted() -> CloudEvent<Application> {
    let portrait =
        Document { media_type: Some("image/jpeg".to_owned()), ..document("D-2", Kind::Portrait) };
    let documents = vec![document("D-1", Kind::Passport), portrait];
    let application = Application { documents, ..application() };
    let message = message(APPLICATION_SUBMITTED, 2, APPLICATION, SUBMITTED_AT, application);
    let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    CloudEvent { traceparent: Some(traceparent.to_owned()), ..message }
}

fn application() -> Application {
    let application = json!({
        "application_id": APPLICATION,
        "stage": STAGE,
        "accepted_at": SUBMITTED_AT,
        "applicant": {
            "names": [{"script": "latin", "surname": "ERIKSSON", "given_names": "ANNA MARIA"}],
            "birth_date": "1974-08-12",
            "sex": "F",
            "iin": "740812400123",
            "citizenships": ["UTO"]
        }
    });
    serde_json::from_value(application).unwrap()
}

fn passport() -> Document {
    Document { media_type: Some("image/jpeg".to_owned()), ..document("D-1", Kind::Passport) }
}

fn document(id: &str, kind: Kind) -> Document {
    Document {
        document_id: id.to_owned(),
        kind,
        unknown_kind: None,
        file: None,
        object: Some(object("uploads", format!("{APPLICATION}/{id}"))),
        media_type: None,
        sha256: None,
    }
}

fn object(bucket: &str, key: String) -> Object {
    Object { bucket: bucket.to_owned(), key, version_id: None }
}

fn document_verdict() -> DocumentVerdictEvent {
    DocumentVerdictEvent {
        application_id: APPLICATION.to_owned(),
        document_id: "D-1".to_owned(),
        kind: Kind::Passport,
        outcome: Status::Fail,
        not_read: Vec::new(),
        reason_codes: vec![Code::ExpNotEnoughDays],
        sha256: Some(SHA256.to_owned()),
        digest: DIGEST.to_owned(),
        revision: 2,
        application_known: true,
    }
}

fn application_verdict() -> ApplicationVerdictEvent {
    ApplicationVerdictEvent {
        application_id: APPLICATION.to_owned(),
        stage: STAGE.to_owned(),
        revision: 2,
        complete: true,
        outcome: Status::Fail,
        advice: Advice::AskApplicant,
        not_read: vec![Kind::PassportTranslation, Kind::Questionnaire],
        reason_codes: vec![Code::DocNotRead, Code::ExpNotEnoughDays, Code::SetMissing],
        digest: DIGEST.to_owned(),
        programme: "kz-dnr-2026".to_owned(),
        on: date(2026, 1, 1),
        due: Some(date(2026, 2, 15)),
        due_to_confirm: true,
        verdict: object("results", format!("{FOLDER}/verdict.json")),
        report: object("results", format!("{FOLDER}/report.html")),
    }
}

/// The answer to an application whose first document is without an object key.
fn rejected() -> String {
    let mut message = serde_json::to_value(application_submitted()).unwrap();
    message["data"]["documents"][0]["object"] = json!({"bucket": "uploads"});
    let body = message.to_string();
    let rejection = commands::parse(body.as_bytes()).unwrap_err();
    pretty(&rejection.to_event("portal", body.as_bytes(), sent_at()))
}

fn command<D: Serialize>(kind: &str, number: u8, subject: &str, time: &str, data: D) -> String {
    pretty(&message(kind, number, subject, time, data))
}

fn message<D>(kind: &str, number: u8, subject: &str, time: &str, data: D) -> CloudEvent<D> {
    let (id, time) = (command_id(number), time.parse().unwrap());
    let message = CloudEvent::new(kind, id, Some(subject.to_owned()), time, data);
    CloudEvent { source: PORTAL.to_owned(), ..message }
}

fn command_id(number: u8) -> String {
    format!("5f0c6a52-1d6b-4f55-9d43-0d1b7a3f1c{number:02}")
}

/// An event that answers the submitted application.
fn answer<D: EventData>(data: D, id_parts: &[&str]) -> CloudEvent<D> {
    let event = CloudEvent::from_data(data, id_parts, sent_at());
    CloudEvent { causationid: Some(command_id(2)), ..event }
}

fn with_reference<D: EventData>(data: D) -> CloudEvent<D> {
    let dataref = Some(format!("s3://results/{FOLDER}/verdict.json"));
    CloudEvent { dataref, ..answer(data, &[DIGEST]) }
}

fn sent_at() -> Timestamp {
    "2026-01-01T19:00:02Z".parse().unwrap()
}

fn pretty(example: &impl Serialize) -> String {
    serde_json::to_string_pretty(example).unwrap() + "\n"
}
