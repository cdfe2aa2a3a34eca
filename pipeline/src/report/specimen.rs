//! Applications made by hand and judged by the real `judge`, for tests.

use std::collections::BTreeMap;

use jiff::civil::date;
use serde_json::json;

use crate::application::{Applicant, Application};
use crate::examination::Examination;
use crate::judge::{Case, ExaminationOutcome, judge};
use crate::programme::Programme;
use crate::verdict::{Envelope, Verdict};

pub(super) const SURNAME: &str = "ERIKSSON";
pub(super) const NUMBER: &str = "L898902C3";
pub(super) const PERSONAL: &str = "ZE184226B";
pub(super) const IIN: &str = "740812400123";
/// Every personal value that no masked page may hold.
pub(super) const PERSONAL_VALUES: [&str; 10] = [
    SURNAME,
    "ERIKSEN",
    "ANNA",
    "MARIA",
    NUMBER,
    PERSONAL,
    IIN,
    "1974-08-12",
    "740812",
    "12 August 1974",
];

/// Returns bytes that begin like a PNG. The comment makes copy and original differ.
pub(super) fn png(comment: &str) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend_from_slice(format!("[{comment}]").as_bytes());
    bytes
}

pub(super) struct Specimen {
    pub(super) application: Application,
    pub(super) verdict: Verdict,
    pub(super) pictures: BTreeMap<String, Vec<u8>>,
}

impl Specimen {
    pub(super) fn applicant(&self) -> Option<&Applicant> {
        Some(&self.application.applicant)
    }
}

/// Exactly 180 days of validity, another surname in the form, a head that is
/// too large, a clearance that has not arrived, a missing petition.
pub(super) fn troubled() -> Specimen {
    let application = Application::parse(json!({
        "application_id": "A-104", "stage": "residence-permit",
        "accepted_at": "2026-01-01T09:30:00Z",
        "applicant": {
            "names": [{"script": "latin", "surname": "ERIKSEN", "given_names": "ANNA MARIA"}],
            "birth_date": "1974-08-12", "sex": "F", "iin": IIN, "citizenships": ["UTO"]
        },
        "documents": [
            {"document_id": "D-1", "kind": "passport", "file": "passport.jpg", "media_type": "image/jpeg"},
            {"document_id": "D-2", "kind": "portrait", "file": "anna-eriksson.jpg"},
            {"document_id": "D-3", "kind": "police_clearance", "file": "clearance.pdf"},
            {"document_id": "D-4", "kind": "questionnaire", "file": "form.pdf"},
            {"document_id": "D-5", "kind": "tax_return", "file": "tax.pdf"}
        ]
    }).to_string().as_bytes()).unwrap();
    judged(
        application,
        &[
            ("D-1", passport("260630")),
            ("D-2", portrait(38.4)),
            ("D-4", locked()),
            ("D-5", paper()),
        ],
    )
}

/// An application without findings, whose passport has printed fields too.
pub(super) fn quiet() -> Specimen {
    let mut documents = vec![
        json!({"document_id": "D-1", "kind": "passport", "file": "1"}),
        json!({"document_id": "D-2", "kind": "portrait", "file": "2"}),
    ];
    let mut seen = vec![("D-1", printed_passport()), ("D-2", portrait(34.1))];
    for (id, kind) in [
        ("D-3", "passport_translation"),
        ("D-4", "petition"),
        ("D-5", "police_clearance"),
        ("D-6", "questionnaire"),
    ] {
        documents.push(json!({"document_id": id, "kind": kind, "file": id}));
        seen.push((id, paper()));
    }
    let application = Application::parse(json!({
        "application_id": "A-105", "stage": "residence-permit", "accepted_at": "2026-01-01T09:30:00Z",
        "applicant": {
            "names": [{"script": "latin", "surname": SURNAME, "given_names": "ANNA MARIA"}],
            "birth_date": "1974-08-12", "sex": "F", "iin": "740812400004", "citizenships": ["UTO"]
        },
        "documents": documents
    }).to_string().as_bytes()).unwrap();
    judged(application, &seen)
}

fn judged(application: Application, examinations: &[(&str, Examination)]) -> Specimen {
    let case = Case {
        application: &application,
        examinations: examinations
            .iter()
            .map(|(id, one)| (*id, ExaminationOutcome::Examined(one)))
            .collect(),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: "2026-01-01T09:30:00Z".parse().unwrap(),
        on: date(2026, 1, 12),
    };
    let mut body = judge(&case).unwrap();
    // the snapshots must not change with every release and rule file
    body.versions.insert("judge".to_owned(), "0.1.0".to_owned());
    body.dates.tzdb = "2026a".to_owned();
    body.programme.sha256 = "cd".repeat(32);
    let envelope = Envelope {
        revision: 2,
        previous_digest: Some(format!("sha256:{}", "ab".repeat(32))),
        produced_at: Some("2026-01-12T04:05:06Z".parse().unwrap()),
        worker: "worker-1".to_owned(),
        sandbox: crate::verdict::Sandbox::On,
        timings_ms: BTreeMap::from([("D-1 examine".to_owned(), 412.4), ("judge".to_owned(), 0.6)]),
    };
    let pictures = body.evidence.iter().map(|one| (one.id.clone(), png(&one.id))).collect();
    let digest = format!("sha256:{}", "ef".repeat(32));
    let verdict = Verdict { digest, ..Verdict::new(body, envelope) };
    Specimen { application, verdict, pictures }
}

