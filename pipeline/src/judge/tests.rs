//! Whole judgements of small cases: one `check`, many days.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Case, Seen, judge};
use crate::application::Application;
use crate::examination::{
    Basis, CheckDigit, CheckDigits, Examination, Exif, Field, FieldName, Measure, Page, PageOrigin,
    Portrait, Source, Zone, ZoneFormat,
};
use crate::examine::unreadable;
use crate::kind::Kind;
use crate::programme::Programme;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Body, Check};

fn application(json: &str) -> Application {
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

fn opened(kind: Kind) -> Examination {
    let mut seen = unreadable(b"bytes", kind, Reason::new(Code::FileEmpty));
    seen.reasons.clear();
    seen.page_count = 1;
    seen.pages = vec![Page {
        number: 1,
        width: 1300,
        height: 915,
        dpi: None,
        rotation: 0,
        mirrored: false,
        origin: PageOrigin::Image,
    }];
    seen
}

/// A passport whose zone holds together and whose expiry is `YYYY-MM-DD`.
fn passport(expiry: &str) -> Examination {
    let mut seen = opened(Kind::Passport);
    let valid = CheckDigit::Valid;
    seen.zones = vec![Zone {
        format: ZoneFormat::Td3,
        lines: Vec::new(),
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
    seen.fields = vec![
        field(FieldName::Surname, "ERIKSSON", &[]),
        field(FieldName::DateOfBirth, "74-08-12", &[1974]),
        field(FieldName::Sex, "F", &[]),
        field(FieldName::DateOfExpiry, &expiry[2..], &[1900 + year, 2000 + year]),
    ];
    seen
}

fn judged(application: &Application, seen: &[(&str, &Examination)], on: &str) -> Body {
    let case = Case {
        application,
        seen: seen.iter().map(|(id, seen)| (*id, Seen::Examined(seen))).collect(),
        notes: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: on.parse().unwrap(),
    };
    judge(&case).unwrap()
}

fn one(kind: &str, accepted_at: &str) -> Application {
    application(&format!(
        r#"{{"application_id": "A", "stage": "residence-permit", "accepted_at": "{accepted_at}",
            "documents": [{{"document_id": "D", "kind": "{kind}", "file": "f"}}]}}"#
    ))
}

fn find<'a>(body: &'a Body, id: &str) -> &'a Check {
    body.checks.iter().find(|check| check.id == id).unwrap_or_else(|| panic!("no check {id}"))
}

fn codes(check: &Check) -> Vec<&'static str> {
    check.reasons.iter().map(|reason| reason.code.name()).collect()
}

#[track_caller]
fn validity(accepted_at: &str, expiry: &str, status: Status, code: &[&str]) {
    let body =
        judged(&one("passport", accepted_at), &[("D", &passport(expiry))], &accepted_at[..10]);
    let check = find(&body, "passport.validity");
    assert_eq!((check.status, codes(check)), (status, code.to_vec()), "{accepted_at} and {expiry}");
}

#[test]
fn more_than_180_days_on_the_local_day_of_application() {
    use Status::{Fail, Pass};
    let boundary = &["EXP_BOUNDARY_180"][..];
    let close = &["EXP_CLOSE"][..];
    validity("2026-01-01T06:00:00Z", "2026-06-30", Fail, boundary);
    validity("2026-01-01T06:00:00Z", "2026-07-01", Pass, close);
    validity("2025-12-03T06:00:00Z", "2026-06-01", Fail, boundary);
    validity("2025-12-03T06:00:00Z", "2026-06-02", Pass, close);
    validity("2026-02-03T06:00:00Z", "2026-08-02", Fail, boundary);
    validity("2026-02-03T06:00:00Z", "2026-08-03", Pass, close);
    validity("2026-05-20T06:00:00Z", "2026-11-16", Fail, boundary);
    validity("2026-05-20T06:00:00Z", "2026-11-17", Pass, close);
    // one second decides which day it is in Almaty
    validity("2026-01-01T18:59:59Z", "2026-07-01", Pass, close);
    validity("2026-01-01T19:00:00Z", "2026-07-01", Fail, boundary);
}

#[test]
fn validity_far_from_the_boundary() {
    use Status::{Fail, Pass, Unsure};
    let on = "2026-01-01T06:00:00Z";
    validity(on, "2026-07-10", Pass, &["EXP_CLOSE"]);
    validity(on, "2026-07-11", Pass, &[]);
    validity(on, "2031-01-01", Pass, &[]);
    validity(on, "2026-06-29", Fail, &["EXP_NOT_ENOUGH_DAYS"]);
    validity(on, "2026-01-01", Fail, &["EXP_NOT_ENOUGH_DAYS"]);
    validity(on, "2025-12-31", Fail, &["EXP_EXPIRED"]);
    validity(on, "1998-12-31", Fail, &["EXP_EXPIRED"]);
    validity(on, "2041-01-01", Pass, &[]);
    validity(on, "2041-01-02", Unsure, &["EXP_FAR_AHEAD"]);
    validity(on, "2060-01-02", Unsure, &["EXP_FAR_AHEAD"]);
}

