//! From pixels to fields, on drawn specimens and on pictures of nothing.

mod hidden;
mod places;

use fixtures::degrade::Degradation;
use fixtures::passport::{Format, Specimen, draw};
use image::{RgbImage, imageops};
use proptest::prelude::*;

use super::*;
use crate::examination::{Basis, Field, FieldName, Page, PageOrigin, Source, ZoneFormat};

fn picture(rgb: RgbImage) -> Picture {
    let page = Page {
        number: 1,
        width: rgb.width(),
        height: rgb.height(),
        dpi: None,
        rotation: 0,
        mirrored: false,
        origin: PageOrigin::Image,
    };
    Picture { page, rgb }
}

fn drawn(specimen: &Specimen) -> RgbImage {
    draw(specimen).unwrap()
}

fn field(reading: &PassportReading, name: FieldName) -> &Field {
    reading.fields.iter().find(|field| field.name == name).unwrap()
}

fn codes(reading: &PassportReading) -> Vec<&'static str> {
    reading.reasons.iter().map(|reason| reason.code.name()).collect()
}

#[test]
fn a_passport_is_read_in_all_four_orientations() {
    let specimen = Specimen::eriksson();
    let page = drawn(&specimen);
    let turned = [
        (page.clone(), 0.0),
        (imageops::rotate90(&page), 270.0),
        (imageops::rotate180(&page), 180.0),
        (imageops::rotate270(&page), 90.0),
    ];
    for (rgb, rotation) in turned {
        let reading = read(&picture(rgb));
        assert_eq!(reading.zones[0].lines, specimen.lines(), "{rotation}");
        let away = (reading.zones[0].rotation - rotation + 180.0).rem_euclid(360.0) - 180.0;
        assert!(away.abs() < 1.0, "{rotation}");
        let expiry = field(&reading, FieldName::DateOfExpiry);
        assert_eq!((expiry.value.as_str(), expiry.raw.as_str()), ("31-04-15", "310415"));
        assert_eq!(expiry.possible_years, [1931, 2031]);
        assert_eq!((expiry.sure, expiry.basis), (true, Some(Basis::ZoneAndVisual)));
        assert_eq!(codes(&reading), [""; 0]);
    }
}

#[test]
fn all_formats_are_distinguished() {
    for (format, zone) in [
        (Format::Td1, ZoneFormat::Td1),
        (Format::Td2, ZoneFormat::Td2),
        (Format::Td3, ZoneFormat::Td3),
        (Format::MrvA, ZoneFormat::MrvA),
        (Format::MrvB, ZoneFormat::MrvB),
    ] {
        let specimen = Specimen::random_of_format(format, 7);
        let reading = read(&picture(Degradation::light(7).apply(&drawn(&specimen))));
        assert_eq!(reading.zones[0].format, zone);
        assert_eq!(reading.zones[0].lines, specimen.lines());
        assert_eq!(codes(&reading).contains(&"PASSPORT_TYPE_WRONG"), zone != ZoneFormat::Td3);
    }
}

#[test]
fn a_wrong_digit_is_reported_and_no_field_is_sure() {
    let mut specimen = Specimen::eriksson();
    let mut lines = specimen.lines();
    let wrong = if &lines[1][27..28] == "0" { "1" } else { "0" };
    lines[1].replace_range(27..28, wrong);
    specimen.zone_override = lines;
    let reading = read(&picture(drawn(&specimen)));
    assert_eq!(codes(&reading), ["MRZ_CHECK_EXPIRY", "MRZ_CHECK_COMPOSITE"]);
    assert!(reading.fields.iter().all(|field| !field.sure && field.basis.is_none()));
    assert_eq!((reading.zones[0].changed, reading.zones[0].lines.clone()), (0, specimen.lines()));
}

/// The composite digit is valid, because it was computed for the printed page.
#[test]
fn no_date_is_sure_if_the_digit_of_another_field_is_wrong() {
    let mut specimen = Specimen::eriksson();
    let mut lines = specimen.lines();
    let wrong = if &lines[1][9..10] == "0" { "1" } else { "0" };
    lines[1].replace_range(9..10, wrong);
    let covered = format!("{}{}{}", &lines[1][..10], &lines[1][13..20], &lines[1][21..43]);
    let composite = fixtures::passport::check_digit(&covered).to_string();
    lines[1].replace_range(43..44, &composite);
    specimen.zone_override = lines;
    let reading = read(&picture(drawn(&specimen)));
    assert_eq!(codes(&reading), ["MRZ_CHECK_NUMBER"]);
    assert!(reading.fields.iter().all(|field| !field.sure));
}

