//! Checks of the form: names, what has no value, and both sides of every check.

use super::{application_with, codes, field, find_check, judge_on, valid_passport};
use crate::examination::{Evidence, EvidenceKind, Examination, FieldName, Source};
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Agreement, Body, Comparison};

/// Judges a form with these names against a zone.
pub(super) fn judged(names: &str, issuer: &str, surname: &str, given: &str) -> Body {
    let mut examination = valid_passport("2031-01-01");
    examination.fields.retain(|field| field.name != FieldName::Surname);
    for (name, value) in [
        (FieldName::IssuingState, issuer),
        (FieldName::Surname, surname),
        (FieldName::GivenNames, given),
    ] {
        if !value.is_empty() {
            examination.fields.push(field(name, value, &[]));
        }
    }
    judged_with(&format!(r#"{{"names": [{names}]}}"#), &examination)
}

pub(super) fn judged_with(applicant: &str, examination: &Examination) -> Body {
    let mut application = application_with("passport", "2026-01-01T06:00:00Z");
    application.applicant = serde_json::from_str(applicant).unwrap();
    judge_on(&application, &[("D", examination)], "2026-01-01")
}

pub(super) fn name(script: &str, surname: &str, given: &str, patronymic: &str) -> String {
    serde_json::json!({
        "script": script, "surname": surname, "given_names": given, "patronymic": patronymic
    })
    .to_string()
}

pub(super) fn compared<'a>(body: &'a Body, check: &str) -> &'a Comparison {
    body.comparisons.iter().find(|one| one.check.as_deref() == Some(check)).unwrap()
}

#[track_caller]
fn check_names(body: &Body, surname: (&[&str], Agreement), given: (&[&str], Agreement)) {
    for (id, (wanted, agreement)) in [("form.surname", surname), ("form.given_names", given)] {
        assert_eq!(codes(find_check(body, id)), wanted, "{id}");
        assert_eq!(compared(body, id).result, agreement, "{id}");
    }
}

#[test]
fn a_cyrillic_name_is_compared_with_the_zone() {
    use Agreement::{Close, Different, Equivalent};
    let safronov = name("cyrillic", "Сафронов", "Тимур", "Олегович");
    let body = judged(&safronov, "RUS", "SAFRONOV", "TIMUR");
    check_names(
        &body,
        (&["NAME_EQUIVALENT"], Equivalent),
        (&["NAME_EQUIVALENT", "NAME_PATRONYMIC_ONLY_ONE_SIDE"], Equivalent),
    );
    assert_eq!(find_check(&body, "form.surname").status, Status::Pass);
    let method = compared(&body, "form.given_names").method.as_deref();
    assert_eq!(method, Some("rus-icao-2013+patronymic-one-side"));

    let body = judged(&safronov, "RUS", "SAFRONOVA", "TIMOFEI");
    check_names(&body, (&["NAME_CLOSE"], Close), (&["XCHK_GIVEN"], Different));
    assert_eq!(compared(&body, "form.surname").right_differs, [8]);
    assert_eq!(find_check(&body, "form.given_names").status, Status::Warn);
}

#[test]
fn a_name_in_the_other_field_is_no_other_name() {
    use Agreement::{Different, Equal};
    let equal = (&["NAME_ORDER"][..], Equal);
    for (names, surname, given) in [
        (name("latin", "Kumar", "Ravi", ""), "RAVI KUMAR", ""),
        (name("latin", "Kumar", "Ravi", ""), "", "RAVI KUMAR"),
        (name("latin", "Ravi", "Kumar", ""), "KUMAR", "RAVI"),
        (name("latin", "García López", "María", ""), "GARCIA", "LOPEZ MARIA"),
    ] {
        let body = judged(&names, "IND", surname, given);
        let id = "form.surname";
        assert!(codes(find_check(&body, id)).contains(&"NAME_ORDER"), "{names}");
        assert_eq!(find_check(&body, id).status, Status::Pass, "{names}");
    }
    let body = judged(&name("latin", "Ravi", "Kumar", ""), "IND", "KUMAR", "RAVI");
    check_names(&body, equal, equal);
    // the order hides no other name
    let body = judged(&name("latin", "Ravi", "Kumar", ""), "IND", "KUMAR", "PRIYA");
    check_names(&body, (&["XCHK_SURNAME"], Different), (&["XCHK_GIVEN"], Different));
}

