//! Checks of the portrait.

use super::{application_with, examined, find_check, judge_on};
use crate::examination::{Examination, Exif, Face, Measure, Portrait};
use crate::kind::Kind;
use crate::reason::Code;
use crate::status::Status;

pub(super) fn measured_portrait(
    measures: &[(&str, f64, Option<[f64; 2]>)],
    faces: usize,
) -> Examination {
    let mut examination = examined(Kind::Portrait);
    let measure = |value, interval| Measure {
        value,
        unit: "x".to_owned(),
        interval,
        quality: None,
        confidence: 0.9,
    };
    let face = Face {
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
    examination.portrait =
        Some(Portrait { faces: vec![face; faces], measures: all.collect(), ..Portrait::default() });
    examination
}

#[track_caller]
fn check_measure(name: &str, value: f64, interval: Option<[f64; 2]>, id: &str, status: Status) {
    let examination = measured_portrait(&[(name, value, interval)], 1);
    let body = judge_on(
        &application_with("portrait", "2026-01-01T06:00:00Z"),
        &[("D", &examination)],
        "2026-01-01",
    );
    assert_eq!(find_check(&body, id).status, status, "{name} = {value}");
}

#[test]
fn ratio_and_colour_may_fail_and_geometry_only_warns() {
    use Status::{Fail, Pass, Unsure, Warn};
    check_measure("aspect_ratio", 35.0 / 45.0, None, "portrait.ratio", Pass);
    check_measure("aspect_ratio", 0.793, None, "portrait.ratio", Pass);
    check_measure("aspect_ratio", 0.799, None, "portrait.ratio", Warn);
    check_measure("aspect_ratio", 0.75, None, "portrait.ratio", Warn);
    check_measure("aspect_ratio", 0.667, None, "portrait.ratio", Fail);
    check_measure("aspect_ratio", 1.0, None, "portrait.ratio", Fail);
    check_measure("colour", 0.0, None, "portrait.colour", Fail);
    check_measure("colour", 0.15, None, "portrait.colour", Unsure);
    check_measure("colour", 0.5, None, "portrait.colour", Pass);
    check_measure("head_height_hair_mm", 38.2, Some([37.5, 39.0]), "portrait.head_height", Warn);
    check_measure("head_height_hair_mm", 37.0, Some([35.5, 38.5]), "portrait.head_height", Pass);
    check_measure("head_height_hair_mm", 28.0, None, "portrait.head_height", Warn);
    check_measure("eye_line_mm", 33.0, None, "portrait.eye_line", Warn);
    check_measure("eye_line_mm", 23.0, None, "portrait.eye_line", Pass);
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
        check_measure(name, value, interval, &format!("portrait.{name}"), status);
    }
}

#[test]
fn a_rotated_picture_an_old_one_and_disputed_faces_are_reported() {
    let mut examination = measured_portrait(&[("second_opinion", 0.0, None)], 1);
    examination.portrait.as_mut().unwrap().rotation = 90;
    examination.exif = Some(Exif { orientation: 1, taken: Some("2025-06-30T10:00:00".to_owned()) });
    let judge = |examination: &Examination| {
        judge_on(
            &application_with("portrait", "2026-01-01T06:00:00Z"),
            &[("D", examination)],
            "2026-01-01",
        )
    };
    let body = judge(&examination);
    for (id, status, code) in [
        ("portrait.face", Status::Unsure, Code::PhotoFacesDisagree),
        ("portrait.upright", Status::Warn, Code::PhotoSideways),
        ("portrait.age", Status::Warn, Code::PhotoOldExif),
    ] {
        let check = find_check(&body, id);
        assert_eq!((check.status, check.reasons[0].code), (status, code), "{id}");
    }
    examination.exif = Some(Exif { orientation: 1, taken: Some("2025-07-02T10:00:00".to_owned()) });
    assert_eq!(find_check(&judge(&examination), "portrait.age").status, Status::Pass);
}

#[test]
fn the_range_is_met_when_any_possible_crown_is_within_it() {
    // hair above the range, skull within it
    let examination = measured_portrait(
        &[("head_height_hair_mm", 37.5, None), ("head_height_skull_mm", 34.0, None)],
        1,
    );
    let body = judge_on(
        &application_with("portrait", "2026-01-01T06:00:00Z"),
        &[("D", &examination)],
        "2026-01-01",
    );
    assert_eq!(find_check(&body, "portrait.head_height").status, Status::Pass);
}

#[test]
fn no_face_is_unsure_and_several_warn() {
    let face = |faces| {
        let examination = measured_portrait(&[], faces);
        let body = judge_on(
            &application_with("portrait", "2026-01-01T06:00:00Z"),
            &[("D", &examination)],
            "2026-01-01",
        );
        find_check(&body, "portrait.face").status
    };
    assert_eq!(face(0), Status::Unsure);
    assert_eq!(face(1), Status::Pass);
    assert_eq!(face(2), Status::Warn);
}
