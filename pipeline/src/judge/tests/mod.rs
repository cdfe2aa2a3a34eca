//! Whole judgements of small cases.

mod application;
mod applied_rules;
mod days;
mod form;
mod form_names;
mod passport;
mod portrait;
mod stages;
mod unread;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Case, ExaminationOutcome, judge};
use crate::application::Application;
use crate::examination::{
    Basis, CheckDigit, CheckDigits, Examination, Field, FieldName, Page, PageOrigin, Source, Zone,
    ZoneFormat,
};
use crate::examine::unreadable;
use crate::kind::Kind;
use crate::programme::Programme;
use crate::reason::{Code, Reason};
use crate::verdict::{Body, Check};

fn parse_application(json: &str) -> Application {
    Application::parse(json.as_bytes()).unwrap()
}

fn field(name: FieldName, value: &str, years: &[i16]) -> Field {
    Field {
        name,
        value: value.to_owned(),
        raw: value.replace('-', ""),
        source: Source::Mrz,
        page: 1,
        polygon: vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]],
        confidence: 0.99,
        alternatives: Vec::new(),
        changed: 0,
        possible_years: years.to_vec(),
        sure: true,
        basis: Some(Basis::Zone),
        evidence: Some("zone-1".to_owned()),
    }
}

fn examined(kind: Kind) -> Examination {
    let mut examination = unreadable(b"bytes", kind, Reason::new(Code::FileEmpty));
    examination.reasons.clear();
    examination.page_count = 1;
    examination.pages = vec![Page {
        number: 1,
        width: 1300,
        height: 915,
        dpi: None,
        rotation: 0,
        mirrored: false,
        origin: PageOrigin::Image,
    }];
    examination
}

/// Returns a passport with a valid zone that expires on `YYYY-MM-DD`.
fn valid_passport(expiry: &str) -> Examination {
    let mut examination = examined(Kind::Passport);
    let valid = CheckDigit::Valid;
    examination.zones = vec![Zone {
        format: ZoneFormat::Td3,
        lines: vec![
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<".to_owned(),
            "L898902C36UTO7408122F3101019<<<<<<<<<<<<<<04".to_owned(),
        ],
        check_digits: CheckDigits {
            document_number: valid,
            date_of_birth: valid,
            date_of_expiry: valid,
            personal_number: CheckDigit::Absent,
            composite: valid,
        },
        changed: 0,
        page: 1,
        polygon: Vec::new(),
        rotation: 0.0,
        confidence: 0.99,
    }];
    let year: i16 = expiry[2..4].parse().unwrap();
    examination.fields = vec![
        field(FieldName::Surname, "ERIKSSON", &[]),
        field(FieldName::DateOfBirth, "74-08-12", &[1974]),
        field(FieldName::Sex, "F", &[]),
        field(FieldName::DateOfExpiry, &expiry[2..], &[1900 + year, 2000 + year]),
    ];
    examination
}

fn judge_on(application: &Application, examinations: &[(&str, &Examination)], on: &str) -> Body {
    let case = Case {
        application,
        examinations: examinations
            .iter()
            .map(|(id, examination)| (*id, ExaminationOutcome::Examined(examination)))
            .collect(),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: on.parse().unwrap(),
    };
    judge(&case).unwrap()
}

fn application_with(kind: &str, accepted_at: &str) -> Application {
    parse_application(&format!(
        r#"{{"application_id": "A", "stage": "residence-permit", "accepted_at": "{accepted_at}",
            "documents": [{{"document_id": "D", "kind": "{kind}", "file": "f"}}]}}"#
    ))
}

fn find_check<'a>(body: &'a Body, id: &str) -> &'a Check {
    body.checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("no check {id}"))
}

fn codes(check: &Check) -> Vec<&'static str> {
    check.reasons.iter().map(|reason| reason.code.name()).collect()
}