#[test]
fn a_printed_year_that_differs_by_one_glyph_is_reported() {
    let mut specimen = Specimen::eriksson();
    specimen.expiry.year = 2029;
    let lines = specimen.lines();
    specimen.expiry.year = 2026;
    specimen.zone_override = lines;
    let reading = read(&picture(drawn(&specimen)));
    assert_eq!(codes(&reading), ["EXP_SOURCES_DISAGREE"]);
    assert!(!field(&reading, FieldName::DateOfExpiry).sure);
}

#[test]
fn a_russian_internal_passport_is_recognised() {
    let mut specimen = Specimen::eriksson();
    specimen.zone_override = vec![
        "PNRUSIM8REK<<EVGENIQ<ALEKSANDROVI3<<<<<<<<<<".into(),
        "1234567897RUS8610164M<<<<<<<4121022770040<50".into(),
    ];
    let reading = read(&picture(drawn(&specimen)));
    assert_eq!(reading.zones[0].lines, specimen.lines());
    let codes = codes(&reading);
    assert!(codes.contains(&"PASSPORT_TYPE_WRONG") && codes.contains(&"EXP_NO_EXPIRY_PRINTED"));
    assert!(reading.fields.iter().all(|field| field.name != FieldName::DateOfExpiry));
}

#[test]
fn names_codes_and_sex_are_never_sure() {
    let reading = read(&picture(drawn(&Specimen::eriksson())));
    for field in &reading.fields {
        let protected = matches!(
            field.name,
            FieldName::DocumentNumber | FieldName::DateOfBirth | FieldName::DateOfExpiry
        );
        assert_eq!(field.sure, protected, "{}", field.name.name());
    }
    assert_eq!(field(&reading, FieldName::Surname).value, "ERIKSSON");
    assert_eq!(field(&reading, FieldName::GivenNames).value, "ANNA MARIA");
    assert_eq!(field(&reading, FieldName::DocumentType).value, "P");
}

#[test]
fn evidence_hides_names_and_numbers_and_shows_the_expiry() {
    let rgb = drawn(&Specimen::eriksson());
    let reading = read(&picture(rgb));
    let [plain, masked, ..] = &reading.evidence[..] else { panic!("two pictures") };
    assert_eq!(
        (plain.evidence.id.as_str(), masked.evidence.id.as_str()),
        ("zone-1", "zone-1-masked")
    );
    assert_eq!(plain.evidence.masked.as_deref(), Some("zone-1-masked"));
    assert!(plain.bytes.len() <= 512 * 1024 && plain.evidence.width > 500);
    let shown = image::load_from_memory(&masked.bytes).unwrap().to_rgb8();
    assert_eq!(shown.dimensions(), (masked.evidence.width, masked.evidence.height));
    // in the masked picture the first line shows only the state, the second the expiry
    let again = read(&picture(shown.clone()));
    assert!(again.zones.iter().all(|zone| !zone.lines[0].contains("ERIKSSON")));
    let whole = image::load_from_memory(&plain.bytes).unwrap().to_rgb8();
    let unlike = |x0: f64, x1: f64| {
        let (w, h) = (f64::from(shown.width()), shown.height());
        let columns = (x0 * w) as u32..(x1 * w) as u32;
        let pixels = columns.flat_map(|x| (h * 6 / 10..h).map(move |y| (x, y)));
        pixels
            .filter(|(x, y)| shown.get_pixel(*x, *y)[0].abs_diff(whole.get_pixel(*x, *y)[0]) > 60)
            .count()
    };
    // positions 1-9 and 14-19 of 44 are painted over; 22-28 are not
    assert!(unlike(0.03, 0.2) > 500);
    assert!(unlike(0.34, 0.42) > 500);
    assert!(unlike(0.52, 0.62) < 20);
}