#[test]
fn the_margin_says_how_many_days_are_missing() {
    let body = judged(
        &one("passport", "2026-01-01T06:00:00Z"),
        &[("D", &passport("2026-06-17"))],
        "2026-01-01",
    );
    let check = find(&body, "passport.validity");
    assert_eq!((check.margin, check.actual.as_deref()), (Some(-14.0), Some("167 days")));
    assert_eq!(body.dates.due.to_string(), "2026-02-15");
}

#[test]
fn only_a_sure_date_decides() {
    let mut seen = passport("2020-01-01");
    seen.fields.iter_mut().for_each(|field| field.sure = false);
    let body = judged(&one("passport", "2026-01-01T06:00:00Z"), &[("D", &seen)], "2026-01-01");
    let check = find(&body, "passport.validity");
    assert_eq!((check.status, codes(check)), (Status::Unsure, vec!["EXP_DATE_UNREADABLE"]));
    assert!(body.dates.expires_next.is_none());
}

#[test]
fn expired_at_submission_is_not_expired_since() {
    let application = one("passport", "2026-01-01T06:00:00Z");
    let still = |expiry: &str, on: &str| {
        let body = judged(&application, &[("D", &passport(expiry))], on);
        find(&body, "passport.still_valid").status
    };
    assert_eq!(still("2026-08-01", "2026-08-01"), Status::Pass);
    assert_eq!(still("2026-08-01", "2026-08-02"), Status::Warn);
    assert_eq!(still("2025-12-31", "2026-08-02"), Status::NotApplicable);
}

#[test]
fn a_passport_without_a_zone_is_unsure() {
    let seen = opened(Kind::Passport);
    let body = judged(&one("passport", "2026-01-01T06:00:00Z"), &[("D", &seen)], "2026-01-01");
    assert_eq!(find(&body, "passport.zone").status, Status::Unsure);
    assert_eq!(find(&body, "passport.validity").status, Status::NotRun);
    assert_eq!(body.documents[0].outcome, Status::Unsure);
}

fn portrait(measures: &[(&str, f64, Option<[f64; 2]>)], faces: usize) -> Examination {
    let mut seen = opened(Kind::Portrait);
    let measure = |value, interval| Measure {
        value,
        unit: "x".to_owned(),
        interval,
        quality: None,
        confidence: 0.9,
    };
    let face = crate::examination::Face {
        bounds: [0.0, 0.0, 9.0, 9.0],
        right_eye: None,
        left_eye: None,
        nose: None,
        mouth: None,
        chin: None,
        crown_hair: None,
        crown_skull: None,
        roll_deg: None,
        yaw_deg: None,
        pitch_deg: None,
        confidence: 0.9,
    };
    let all = measures
        .iter()
        .map(|(name, value, interval)| ((*name).to_owned(), measure(*value, *interval)));
    seen.portrait =
        Some(Portrait { faces: vec![face; faces], measures: all.collect(), ..Portrait::default() });
    seen
}

#[track_caller]
fn photo(name: &str, value: f64, interval: Option<[f64; 2]>, id: &str, status: Status) {
    let seen = portrait(&[(name, value, interval)], 1);
    let body = judged(&one("portrait", "2026-01-01T06:00:00Z"), &[("D", &seen)], "2026-01-01");
    assert_eq!(find(&body, id).status, status, "{name} = {value}");
}

#[test]
fn ratio_and_colour_may_fail_and_geometry_only_warns() {
    use Status::{Fail, Pass, Unsure, Warn};
    photo("aspect_ratio", 35.0 / 45.0, None, "portrait.ratio", Pass);
    photo("aspect_ratio", 0.793, None, "portrait.ratio", Pass);
    photo("aspect_ratio", 0.799, None, "portrait.ratio", Warn);
    photo("aspect_ratio", 0.75, None, "portrait.ratio", Warn);
    photo("aspect_ratio", 0.667, None, "portrait.ratio", Fail);
    photo("aspect_ratio", 1.0, None, "portrait.ratio", Fail);
    photo("colour", 0.0, None, "portrait.colour", Fail);
    photo("colour", 0.15, None, "portrait.colour", Unsure);
    photo("colour", 0.5, None, "portrait.colour", Pass);
    photo("head_height_hair_mm", 38.2, Some([37.5, 39.0]), "portrait.head_height", Warn);
    photo("head_height_hair_mm", 37.0, Some([35.5, 38.5]), "portrait.head_height", Pass);
    photo("head_height_hair_mm", 28.0, None, "portrait.head_height", Warn);
    photo("eye_line_mm", 33.0, None, "portrait.eye_line", Warn);
    photo("eye_line_mm", 23.0, None, "portrait.eye_line", Pass);
}

