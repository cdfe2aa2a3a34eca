//! Checks of the passport, and of the form against it.

use super::{application_with, codes, examined, find_check, judge_on, valid_passport};
use crate::examination::{CheckDigit, ZoneFormat};
use crate::examine::unreadable;
use crate::kind::Kind;
use crate::reason::{Code, Reason};
use crate::status::Status;

#[track_caller]
fn check_validity(accepted_at: &str, expiry: &str, status: Status, code: &[&str]) {
    let body = judge_on(
        &application_with("passport", accepted_at),
        &[("D", &valid_passport(expiry))],
        &accepted_at[..10],
    );
    let check = find_check(&body, "passport.validity");
    assert_eq!((check.status, codes(check)), (status, code.to_vec()), "{accepted_at} and {expiry}");
}

#[test]
fn more_than_180_days_are_required_on_the_local_day_of_application() {
    use Status::{Fail, Pass};
    let boundary = &["EXP_BOUNDARY_180"][..];
    let close = &["EXP_CLOSE"][..];
    check_validity("2026-01-01T06:00:00Z", "2026-06-30", Fail, boundary);
    check_validity("2026-01-01T06:00:00Z", "2026-07-01", Pass, close);
    check_validity("2025-12-03T06:00:00Z", "2026-06-01", Fail, boundary);
    check_validity("2025-12-03T06:00:00Z", "2026-06-02", Pass, close);
    check_validity("2026-02-03T06:00:00Z", "2026-08-02", Fail, boundary);
    check_validity("2026-02-03T06:00:00Z", "2026-08-03", Pass, close);
    check_validity("2026-05-20T06:00:00Z", "2026-11-16", Fail, boundary);
    check_validity("2026-05-20T06:00:00Z", "2026-11-17", Pass, close);
    // one second decides the local day in Almaty
    check_validity("2026-01-01T18:59:59Z", "2026-07-01", Pass, close);
    check_validity("2026-01-01T19:00:00Z", "2026-07-01", Fail, boundary);
}

#[test]
fn validity_away_from_the_boundary() {
    use Status::{Fail, Pass, Unsure};
    let on = "2026-01-01T06:00:00Z";
    check_validity(on, "2026-07-10", Pass, &["EXP_CLOSE"]);
    check_validity(on, "2026-07-11", Pass, &[]);
    check_validity(on, "2031-01-01", Pass, &[]);
    check_validity(on, "2026-06-29", Fail, &["EXP_NOT_ENOUGH_DAYS"]);
    check_validity(on, "2026-01-01", Fail, &["EXP_NOT_ENOUGH_DAYS"]);
    check_validity(on, "2025-12-31", Fail, &["EXP_EXPIRED"]);
    check_validity(on, "1998-12-31", Fail, &["EXP_EXPIRED"]);
    check_validity(on, "2041-01-01", Pass, &[]);
    check_validity(on, "2041-01-02", Unsure, &["EXP_FAR_AHEAD"]);
    check_validity(on, "2060-01-02", Unsure, &["EXP_FAR_AHEAD"]);
}

#[test]
fn the_margin_is_the_number_of_missing_days() {
    let body = judge_on(
        &application_with("passport", "2026-01-01T06:00:00Z"),
        &[("D", &valid_passport("2026-06-17"))],
        "2026-01-01",
    );
    let check = find_check(&body, "passport.validity");
    assert_eq!((check.margin, check.actual.as_deref()), (Some(-14.0), Some("167 days")));
    assert_eq!(body.dates.due.unwrap().to_string(), "2026-02-15");
}

#[test]
fn only_a_sure_date_decides() {
    let mut examination = valid_passport("2020-01-01");
    examination.fields.iter_mut().for_each(|field| field.sure = false);
    let body = judge_on(
        &application_with("passport", "2026-01-01T06:00:00Z"),
        &[("D", &examination)],
        "2026-01-01",
    );
    let check = find_check(&body, "passport.validity");
    assert_eq!((check.status, codes(check)), (Status::Unsure, vec!["EXP_DATE_UNREADABLE"]));
    assert!(body.dates.expires_next.is_none());
}

#[test]
fn expired_at_submission_differs_from_expired_since() {
    let application = application_with("passport", "2026-01-01T06:00:00Z");
    let still = |expiry: &str, on: &str| {
        let body = judge_on(&application, &[("D", &valid_passport(expiry))], on);
        find_check(&body, "passport.still_valid").status
    };
    assert_eq!(still("2026-08-01", "2026-08-01"), Status::Pass);
    assert_eq!(still("2026-08-01", "2026-08-02"), Status::Warn);
    assert_eq!(still("2025-12-31", "2026-08-02"), Status::NotApplicable);
}

#[test]
fn a_passport_without_a_zone_is_unsure() {
    let examination = examined(Kind::Passport);
    let body = judge_on(
        &application_with("passport", "2026-01-01T06:00:00Z"),
        &[("D", &examination)],
        "2026-01-01",
    );
    assert_eq!(find_check(&body, "passport.zone").status, Status::Unsure);
    assert_eq!(find_check(&body, "passport.validity").status, Status::NotRun);
    assert_eq!(body.documents[0].outcome, Status::Unsure);
}