#[test]
fn the_visual_zone_is_compared_with_the_machine_readable_zone() {
    let reading = read(&picture(drawn(&Specimen::eriksson())));
    let printed: Vec<(FieldName, &str)> = reading
        .fields
        .iter()
        .filter(|field| field.source == Source::Visual)
        .map(|field| (field.name, field.value.as_str()))
        .collect();
    assert!(printed.contains(&(FieldName::DateOfExpiry, "2031-04-15")), "{}", printed.len());
    assert!(printed.contains(&(FieldName::DateOfBirth, "1974-08-12")), "{}", printed.len());
    let ids: Vec<&str> = reading.evidence.iter().map(|one| one.evidence.id.as_str()).collect();
    assert!(ids.contains(&"visual-date_of_expiry") && ids.contains(&"zone-date_of_expiry"));
    for picture in reading.evidence.iter().filter(|one| one.evidence.id.contains("birth")) {
        assert!(picture.evidence.id.ends_with("-masked") || picture.evidence.masked.is_some());
    }
}

/// The page prints another expiry than the zone: never taken for agreement.
#[test]
fn a_different_expiry_above_the_zone_never_agrees() {
    let mut reported = 0;
    for seed in 0..8 {
        let mut specimen = Specimen::random_of_format(Format::Td3, seed);
        let lines = specimen.lines();
        let year = specimen.expiry.year;
        specimen.expiry.year = if seed % 2 == 0 { year + 2 } else { year - 3 };
        specimen.zone_override = lines;
        let reading = read(&picture(drawn(&specimen)));
        let expiry = field(&reading, FieldName::DateOfExpiry);
        assert_ne!(expiry.basis, Some(Basis::ZoneAndVisual), "{seed}");
        let differs = codes(&reading).contains(&"EXP_SOURCES_DISAGREE");
        assert!(!differs || !expiry.sure, "{seed}");
        reported += usize::from(differs);
    }
    assert!(reported > 0);
}

#[test]
fn polygons_surround_the_characters() {
    let rgb = drawn(&Specimen::eriksson());
    let (width, height) = (f64::from(rgb.width()), f64::from(rgb.height()));
    let reading = read(&picture(rgb));
    let expiry = &field(&reading, FieldName::DateOfExpiry).polygon;
    let zone = &reading.zones[0].polygon;
    let cell = (zone[2][0] - zone[3][0]) / 44.0;
    assert!((expiry[0][0] - (zone[3][0] + 21.0 * cell)).abs() < cell * 0.3);
    assert!((expiry[1][0] - expiry[0][0] - 6.0 * cell).abs() < cell * 0.3);
    assert!(
        expiry.iter().all(|p| p[0] > 0.0 && p[0] < width && p[1] > height * 0.7 && p[1] < height)
    );
}

#[test]
fn the_same_page_gives_the_same_reading_twice() {
    let page = Degradation::hand_held(3).apply(&drawn(&Specimen::random(3)));
    assert!(read(&picture(page.clone())) == read(&picture(page)));
}

#[test]
fn a_page_without_a_zone_has_a_reason() {
    for rgb in [
        RgbImage::new(0, 0),
        RgbImage::new(1, 1),
        RgbImage::new(3000, 1),
        RgbImage::from_pixel(400, 300, image::Rgb([200, 10, 90])),
    ] {
        let reading = read(&picture(rgb));
        assert_eq!(codes(&reading), ["MRZ_NOT_FOUND"]);
        assert!(reading.fields.is_empty() && reading.evidence.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_small_picture_breaks_the_reader(
        width in 1u32..90,
        height in 1u32..90,
        bytes in prop::collection::vec(any::<u8>(), 64),
        coarse in 1u32..9,
    ) {
        let rgb = RgbImage::from_fn(width, height, |x, y| {
            let i = (x / coarse * 31 + y / coarse * 17) as usize;
            image::Rgb([0, 1, 2].map(|c| bytes[(i + c) % 64]))
        });
        let _ = read(&picture(rgb));
    }

    #[test]
    fn stripes_do_not_break_the_reader(
        pitch in 4u32..14,
        height in 3u32..12,
        gap in 6u32..30,
        lines in 1u32..5,
        turn in any::<bool>(),
    ) {
        let rgb = RgbImage::from_fn(700, 160, |x, y| {
            let inside = y % gap < height && y / gap < lines && x % pitch < pitch / 2 && x > 20;
            image::Rgb([if inside { 20 } else { 230 }; 3])
        });
        let _ = read(&picture(if turn { imageops::rotate90(&rgb) } else { rgb }));
    }
}