#[test]
fn appearance_warns_and_never_fails() {
    for (name, value, interval, status) in [
        ("roll_deg", 9.0, None, Status::Warn),
        ("roll_deg", 9.0, Some([7.0, 11.0]), Status::Pass),
        ("yaw_deg", -30.0, Some([-38.0, -22.0]), Status::Warn),
        ("eyes_open", 0.01, None, Status::Warn),
        ("eyes_open", 0.3, None, Status::Pass),
        ("mouth_closed", 0.02, None, Status::Warn),
        ("tinted_glasses", 0.97, None, Status::Warn),
        ("background_plain", 0.2, None, Status::Warn),
        ("over_exposure", 0.6, None, Status::Warn),
        ("under_exposure", 0.6, None, Status::Pass),
        ("sharpness", 0.01, None, Status::Warn),
        ("border", 0.16, None, Status::Warn),
        ("inter_eye_distance", 60.0, Some([57.0, 63.0]), Status::Warn),
        ("inter_eye_distance", 115.0, Some([111.0, 119.0]), Status::Pass),
    ] {
        photo(name, value, interval, &format!("portrait.{name}"), status);
    }
}

#[test]
fn a_picture_on_its_side_an_old_one_and_disputed_faces_are_told() {
    let mut seen = portrait(&[("second_opinion", 0.0, None)], 1);
    seen.portrait.as_mut().unwrap().rotation = 90;
    seen.exif = Some(Exif { orientation: 1, taken: Some("2025-06-30T10:00:00".to_owned()) });
    let judge = |seen: &Examination| {
        judged(&one("portrait", "2026-01-01T06:00:00Z"), &[("D", seen)], "2026-01-01")
    };
    let body = judge(&seen);
    for (id, status, code) in [
        ("portrait.face", Status::Unsure, Code::PhotoFacesDisagree),
        ("portrait.upright", Status::Warn, Code::PhotoSideways),
        ("portrait.age", Status::Warn, Code::PhotoOldExif),
    ] {
        let check = find(&body, id);
        assert_eq!((check.status, check.reasons[0].code), (status, code), "{id}");
    }
    seen.exif = Some(Exif { orientation: 1, taken: Some("2025-07-02T10:00:00".to_owned()) });
    assert_eq!(find(&judge(&seen), "portrait.age").status, Status::Pass);
}

#[test]
fn the_band_is_met_when_any_possible_crown_meets_it() {
    // hair above, skull inside the band
    let seen =
        portrait(&[("head_height_hair_mm", 37.5, None), ("head_height_skull_mm", 34.0, None)], 1);
    let body = judged(&one("portrait", "2026-01-01T06:00:00Z"), &[("D", &seen)], "2026-01-01");
    assert_eq!(find(&body, "portrait.head_height").status, Status::Pass);
}

#[test]
fn no_face_is_unsure_and_several_warn() {
    let face = |faces| {
        let seen = portrait(&[], faces);
        let body = judged(&one("portrait", "2026-01-01T06:00:00Z"), &[("D", &seen)], "2026-01-01");
        find(&body, "portrait.face").status
    };
    assert_eq!(face(0), Status::Unsure);
    assert_eq!(face(1), Status::Pass);
    assert_eq!(face(2), Status::Warn);
}

#[test]
fn the_set_of_the_stage() {
    let body =
        judged(&one("cv", "2026-01-01T06:00:00Z"), &[("D", &opened(Kind::Cv))], "2026-01-01");
    assert_eq!(codes(find(&body, "set.passport")), ["SET_MISSING"]);
    assert_eq!(codes(find(&body, "set.cv")), ["SET_UNEXPECTED"]);
    assert_eq!(body.outcome, Status::Fail);
    assert!(body.complete);
}

#[test]
fn a_document_to_come_leaves_the_verdict_incomplete_and_unsure() {
    let body = judged(&one("passport", "2026-01-01T06:00:00Z"), &[], "2026-01-01");
    assert!(!body.complete);
    assert_eq!(find(&body, "file.opens").status, Status::NotRun);
    assert_eq!(body.documents[0].outcome, Status::Unsure);
}

