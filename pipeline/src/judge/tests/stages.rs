//! Rules of single stages: the passport, the time limit, the notes of the programme.

use super::{codes, examined, find_check, judge_on, parse_application, valid_passport};
use crate::application::Application;
use crate::examination::Examination;
use crate::kind::Kind;
use crate::programme::Step;
use crate::status::Status;
use crate::verdict::{Body, Check};

fn petition(kind: &str, accepted_on: &str) -> Application {
    parse_application(&format!(
        r#"{{"application_id": "A", "stage": "ministry-petition",
            "accepted_at": "{accepted_on}T06:00:00Z",
            "documents": [{{"document_id": "D", "kind": "{kind}", "file": "f"}}]}}"#
    ))
}

fn judge_petition(passport: &Examination, accepted_on: &str, on: &str) -> Body {
    judge_on(&petition("passport", accepted_on), &[("D", passport)], on)
}

#[track_caller]
fn check_early(expiry: &str, on: &str, status: Status, code: &[&str]) {
    let body = judge_petition(&valid_passport(expiry), "2026-01-05", on);
    let check = find_check(&body, "passport.next_stage");
    assert_eq!((check.status, codes(check)), (status, code.to_vec()), "{expiry} on {on}");
    assert!(!check.required);
    assert!(body.checks.iter().all(|check| check.id != "passport.validity"));
}

#[test]
fn a_petition_warns_that_the_passport_will_not_do_for_the_next_stage() {
    use Status::{NotApplicable, Pass, Warn};
    let short = &["EXP_TOO_SHORT_FOR_NEXT_STAGE"][..];
    let on = "2026-01-05";
    check_early("2026-07-04", on, Warn, short);
    // enough for an application of today, which is not this one
    check_early("2026-07-05", on, Warn, short);
    check_early("2026-07-14", on, Warn, short);
    check_early("2026-07-15", on, Pass, &[]);
    check_early("2031-01-01", on, Pass, &[]);
    check_early("2026-01-05", on, Warn, short);
    // an expired one is said to be expired, and nothing else
    check_early("2026-01-04", on, NotApplicable, &[]);
    check_early("2025-12-31", on, NotApplicable, &[]);
    // the next stage counts from its own day, which is today at the earliest
    check_early("2026-07-15", "2026-01-06", Warn, short);
    check_early("2026-07-16", "2026-01-06", Pass, &[]);
}

#[test]
fn the_early_warning_names_the_stage_and_the_last_day() {
    let body = judge_petition(&valid_passport("2026-06-17"), "2026-01-05", "2026-01-05");
    let check = find_check(&body, "passport.next_stage");
    let reason = serde_json::to_value(&check.reasons[0].params).unwrap();
    assert_eq!(
        reason,
        serde_json::json!({
            "days": 163, "more_than": 180, "expiry": "2026-06-17", "on": "2026-01-05",
            "stage": "residence-permit", "last_day": "2025-12-18",
        })
    );
    assert_eq!(check.margin, Some(-18.0));
    let rule = check.rule.as_ref().unwrap();
    assert_eq!(rule.id, "kz-dnr-2026/stages/ministry-petition/early_passport_validity");
    assert_eq!(rule.parameters["more_than_days"], 180);
    assert_eq!(body.documents[0].outcome, Status::Warn);
}

#[test]
fn an_expired_passport_only_warns_where_no_rule_asks_for_validity() {
    let body = judge_petition(&valid_passport("2025-12-31"), "2026-01-05", "2026-01-05");
    let check = find_check(&body, "passport.still_valid");
    assert_eq!((check.status, codes(check)), (Status::Warn, vec!["EXP_EXPIRED_NO_RULE"]));
    assert_eq!(body.documents[0].outcome, Status::Warn);
}

#[test]
fn an_unsure_date_is_said_in_the_petition_too() {
    let mut passport = valid_passport("2031-01-01");
    passport.fields.iter_mut().for_each(|field| field.sure = false);
    let body = judge_petition(&passport, "2026-01-05", "2026-01-05");
    let check = find_check(&body, "passport.next_stage");
    assert_eq!((check.status, codes(check)), (Status::Unsure, vec!["EXP_DATE_UNREADABLE"]));
    let body = judge_petition(&examined(Kind::Passport), "2026-01-05", "2026-01-05");
    assert_eq!(find_check(&body, "passport.next_stage").status, Status::NotRun);
}