fn examination(kind: &str, media_type: &str, rest: &serde_json::Value) -> Examination {
    let mut all = json!({
        "examiner": "tekseru-pipeline/0.1.0", "kind": kind, "sha256": "9f".repeat(32),
        "bytes": 812_331, "media_type": media_type, "page_count": 1,
        "pages": [{"number": 1, "width": 1500, "height": 1060, "dpi": null, "rotation": 0, "origin": "image"}],
        "fields": [], "zones": [], "reasons": [], "evidence": []
    });
    let table = all.as_object_mut().unwrap();
    table.extend(rest.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

fn passport(expiry: &str) -> Examination {
    let pair = |at: usize| &expiry[at..at + 2];
    let field = |name: &str, value: &str, raw: &str, years: &[i16]| {
        json!({
            "name": name, "value": value, "raw": raw, "source": "mrz", "page": 1, "polygon": [],
            "confidence": 0.98, "changed": 0, "possible_years": years, "sure": true, "basis": "zone+visual",
            "evidence": "zone-1"
        })
    };
    let year: i16 = pair(0).parse().unwrap();
    let expiry_value = format!("{}-{}-{}", pair(0), pair(2), pair(4));
    let evidence = |id: &str, masked: Option<&str>| {
        json!({
            "id": id, "kind": "crop", "page": 1, "polygon": [], "media_type": "image/png",
            "width": 1200, "height": 150, "sha256": "00".repeat(32), "masked": masked
        })
    };
    examination(
        "passport",
        "image/jpeg",
        &json!({
            "fields": [
                field("document_type", "P", "P<", &[]),
                field("issuing_state", "UTO", "UTO", &[]),
                field("document_number", NUMBER, "L898902C3", &[]),
                field("surname", SURNAME, "ERIKSSON", &[]),
                field("given_names", "ANNA MARIA", "ANNA<MARIA", &[]),
                field("nationality", "UTO", "UTO", &[]),
                field("date_of_birth", "74-08-12", "740812", &[1974]),
                field("sex", "F", "F", &[]),
                field("date_of_expiry", &expiry_value, expiry, &[1900 + year, 2000 + year]),
                field("personal_number", PERSONAL, "ZE184226B<<<<<", &[])
            ],
            "zones": [{
                "format": "TD3", "lines": ["P<UTO", ""], "changed": 0, "page": 1, "polygon": [], "rotation": 0.0,
                "confidence": 0.98, "check_digits": {
                    "document_number": "valid", "date_of_birth": "valid", "date_of_expiry": "valid",
                    "personal_number": "valid", "composite": "valid"
                }
            }],
            "evidence": [evidence("zone-1", Some("zone-1-masked")), evidence("zone-1-masked", None)]
        }),
    )
}

/// A passport with three printed fields, a picture of the line of each, and one of
/// the zone's own date of expiry.
fn printed_passport() -> Examination {
    let mut passport = passport("310630");
    let field = |name: &str, value: &str, raw: &str| {
        serde_json::from_value(json!({
            "name": name, "value": value, "raw": raw, "source": "visual", "page": 1, "polygon": [],
            "confidence": 0.97, "changed": 0, "sure": true, "basis": "zone+visual",
            "evidence": format!("visual-{name}")
        }))
    };
    let line = |id: &str, masked: Option<&str>| {
        serde_json::from_value(json!({
            "id": id, "kind": "crop", "page": 1, "polygon": [], "media_type": "image/png",
            "width": 210, "height": 34, "sha256": "00".repeat(32), "masked": masked
        }))
    };
    passport.fields.extend([
        field("surname", SURNAME, SURNAME).unwrap(),
        field("date_of_expiry", "2031-06-30", "30 JUN 2031").unwrap(),
        field("date_of_issue", "2021-07-01", "01 JUL 2021").unwrap(),
    ]);
    passport.evidence.extend([
        line("visual-surname", Some("visual-surname-masked")).unwrap(),
        line("visual-surname-masked", None).unwrap(),
        line("visual-date_of_expiry", None).unwrap(),
        line("zone-date_of_expiry", None).unwrap(),
        line("visual-date_of_issue", None).unwrap(),
    ]);
    passport
}

fn portrait(head: f64) -> Examination {
    let mm = |value: f64| json!({"value": value, "unit": "mm", "interval": [value - 0.9, value + 0.8], "confidence": 0.86});
    let plain = |value: f64, unit: &str| json!({"value": value, "unit": unit, "confidence": 1.0});
    let mut measures = json!({
        "aspect_ratio": plain(0.778, "ratio"), "width_px": plain(700.0, "px"),
        "height_px": plain(900.0, "px"), "colour": plain(0.31, "share"),
        "head_height_hair_mm": mm(head + 1.6), "head_height_skull_mm": mm(head), "eye_line_mm": mm(27.3)
    });
    let programme = Programme::built_in().last().unwrap();
    for (name, range) in &programme.rules.portrait_measures {
        measures[name] = plain(range.low.or(range.high).unwrap(), "share");
    }
    examination(
        "portrait",
        "image/jpeg",
        &json!({
            "portrait": {
                "faces": [{"box": [100.0, 150.0, 280.0, 330.0], "confidence": 0.93}],
                "measures": measures
            },
            "evidence": [{
                "id": "portrait", "kind": "overlay", "page": 1, "polygon": [], "media_type": "image/png",
                "width": 420, "height": 540, "sha256": "00".repeat(32)
            }]
        }),
    )
}

fn locked() -> Examination {
    examination(
        "questionnaire",
        "application/pdf",
        &json!({
            "pages": [], "reasons": [{"code": "FILE_ENCRYPTED"}]
        }),
    )
}

fn paper() -> Examination {
    examination("other", "application/pdf", &json!({}))
}