#[test]
fn one_name_is_one_check() {
    let body = judged(&name("latin", "Meenakshisundari", "", ""), "IND", "MEENAKSHISUNDARI", "");
    assert_eq!(find_check(&body, "form.surname").status, Status::Pass);
    assert_eq!(find_check(&body, "form.given_names").status, Status::NotApplicable);
}

#[test]
fn names_that_are_not_compared_say_why() {
    let why = |body: &Body| {
        let check = find_check(body, "form.surname");
        assert_eq!(check.status, Status::NotRun);
        assert_eq!(codes(check), ["NAME_NOT_COMPARABLE"]);
        check.reasons[0].params["why"].as_str().unwrap().to_owned()
    };
    let chinese = name("chinese", "李", "伟", "");
    assert_eq!(why(&judged(&chinese, "CHN", "LI", "WEI")), "script-without-scheme");
    assert_eq!(why(&judged("", "CHN", "LI", "WEI")), "form-has-no-name");
    assert_eq!(why(&judged(&chinese, "CHN", "", "")), "zone-has-no-name");
    let both = format!("{chinese}, {}", name("cyrillic", "Ли", "Вэй", ""));
    let body = judged(&both, "CHN", "LI", "WEI");
    assert_eq!(compared(&body, "form.surname").method.as_deref(), Some("palladius"));
}

#[test]
fn letters_of_two_alphabets_are_flagged() {
    let body = judged(&name("latin", "Erikssоn", "Anna", ""), "SWE", "ERIKSSON", "ANNA");
    let check = find_check(&body, "form.surname");
    assert_eq!(codes(check), ["NAME_CLOSE", "NAME_SCRIPT_MIXED"]);
    assert_eq!(check.status, Status::Warn);
    assert_eq!(compared(&body, "form.surname").left_differs, [6]);
}

#[test]
fn a_check_without_a_value_is_not_run_and_names_the_side() {
    let mut examination = valid_passport("2031-01-01");
    let body = judged_with("{}", &examination);
    assert_eq!(codes(find_check(&body, "form.date_of_birth")), ["FORM_VALUE_MISSING"]);
    assert_eq!(codes(find_check(&body, "form.sex")), ["FORM_VALUE_MISSING"]);
    let with_citizenship = r#"{"citizenships": ["UTO"], "sex": "X"}"#;
    let body = judged_with(with_citizenship, &examination);
    assert_eq!(codes(find_check(&body, "form.nationality")), ["DOC_VALUE_MISSING"]);
    assert_eq!(find_check(&body, "form.sex").status, Status::NotApplicable);
    examination.zones.clear();
    let body = judged_with(with_citizenship, &examination);
    let check = find_check(&body, "form.nationality");
    assert_eq!(
        (check.status, check.depends_on.as_slice()),
        (Status::NotRun, &["passport.zone".to_owned()][..])
    );
}

/// A passport with printed fields, and a picture of each line.
fn printed(surname: &str, expiry: &str) -> Examination {
    let mut examination = valid_passport("2031-01-01");
    examination.fields.push(field(FieldName::GivenNames, "ANNA", &[]));
    examination.fields.push(field(FieldName::Nationality, "UTO", &[]));
    for (name, value) in [(FieldName::Surname, surname), (FieldName::DateOfExpiry, expiry)] {
        let mut printed = field(name, value, &[]);
        printed.source = Source::Visual;
        printed.evidence = Some(format!("visual-{}", name.name()));
        examination.fields.push(printed);
    }
    let ids = ["zone-1", "zone-date_of_expiry", "visual-date_of_expiry", "visual-surname"];
    examination.evidence = ids
        .map(|id| Evidence {
            id: id.to_owned(),
            kind: EvidenceKind::Crop,
            page: 1,
            polygon: Vec::new(),
            media_type: "image/jpeg".to_owned(),
            width: 10,
            height: 10,
            sha256: String::new(),
            masked: None,
        })
        .into();
    examination
}