fn due_of(accepted_on: &str, on: &str) -> (Option<String>, Option<String>, Option<i64>) {
    let body = judge_petition(&valid_passport("2031-01-01"), accepted_on, on);
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    (day(body.dates.due), day(body.dates.due_safe), body.dates.days_left)
}

#[test]
fn the_migration_service_has_three_working_days() {
    let day = |text: &str| Some(text.to_owned());
    assert_eq!(due_of("2026-02-02", "2026-02-02"), (day("2026-02-05"), day("2026-02-04"), Some(3)));
    // New Year, a weekend and Christmas
    assert_eq!(
        due_of("2026-01-01", "2026-01-09"),
        (day("2026-01-08"), day("2026-01-06"), Some(-1))
    );
    let body = judge_petition(&valid_passport("2031-01-01"), "2026-02-02", "2026-02-02");
    let clock = body.dates.clock.unwrap();
    assert_eq!(clock.step, Step::MigrationCheck);
    assert!(clock.rule.to_confirm);
    assert!(clock.holidays.unwrap().to_confirm);
    assert!(body.checks.iter().all(|check| check.id != "application.clock"));
}

#[test]
fn a_stage_without_a_clock_has_no_due_day() {
    assert_eq!(due_of("2025-06-02", "2025-06-02"), (None, None, None));
    let body = judge_petition(&valid_passport("2031-01-01"), "2025-06-02", "2025-06-02");
    assert_eq!(body.dates.clock, None);
    assert!(body.checks.iter().all(|check| check.id != "application.clock"));
}

#[test]
fn the_end_of_the_table_of_holidays_is_reported() {
    assert_eq!(due_of("2027-12-30", "2027-12-30"), (None, None, None));
    let body = judge_petition(&valid_passport("2031-01-01"), "2027-12-30", "2027-12-30");
    let check = find_check(&body, "application.clock");
    assert_eq!((check.status, codes(check)), (Status::Warn, vec!["SYS_HOLIDAYS_END"]));
    assert_eq!(check.reasons[0].params["last"], "2027-12-31");
    assert_eq!(body.dates.clock.unwrap().holidays.unwrap().last.to_string(), "2027-12-31");
}

#[test]
fn the_age_of_a_clearance_is_not_checked_before_it_is_read() {
    let of = |accepted_on: &str, kind: &str| -> Option<Check> {
        let application = petition(kind, accepted_on);
        let kind = Kind::from_name(kind).unwrap();
        let body = judge_on(&application, &[("D", &examined(kind))], accepted_on);
        body.checks.into_iter().find(|check| check.id == "police_clearance.validity")
    };
    let check = of("2026-01-05", "police_clearance").unwrap();
    assert_eq!((check.status, check.required), (Status::NotRun, true));
    assert_eq!(check.depends_on, ["police_clearance.content"]);
    assert_eq!(check.document_id.as_deref(), Some("D"));
    let rule = check.rule.unwrap();
    assert_eq!(rule.parameters, serde_json::json!({"valid_days": 180}));
    assert!(rule.to_confirm);
    assert!(of("2026-01-05", "cv").is_none());
}

#[test]
fn a_professional_certificate_belongs_to_the_later_programme() {
    let set = |accepted_on: &str| {
        let application = petition("professional_certificate", accepted_on);
        let certificate = examined(Kind::ProfessionalCertificate);
        let body = judge_on(&application, &[("D", &certificate)], accepted_on);
        let check = find_check(&body, "set.professional_certificate");
        (check.status, check.required)
    };
    assert_eq!(set("2026-01-05"), (Status::Pass, false));
    assert_eq!(set("2025-06-02"), (Status::Warn, false));
}

#[test]
fn notes_carry_numbers_sources_and_marks() {
    let notes = |accepted_on| {
        let passport = valid_passport("2031-01-01");
        judge_petition(&passport, accepted_on, accepted_on).programme.notes
    };
    let later = notes("2026-01-05");
    let ids: Vec<&str> = later.iter().map(|note| note.id.as_str()).collect();
    assert_eq!(ids, ["places", "entry", "reapplication"]);
    assert_eq!(later[0].parameters, serde_json::json!({"places": ["Astana", "Almaty"]}));
    assert_eq!(later[1].parameters, serde_json::json!({"days": 30}));
    // the length is not known, and no number is invented
    assert_eq!(later[2].parameters, serde_json::json!({}));
    assert!(later.iter().all(|note| note.to_confirm));
    let first = notes("2025-06-02");
    assert_eq!(first.len(), 1);
    assert!(!first[0].to_confirm);
}
