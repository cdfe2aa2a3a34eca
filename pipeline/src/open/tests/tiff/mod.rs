macro_rules! case {
    ($name:literal) => {
        include_bytes!(concat!("../../../../../fixtures/cases/", $name)).as_slice()
    };
}

mod colours;
mod damage;
mod kinds;
mod raw;

use fixtures::tiff::{TiffPicture, tiff};

use super::*;

/// The only directory states that it is a reduced version of another picture.
pub(super) const REDUCED_ONLY: &[u8] = case!("tiff-only-directory-reduced.tif");

/// Writes a picture for each width; `true` marks a reduced version of another.
fn marked(pictures: &[(u32, bool)]) -> Vec<u8> {
    let picture =
        |(width, reduced): &(u32, bool)| grey((*width, 4)).long(254, &[u32::from(*reduced)]);
    tiff(&pictures.iter().map(picture).collect::<Vec<_>>())
}

/// A black picture.
fn grey((width, height): (u32, u32)) -> TiffPicture {
    TiffPicture::new((width, height), 1, vec![0; (width * height) as usize])
}

#[track_caller]
fn check_widths(untrusted: &[u8], widths: &[u32]) {
    let pictures = pictures(untrusted, &Limits::default()).unwrap();
    let found: Vec<u32> = pictures.iter().map(|picture| picture.page.width).collect();
    assert_eq!(found, widths);
}

/// Checks the pixels of the only page.
#[track_caller]
fn check_pixels(picture: TiffPicture, pixels: &[[u8; 3]]) {
    let rgb = only(&tiff(&[picture])).rgb;
    assert_eq!(rgb.as_raw().as_chunks().0, pixels);
}

/// Checks the code of the refusal, and the kind that it names.
#[track_caller]
fn check_code(untrusted: &[u8], code: &str, kind: Option<&str>) {
    let reason = pictures(untrusted, &Limits::default()).err().unwrap();
    let detected = reason.params.get("detected").and_then(serde_json::Value::as_str);
    assert_eq!(reason.code.name(), code, "{:?}", reason.params);
    assert_eq!(detected, kind.map(|kind| format!("image/tiff ({kind})")).as_deref());
    let accepted = reason.params.get("accepted").map(ToString::to_string).unwrap_or_default();
    assert!(!accepted.contains("tiff"), "{accepted}");
}

#[test]
fn reduced_pictures_are_pages_only_where_there_is_no_other() {
    check_widths(&marked(&[(8, false), (4, true)]), &[8]);
    check_widths(&marked(&[(4, true), (8, false)]), &[8]);
    check_widths(&marked(&[(4, true)]), &[4]);
    check_widths(&marked(&[(4, true), (5, true)]), &[4, 5]);
    assert!(only(REDUCED_ONLY).page.width > 900);
}

#[test]
fn masks_and_smaller_versions_within_are_no_pages() {
    let mask = grey((8, 4)).long(254, &[4]).short(262, &[4]);
    check_widths(&tiff(&[grey((8, 4)).inner(grey((4, 2)).long(254, &[1])), mask]), &[8]);
}

#[test]
fn a_full_picture_within_a_reduced_one_is_the_page() {
    let outer = grey((4, 2)).long(254, &[1]).short(274, &[6]).inner(grey((8, 4)));
    let page = only(&tiff(&[outer])).page;
    // it is turned as the picture around it
    assert_eq!((page.width, page.height, page.rotation), (4, 8, 90));
}

#[test]
fn a_chain_that_returns_to_its_start_ends() {
    let mut file = tiff(&[grey((8, 4))]);
    let link = file.len() - 4;
    file.copy_within(4..8, link);
    check_widths(&file, &[8]);
}

#[test]
fn the_resolution_is_read_in_either_unit() {
    let dpi = |picture| only(&tiff(&[picture])).page.dpi;
    let picture = || grey((8, 4)).rational(282, &[(200, 1)]);
    assert_eq!(dpi(picture()), Some(200.0));
    assert_eq!(dpi(picture().short(296, &[2])), Some(200.0));
    assert_eq!(dpi(picture().short(296, &[3])), Some(508.0));
    assert_eq!(dpi(picture().short(296, &[1])), None);
    assert_eq!(dpi(grey((8, 4)).rational(282, &[(200, 0)])), None);
    assert_eq!(only(case!("tiff-resolution-200.tif")).page.dpi, Some(200.0));
}

#[test]
fn every_orientation_is_turned_once() {
    for tag in 1..=8 {
        let stored = TiffPicture::new((2, 1), 1, vec![10, 20]).short(274, &[tag]);
        let Picture { page, rgb } = only(&tiff(&[stored]));
        let first = if matches!(tag, 1 | 4 | 5 | 6) { 10 } else { 20 };
        assert_eq!(rgb.as_raw()[0], first, "{tag}");
        assert_eq!((page.width, page.height), if tag < 5 { (2, 1) } else { (1, 2) }, "{tag}");
    }
}

#[test]
fn the_time_of_scanning_is_read() {
    let file = tiff(&[grey((8, 4)).text(306, "2025:02:03 04:05:06")]);
    let opened = open(&file, &Limits::default()).unwrap();
    assert_eq!(opened.exif().unwrap().taken.as_deref(), Some("2025-02-03T04:05:06"));
}