#[test]
fn the_form_is_compared_with_the_zone() {
    let form = |applicant: &str| {
        let mut application = application_with("passport", "2026-01-01T06:00:00Z");
        application.applicant = serde_json::from_str(applicant).unwrap();
        let body = judge_on(&application, &[("D", &valid_passport("2031-01-01"))], "2026-01-01");
        let ids = ["form.surname", "form.date_of_birth", "form.sex", "iin.birth_date", "iin.sex"];
        ids.map(|id| body.checks.iter().find(|check| check.id == id).map(|check| check.status))
    };
    use Status::{NotRun, Pass, Warn};
    assert_eq!(
        form(
            r#"{"names": [{"script": "latin", "surname": "Eriksson"}], "birth_date": "1974-08-12",
            "sex": "F", "iin": "740812400124"}"#
        ),
        [Some(Pass), Some(Pass), Some(Pass), Some(NotRun), Some(NotRun)],
    );
    assert_eq!(
        form(
            r#"{"names": [{"script": "latin", "surname": "ERICSSON"}], "birth_date": "1974-08-13",
            "sex": "M", "iin": "900517300009"}"#
        ),
        [Some(Warn), Some(Warn), Some(Warn), Some(Warn), Some(Warn)],
    );
    assert_eq!(form("{}"), [Some(NotRun); 5], "silence is never a pass");
}

#[test]
fn the_date_of_a_visa_does_not_apply_to_the_passport() {
    let mut examination = valid_passport("2033-01-01");
    examination.zones[0].format = ZoneFormat::MrvA;
    examination.zones[0].lines = vec!["V<UTOERIKSSON<<ANNA".to_owned()];
    let body = judge_on(
        &application_with("passport", "2026-01-01T06:00:00Z"),
        &[("D", &examination)],
        "2026-01-01",
    );
    assert_eq!(find_check(&body, "passport.validity").status, Status::NotRun);
    assert_eq!(codes(find_check(&body, "passport.document")), ["PASSPORT_TYPE_WRONG"]);
    assert_eq!(body.documents[0].outcome, Status::Unsure);
}

/// Only a zone that says so clearly, and of which nothing is missing, is a passport's.
#[test]
fn a_document_that_is_not_read_as_a_passport_passes_neither_document_nor_validity() {
    use Status::{NotRun, Pass, Unsure, Warn};
    let wrong = Reason::new(Code::PassportTypeWrong).with("document_type", "IP");
    for (line, reason, status, validity) in [
        ("P<UTO", None, Pass, Pass),
        ("PDUTO", None, Pass, Pass),
        ("IPUTO", None, Warn, NotRun),
        ("", None, Warn, NotRun),
        ("IPUTO", Some(wrong), Warn, NotRun),
        ("P<UTO", Some(Reason::new(Code::MrzUnreadable)), Unsure, NotRun),
        ("P<UTO", Some(Reason::new(Code::MrzCovered)), Unsure, NotRun),
        ("P<UTO", Some(Reason::new(Code::MrzCut)), Unsure, NotRun),
    ] {
        let mut examination = valid_passport("2033-01-01");
        line.clone_into(&mut examination.zones[0].lines[0]);
        examination.reasons.extend(reason);
        let application = application_with("passport", "2026-01-01T06:00:00Z");
        let body = judge_on(&application, &[("D", &examination)], "2026-01-01");
        let statuses =
            ["passport.document", "passport.validity"].map(|id| find_check(&body, id).status);
        assert_eq!(statuses, [status, validity], "{line}");
    }
}

#[test]
fn nothing_passes_for_characters_that_are_hidden() {
    let mut examination = valid_passport("2033-01-01");
    examination.zones[0].check_digits.date_of_expiry = CheckDigit::Unread;
    examination.reasons.push(Reason::new(Code::MrzCovered));
    let application = application_with("passport", "2026-01-01T06:00:00Z");
    let body = judge_on(&application, &[("D", &examination)], "2026-01-01");
    for id in ["passport.check_digits", "passport.dates", "passport.validity"] {
        assert_eq!(find_check(&body, id).status, Status::NotRun, "{id}");
    }
    assert_eq!(codes(find_check(&body, "passport.zone")), ["MRZ_COVERED"]);
    assert_eq!(body.documents[0].outcome, Status::Unsure);
}

#[test]
fn two_passports_with_different_dates_are_unsure() {
    let mut examination = valid_passport("2033-01-01");
    let line = |expiry: &str| format!("L898902C36UTO7408122F{expiry}9ZE184226B<<<<<10");
    examination.zones[0].lines[1] = line("330101");
    let mut other = examination.zones[0].clone();
    other.lines[1] = line("230112");
    examination.zones.push(other);
    let body = judge_on(
        &application_with("passport", "2026-01-01T06:00:00Z"),
        &[("D", &examination)],
        "2026-01-01",
    );
    assert_eq!(find_check(&body, "passport.validity").status, Status::Unsure);
}

#[test]
fn a_passport_that_does_not_open_has_no_zone_check() {
    let examination = unreadable(b"", Kind::Passport, Reason::new(Code::FileEmpty));
    let body = judge_on(
        &application_with("passport", "2026-01-01T06:00:00Z"),
        &[("D", &examination)],
        "2026-01-01",
    );
    assert_eq!(find_check(&body, "file.opens").status, Status::Fail);
    assert_eq!(find_check(&body, "passport.zone").status, Status::NotRun);
}
