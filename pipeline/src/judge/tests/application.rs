//! Checks of the application: its set, its files, its stage and its digest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{
    application_with, codes, examined, find_check, judge_on, parse_application, valid_passport,
};
use crate::examination::MediaType;
use crate::judge::{Case, ExaminationOutcome, judge, judge_single_document};
use crate::kind::Kind;
use crate::programme::Programme;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Body, Envelope, Verdict};

#[test]
fn missing_and_unexpected_documents_are_reported() {
    let body = judge_on(
        &application_with("cv", "2026-01-01T06:00:00Z"),
        &[("D", &examined(Kind::Cv))],
        "2026-01-01",
    );
    assert_eq!(codes(find_check(&body, "set.passport")), ["SET_MISSING"]);
    assert_eq!(codes(find_check(&body, "set.cv")), ["SET_UNEXPECTED"]);
    assert_eq!(body.outcome, Status::Fail);
    assert!(body.complete);
}

#[test]
fn an_unexamined_document_leaves_the_verdict_incomplete_and_unsure() {
    let body = judge_on(&application_with("passport", "2026-01-01T06:00:00Z"), &[], "2026-01-01");
    assert!(!body.complete);
    assert_eq!(find_check(&body, "file.opens").status, Status::NotRun);
    assert_eq!(body.documents[0].outcome, Status::Unsure);
}

#[test]
fn announced_digests_and_types_are_compared() {
    let application = parse_application(
        r#"{"application_id": "A", "stage": "residence-permit", "accepted_at": "2026-01-01T06:00:00Z",
            "documents": [{"document_id": "D", "kind": "passport", "file": "f", "media_type": "image/png",
            "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}]}"#,
    );
    let mut examination = valid_passport("2031-01-01");
    examination.media_type = Some(MediaType::Jpeg);
    let body = judge_on(&application, &[("D", &examination)], "2026-01-01");
    assert_eq!(codes(find_check(&body, "file.integrity")), ["FILE_HASH_MISMATCH"]);
    assert_eq!(codes(find_check(&body, "file.type")), ["FILE_TYPE_MISMATCH"]);
    assert_eq!(body.outcome, Status::Error);
}

#[test]
fn the_same_inputs_have_the_same_digest() {
    let application = application_with("passport", "2026-01-01T06:00:00Z");
    let examination = valid_passport("2031-01-01");
    let body = || judge_on(&application, &[("D", &examination)], "2026-01-01");
    let verdict = |body| Verdict::new(body, Envelope::default());
    assert_eq!(verdict(body()).digest, verdict(body()).digest);
    let other: Date = "2026-01-02".parse().unwrap();
    assert_ne!(verdict(body()).digest, verdict(Body { on: other, ..body() }).digest);
}

#[test]
fn an_unknown_stage_is_reported_with_the_known_ones() {
    let mut application = application_with("passport", "2026-01-01T06:00:00Z");
    application.stage = "tourist\u{202e}".to_owned();
    let case = Case {
        application: &application,
        examinations: BTreeMap::new(),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: "2026-01-01".parse().unwrap(),
    };
    let error = judge(&case).err().unwrap().to_string();
    assert!(error.contains("ministry-petition, residence-permit"), "{error}");
    assert!(!error.contains('\u{202e}'), "{error:?}");
}

#[test]
fn a_document_without_its_application_is_judged_alone() {
    let application = application_with("passport", "2026-01-01T06:00:00Z");
    let examination = valid_passport("2031-01-01");
    let case = Case {
        application: &application,
        examinations: BTreeMap::from([("D", ExaminationOutcome::Examined(&examination))]),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: "2026-01-01".parse().unwrap(),
    };
    let body = judge_single_document(&case).unwrap();
    assert_eq!(body.subject.document_id.as_deref(), Some("D"));
    assert!(body.checks.iter().all(|check| check.document_id.as_deref() == Some("D")));
    assert_eq!(find_check(&body, "passport.validity").status, Status::Pass);
    assert_eq!(judge(&case).unwrap().outcome, Status::Fail, "the rest of the set is missing");
    assert!(body.outcome <= Status::Warn, "{:?}", body.outcome);
}

fn set_of(documents: &str, outcome: Option<(&str, ExaminationOutcome<'_>)>) -> Body {
    let application = parse_application(&format!(
        r#"{{"application_id": "A", "stage": "ministry-petition",
            "accepted_at": "2026-01-05T06:00:00Z", "documents": [{documents}]}}"#
    ));
    judge(&Case {
        application: &application,
        examinations: outcome.into_iter().collect(),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: "2026-01-05".parse().unwrap(),
    })
    .unwrap()
}

#[test]
fn a_document_of_unknown_kind_may_be_the_missing_one() {
    let unknown = r#"{"document_id": "D", "kind": "police_certificate", "file": "f"}"#;
    let paper = examined(Kind::Other);
    let body = set_of(unknown, Some(("D", ExaminationOutcome::Examined(&paper))));
    let check = find_check(&body, "set.police_clearance");
    assert_eq!((check.status, codes(check)), (Status::Unsure, vec!["SET_KIND_UNKNOWN"]));
    assert!(body.checks.iter().all(|check| check.id != "set.other"));
    assert_ne!(body.outcome, Status::Fail);
}

#[test]
fn only_a_file_that_arrived_and_was_refused_is_called_unreadable() {
    let portfolio = r#"{"document_id": "D", "kind": "portfolio", "file": "f"}"#;
    let set = |outcome: ExaminationOutcome<'_>| {
        let body = set_of(portfolio, Some(("D", outcome)));
        let check = find_check(&body, "set.portfolio");
        (check.status, codes(check))
    };
    let unreadable = |code| {
        let reason = Reason::new(code);
        crate::examine::unreadable(b"x", Kind::Portfolio, reason)
    };
    let unavailable = |code| ExaminationOutcome::Unavailable(Reason::new(code));
    let refused = (Status::Unsure, vec!["SET_UNREADABLE"]);
    let not_run = (Status::NotRun, vec![]);
    let locked = unreadable(Code::FileEncrypted);
    assert_eq!(set(ExaminationOutcome::Examined(&locked)), refused);
    assert_eq!(set(unavailable(Code::FileTooLarge)), refused);
    let crashed = unreadable(Code::FileBreaksReader);
    assert_eq!(set(ExaminationOutcome::Examined(&crashed)), not_run);
    assert_eq!(set(unavailable(Code::FileNotFound)), not_run);
    assert_eq!(set(unavailable(Code::MachineCheckUnavailable)), not_run);
}

#[test]
fn an_applicant_may_have_several_certificates_and_not_several_passports() {
    let two = |kind: &str| {
        let one = |id: &str| format!(r#"{{"document_id": "{id}", "kind": "{kind}", "file": "f"}}"#);
        let body = set_of(&format!("{}, {}", one("D"), one("E")), None);
        codes(find_check(&body, &format!("set.{kind}"))).join(" ")
    };
    assert_eq!(two("professional_certificate"), "");
    assert_eq!(two("cv"), "SET_SEVERAL");
}

#[test]
fn a_day_of_application_in_the_future_is_said() {
    let passport = valid_passport("2031-01-01");
    let application = application_with("passport", "2026-01-02T06:00:00Z");
    let date = |on: &str| {
        let body = judge_on(&application, &[("D", &passport)], on);
        codes(find_check(&body, "application.date")).join(" ")
    };
    assert_eq!(date("2026-01-02"), "");
    assert_eq!(date("2026-01-01"), "EXP_REFERENCE_DATE_AHEAD");
}