#[test]
fn announced_bytes_and_types_are_compared() {
    let application = application(
        r#"{"application_id": "A", "stage": "residence-permit", "accepted_at": "2026-01-01T06:00:00Z",
            "documents": [{"document_id": "D", "kind": "passport", "file": "f", "media_type": "image/png",
            "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}]}"#,
    );
    let mut seen = passport("2031-01-01");
    seen.media_type = Some(crate::examination::MediaType::Jpeg);
    let body = judged(&application, &[("D", &seen)], "2026-01-01");
    assert_eq!(codes(find(&body, "file.integrity")), ["FILE_HASH_MISMATCH"]);
    assert_eq!(codes(find(&body, "file.type")), ["FILE_TYPE_MISMATCH"]);
    assert_eq!(body.outcome, Status::Error);
}

#[test]
fn the_form_is_compared_with_the_zone() {
    let form = |applicant: &str| {
        let mut application = one("passport", "2026-01-01T06:00:00Z");
        application.applicant = serde_json::from_str(applicant).unwrap();
        let body = judged(&application, &[("D", &passport("2031-01-01"))], "2026-01-01");
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
    assert_eq!(form("{}"), [None, None, None, None, None]);
}

#[test]
fn the_same_inputs_give_the_same_digest() {
    let application = one("passport", "2026-01-01T06:00:00Z");
    let seen = passport("2031-01-01");
    let body = || judged(&application, &[("D", &seen)], "2026-01-01");
    let verdict = |body| crate::verdict::Verdict::new(body, crate::verdict::Envelope::default());
    assert_eq!(verdict(body()).digest, verdict(body()).digest);
    let other: Date = "2026-01-02".parse().unwrap();
    assert_ne!(verdict(body()).digest, verdict(Body { on: other, ..body() }).digest);
}

#[test]
fn an_unknown_stage_is_named_with_those_that_exist() {
    let mut application = one("passport", "2026-01-01T06:00:00Z");
    application.stage = "tourist\u{202e}".to_owned();
    let case = Case {
        application: &application,
        seen: BTreeMap::new(),
        notes: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: "2026-01-01".parse().unwrap(),
    };
    let error = judge(&case).err().unwrap().to_string();
    assert!(error.contains("ministry-petition, residence-permit"), "{error}");
    assert!(!error.contains('\u{202e}'), "{error:?}");
}

#[test]
fn a_visas_date_says_nothing_of_the_passport() {
    let mut seen = passport("2033-01-01");
    seen.zones[0].format = ZoneFormat::MrvA;
    seen.zones[0].lines = vec!["V<UTOERIKSSON<<ANNA".to_owned()];
    let body = judged(&one("passport", "2026-01-01T06:00:00Z"), &[("D", &seen)], "2026-01-01");
    assert_eq!(find(&body, "passport.validity").status, Status::NotRun);
    assert_eq!(codes(find(&body, "passport.document")), ["PASSPORT_TYPE_WRONG"]);
    assert_eq!(body.documents[0].outcome, Status::Unsure);
}

#[test]
fn two_passports_with_two_dates_are_for_a_person_to_tell() {
    let mut seen = passport("2033-01-01");
    let line = |expiry: &str| format!("L898902C36UTO7408122F{expiry}9ZE184226B<<<<<10");
    seen.zones[0].lines = vec![String::new(), line("330101")];
    let mut other = seen.zones[0].clone();
    other.lines[1] = line("230112");
    seen.zones.push(other);
    let body = judged(&one("passport", "2026-01-01T06:00:00Z"), &[("D", &seen)], "2026-01-01");
    assert_eq!(find(&body, "passport.validity").status, Status::Unsure);
}

#[test]
fn a_passport_that_did_not_open_was_not_searched() {
    let seen = unreadable(b"", Kind::Passport, Reason::new(Code::FileEmpty));
    let body = judged(&one("passport", "2026-01-01T06:00:00Z"), &[("D", &seen)], "2026-01-01");
    assert_eq!(find(&body, "file.opens").status, Status::Fail);
    assert_eq!(find(&body, "passport.zone").status, Status::NotRun);
}

#[test]
fn a_document_before_its_application_is_judged_alone() {
    let application = one("passport", "2026-01-01T06:00:00Z");
    let seen = passport("2031-01-01");
    let case = Case {
        application: &application,
        seen: BTreeMap::from([("D", Seen::Examined(&seen))]),
        notes: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: "2026-01-01".parse().unwrap(),
    };
    let body = super::judge_alone(&case).unwrap();
    assert_eq!(body.subject.document_id.as_deref(), Some("D"));
    assert!(body.checks.iter().all(|check| check.document_id.as_deref() == Some("D")));
    assert_eq!(find(&body, "passport.validity").status, Status::Pass);
    assert_eq!(judge(&case).unwrap().outcome, Status::Fail, "the rest of the set is missing");
    assert!(body.outcome <= Status::Warn, "{:?}", body.outcome);
}