#[test]
fn every_comparison_shows_both_sides_with_its_rule_and_its_pictures() {
    let applicant = r#"{"names": [{"script": "latin", "surname": "Eriksson", "given_names": "Anna"}],
        "birth_date": "1974-08-12", "sex": "F", "iin": "740812400004", "citizenships": ["UTO"]}"#;
    let body = judged_with(applicant, &printed("ERIKSSON", "2031-01-01"));
    for (id, expected, actual, pictures) in [
        ("form.surname", "Eriksson", "ERIKSSON", "D/zone-1 D/visual-surname"),
        ("form.given_names", "Anna", "ANNA", "D/zone-1"),
        ("form.date_of_birth", "1974-08-12", "74-08-12", "D/zone-1"),
        ("form.sex", "F", "F", "D/zone-1"),
        ("form.nationality", "UTO", "UTO", "D/zone-1"),
        ("iin.birth_date", "74-08-12", "1974-08-12", "D/zone-1"),
        ("iin.sex", "F", "F", "D/zone-1"),
        (
            "passport.visual",
            "31-01-01",
            "2031-01-01",
            "D/zone-date_of_expiry D/visual-date_of_expiry",
        ),
    ] {
        let check = find_check(&body, id);
        assert_eq!(check.status, Status::Pass, "{id}");
        let sides = (check.expected.as_deref(), check.actual.as_deref());
        assert_eq!(sides, (Some(expected), Some(actual)), "{id}");
        assert!(check.rule.as_ref().is_some_and(|rule| !rule.source.is_empty()), "{id}");
        assert_eq!(check.evidence.join(" "), pictures, "{id}");
        assert!(body.comparisons.iter().any(|one| one.check.as_deref() == Some(id)), "{id}");
    }
    let compared_with = |id| compared(&body, id).right;
    assert_eq!(compared_with("iin.birth_date"), Source::Mrz);
}

#[test]
fn the_number_is_compared_with_the_form_where_no_passport_is_read() {
    let applicant = r#"{"birth_date": "1974-08-12", "sex": "M", "iin": "740812400004"}"#;
    let mut application = application_with("portrait", "2026-01-01T06:00:00Z");
    application.applicant = serde_json::from_str(applicant).unwrap();
    let body = judge_on(&application, &[], "2026-01-01");
    assert_eq!(compared(&body, "iin.birth_date").right, Source::Form);
    assert_eq!(codes(find_check(&body, "iin.sex")), ["IIN_SEX_MISMATCH"]);
    assert_eq!(find_check(&body, "iin.sex").reasons[0].params["source"], "form");
    application.applicant.birth_date = None;
    let body = judge_on(&application, &[], "2026-01-01");
    assert_eq!(codes(find_check(&body, "iin.birth_date")), ["DOC_VALUE_MISSING"]);
    assert_eq!(find_check(&body, "iin.birth_date").status, Status::NotRun);
}

#[test]
fn a_field_that_is_printed_otherwise_is_the_one_shown() {
    let mut examination = printed("ERIKSEN", "2031-01-01");
    examination.reasons = vec![Reason::new(Code::XchkVisual).with("field", "surname")];
    let body = judged_with("{}", &examination);
    let check = find_check(&body, "passport.visual");
    assert_eq!(
        (check.expected.as_deref(), check.actual.as_deref()),
        (Some("ERIKSSON"), Some("ERIKSEN"))
    );
    assert!(check.evidence.contains(&"D/visual-surname".to_owned()));
    let body = judged_with("{}", &valid_passport("2031-01-01"));
    let unread = find_check(&body, "passport.visual");
    assert_eq!((unread.status, codes(unread)), (Status::NotRun, vec!["DOC_VALUE_MISSING"]));
}

#[test]
fn a_print_without_the_date_of_expiry_confirms_nothing() {
    let mut examination = printed("ERIKSSON", "2031-01-01");
    let visual = |body: &Body| {
        let check = find_check(body, "passport.visual");
        (check.status, codes(check).join(" "))
    };
    let body = judged_with("{}", &examination);
    assert_eq!(visual(&body), (Status::Pass, "VISUAL_NOT_FOUND".to_owned()));
    let missing = &find_check(&body, "passport.visual").reasons[0].params["fields"];
    assert_eq!(missing, &serde_json::json!(["date_of_birth", "given_names"]));
    let expiry = |one: &crate::examination::Field| {
        one.source == Source::Visual && one.name == FieldName::DateOfExpiry
    };
    examination.fields.retain(|one| !expiry(one));
    let body = judged_with("{}", &examination);
    assert_eq!(visual(&body), (Status::NotRun, "DOC_VALUE_MISSING VISUAL_NOT_FOUND".to_owned()));
}
