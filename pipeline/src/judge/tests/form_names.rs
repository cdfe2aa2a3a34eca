//! Names of the form beside those of the zone, where one field looks like another's.

use super::form::{compared, judged, judged_with, name};
use super::{codes, field, find_check, valid_passport};
use crate::examination::FieldName;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Body;

/// What the checks of surname and given names say of each.
fn statuses(body: &Body) -> [Status; 2] {
    ["form.surname", "form.given_names"].map(|id| find_check(body, id).status)
}

/// Names of two people, of which each field alone may look like the other's.
#[test]
fn two_people_are_never_one_by_their_fields() {
    for (form, issuer, surname, given) in [
        (("latin", "Lee", "Min Ji"), "KOR", "LEE", "JIMIN"),
        (("latin", "Wang", "Mei Li"), "CHN", "WANG", "LIMEI"),
        (("latin", "Wan", "Gang"), "CHN", "WANG", "ANG"),
        (("latin", "García López", "Ana"), "ESP", "LOPEZ GARCIA", "ANA"),
        (("cyrillic", "Дан", "Иван"), "DEU", "DANG", "IVAN"),
        (("cyrillic", "Лун", "Анна"), "", "LONG", "ANNA"),
    ] {
        let body = judged(&name(form.0, form.1, form.2, ""), issuer, surname, given);
        assert!(statuses(&body).contains(&Status::Warn), "{form:?} {:?}", statuses(&body));
    }
}

#[test]
fn a_name_that_fills_the_zone_is_no_longer_name() {
    let mut examination = valid_passport("2031-01-01");
    examination.fields.push(field(FieldName::GivenNames, "IVAN", &[]));
    examination.reasons.push(Reason::new(Code::MrzNameTruncated));
    let applicant = format!(r#"{{"names": [{}]}}"#, name("latin", "Eriksson", "Ivanna", ""));
    let body = judged_with(&applicant, &examination);
    assert_eq!(statuses(&body), [Status::Pass, Status::Warn]);
    assert_eq!(compared(&body, "form.given_names").method.as_deref(), Some("mrz-truncated"));
}

#[test]
fn a_zone_with_a_missing_part_says_nothing_of_the_form() {
    for code in [Code::MrzCut, Code::MrzCovered] {
        let mut examination = valid_passport("2031-01-01");
        examination.fields.push(field(FieldName::GivenNames, "ANNA", &[]));
        examination.fields.push(field(FieldName::Sex, "F", &[]));
        examination.reasons.push(Reason::new(code));
        for surname in ["Eriksson", "Iksson"] {
            let names = name("latin", surname, "Anna", "");
            let form = r#""sex": "M", "citizenships": ["UTO"], "iin": "900101300017""#;
            let body = judged_with(&format!(r#"{{"names": [{names}], {form}}}"#), &examination);
            for id in ["form.surname", "form.given_names", "form.sex", "form.nationality"] {
                let check = find_check(&body, id);
                assert_eq!((check.status, check.reasons.len()), (Status::NotRun, 0), "{id}");
                assert_eq!(check.depends_on, ["passport.zone"]);
            }
        }
    }
}

#[test]
fn every_name_of_the_form_is_looked_at_or_named() {
    let latin = name("latin", "Ivanova", "Anna", "");
    let said = |others: &[String]| {
        let all = [std::slice::from_ref(&latin), others].concat().join(", ");
        let body = judged(&all, "RUS", "IVANOVA", "ANNA");
        ["form.surname", "form.given_names"].map(|id| {
            let check = find_check(&body, id);
            (check.status, codes(check).join(" "))
        })
    };
    let pass = |code: &str| (Status::Pass, code.to_owned());
    let close = said(&[name("cyrillic", "Иванова", "Инна", "")]);
    assert_eq!(close, [pass(""), pass("NAME_OTHER_UNLIKE")]);
    // a field that cannot be compared hides no other
    let other = said(&[name("cyrillic", "Петрова", "Анна", "")]);
    assert_eq!(other[0].0, Status::Warn);
    let half = said(&[name("other", "Петрова", "安娜", "")]);
    assert_eq!(half[0].0, Status::Warn);
    assert_eq!(half[1], pass("NAME_OTHER_NOT_COMPARED"));
    let many = vec![name("cyrillic", "Иванова", "Анна", ""); 9];
    assert_eq!(said(&many), [pass("NAME_OTHER_NOT_COMPARED"), pass("NAME_OTHER_NOT_COMPARED")]);
}

/// Russian spellings of names of other languages follow no scheme that is known.
#[test]
fn a_cyrillic_spelling_of_a_foreign_name_is_named_without_a_warning() {
    let names = [name("latin", "Smith", "John", ""), name("cyrillic", "Смит", "Джон", "")];
    let said = |names: &[String]| {
        let body = judged(&names.join(", "), "USA", "SMITH", "JOHN");
        ["form.surname", "form.given_names"].map(|id| codes(find_check(&body, id)).join(" "))
    };
    assert_eq!(said(&names), ["NAME_OTHER_UNLIKE", "NAME_OTHER_UNLIKE"]);
    assert_eq!(said(&names[1..]), ["NAME_CLOSE", "XCHK_GIVEN"]);
}
