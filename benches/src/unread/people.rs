//! Passports and portraits that pass, judged alone.

use std::collections::BTreeMap;

use fixtures::degrade::Degradation;
use fixtures::passport::{self, Sex, Specimen};
use fixtures::portrait::{self, Portrait};
use fixtures::{encode, iin};
use jiff::Timestamp;
use jiff::civil::date;
use pipeline::application::Application;
use pipeline::examination::Examination;
use pipeline::examine::examine;
use pipeline::kind::Kind;
use pipeline::open::Limits;
use pipeline::programme::Programme;
use pipeline::status::Status;
use pipeline::verdict::Body;
use pipeline::{Case, ExaminationOutcome, judge};
use serde_json::{Value, json};

/// Passports with the forms of their holders, and portraits.
pub struct People {
    /// Examined passports that pass, each with the form that fits.
    pub passports: Vec<(Examination, Value)>,
    /// Examined portraits that pass.
    pub portraits: Vec<Examination>,
    /// Numbers of passports and of portraits that were drawn.
    pub drawn: [usize; 2],
}

/// Draws passports and portraits by seed, and keeps those that pass.
///
/// # Panics
/// When a font is missing.
#[must_use]
pub fn good_people(count: u64) -> People {
    let mut people = People { passports: Vec::new(), portraits: Vec::new(), drawn: [0; 2] };
    for seed in 0..count {
        let specimen = holder(seed);
        let page = passport::draw(&specimen).expect("fonts are installed");
        let passport = examined(&encode::jpeg(&page, 92), Kind::Passport);
        let form = form(&specimen);
        people.drawn[0] += 1;
        if passes(Kind::Passport, &passport, &form) {
            people.passports.push((passport, form));
        }
        let portrait = examined(&print(seed), Kind::Portrait);
        people.drawn[1] += 1;
        if passes(Kind::Portrait, &portrait, &json!({})) {
            people.portraits.push(portrait);
        }
    }
    people
}

/// Examines a file with the usual limits.
#[must_use]
pub fn examined(untrusted: &[u8], kind: Kind) -> Examination {
    examine(untrusted, kind, &Limits::for_kind(kind)).examination
}

/// A random holder whose passport is valid until 2031.
fn holder(seed: u64) -> Specimen {
    let Specimen { document_code, issue, expiry, .. } = Specimen::eriksson();
    Specimen { document_code, issue, expiry, ..Specimen::random(seed) }
}

/// A scanned print of 35x45 mm, whose head, place and grain depend on the seed.
fn print(seed: u64) -> Vec<u8> {
    let shift = (seed % 5) as f32 * 0.2 - 0.4;
    let portrait = Portrait {
        head_mm: 34.0 + shift,
        aside_mm: shift,
        width_px: 413,
        height_px: 531,
        ..Portrait::default()
    };
    let scan = Degradation { noise: 2.5, ..Degradation::none(seed) };
    encode::jpeg(&scan.apply(&portrait::draw(&portrait).0), 92)
}

fn form(specimen: &Specimen) -> Value {
    let mut form = json!({
        "birth_date": specimen.birth.to_string(),
        "citizenships": [specimen.nationality],
        "names": [{
            "script": "latin", "surname": specimen.surname, "given_names": specimen.given_names
        }],
    });
    if specimen.sex != Sex::Unspecified {
        form["iin"] = iin::generate(specimen.birth, specimen.sex, 12).into();
        form["sex"] = specimen.sex.to_string().into();
    }
    form
}

/// Returns whether a document has the outcome `pass` in an application of its own.
fn passes(kind: Kind, examination: &Examination, form: &Value) -> bool {
    let documents = json!([{"document_id": "D-1", "kind": kind, "file": "f"}]);
    let application = application("A-1", "residence-permit", form, &documents);
    let outcomes = [("D-1", ExaminationOutcome::Examined(examination))];
    let body = judged(&application, outcomes.into(), Programme::built_in());
    body.documents.iter().all(|document| document.outcome == Status::Pass)
}

/// Parses an application that was accepted in January 2026.
///
/// # Panics
/// When it does not fit.
#[must_use]
pub fn application(id: &str, stage: &str, form: &Value, documents: &Value) -> Application {
    let application = json!({
        "application_id": id, "stage": stage, "accepted_at": "2026-01-05T06:00:00Z",
        "applicant": form, "documents": documents
    });
    Application::parse(application.to_string().as_bytes()).expect("the application fits")
}

/// Judges an application on the day after its acceptance.
///
/// # Panics
/// When no programme has its stage.
#[must_use]
pub fn judged(
    application: &Application,
    examinations: BTreeMap<&str, ExaminationOutcome<'_>>,
    programmes: &[Programme],
) -> Body {
    judge(&Case {
        application,
        examinations,
        guessed_kinds: BTreeMap::new(),
        programmes,
        received_at: Timestamp::UNIX_EPOCH,
        on: date(2026, 1, 6),
    })
    .expect("the programme has the stage")
}
