//! Zones in unusual positions: several on a page, mirrored, sheared, tiny, huge, cut
//! off, covered.

use fixtures::degrade::Degradation;
use fixtures::passport::damage::{ZoneDamage, draw_damaged};
use fixtures::passport::varied::VariedPage;
use fixtures::passport::{Format, PIXELS_PER_MM, Specimen, cell_mm, draw_at};
use image::{RgbImage, imageops};

use super::{drawn, picture};
use crate::examination::{Basis, FieldName, ZoneFormat};
use crate::passport::{PassportReading, read, read_observed};

/// The zone alone.
fn zones(rgb: RgbImage) -> PassportReading {
    read_observed(&picture(rgb), false, &mut |_| {})
}

/// Pictures on one sheet, each with its left upper corner at a place.
fn sheet(size: [u32; 2], parts: &[(&RgbImage, [i64; 2])]) -> RgbImage {
    let mut sheet = RgbImage::from_pixel(size[0], size[1], image::Rgb([228, 226, 222]));
    for (part, [x, y]) in parts {
        imageops::replace(&mut sheet, *part, *x, *y);
    }
    sheet
}

#[test]
fn a_rotated_page_is_found() {
    for angle in [-20.0, -7.0, 11.0, 20.0, 45.0] {
        let specimen = Specimen::eriksson();
        let fault = Degradation { rotation_degrees: angle, ..Degradation::none(1) };
        let reading = read(&picture(fault.apply(&drawn(&specimen))));
        assert_eq!(reading.zones[0].lines, specimen.lines(), "{angle}");
    }
}

/// A page photographed from a corner: its sides and all characters are sheared.
#[test]
fn a_sheared_page_is_read() {
    let specimen = Specimen::eriksson();
    let page = drawn(&specimen);
    for lean in [-0.55f32, -0.3, 0.3, 0.55] {
        let reach = (lean.abs() * page.height() as f32).ceil();
        let (width, height) = (page.width() + reach as u32, page.height());
        let leaning =
            RgbImage::from_fn(width, height, |x, y| {
                let by = lean * y as f32 + if lean < 0.0 { reach } else { 0.0 };
                let (left, part) = ((x as f32 - by).floor(), (x as f32 - by).rem_euclid(1.0));
                let at = |x: f32| {
                    let inside = (0.0..page.width() as f32).contains(&x);
                    if inside { page.get_pixel(x as u32, y).0 } else { [120; 3] }
                };
                let (a, b) = (at(left), at(left + 1.0));
                image::Rgb([0, 1, 2].map(|c| {
                    (f32::from(a[c]) * (1.0 - part) + f32::from(b[c]) * part).round() as u8
                }))
            });
        for (turned, what) in [(leaning.clone(), "up"), (imageops::rotate180(&leaning), "down")] {
            let reading = read(&picture(turned));
            let lines = reading.zones.first().map(|zone| zone.lines.clone());
            assert_eq!(lines, Some(specimen.lines()), "{lean} {what}");
        }
    }
}

/// Cameras that look into a mirror, and files whose EXIF denies theirs
/// (orientations 2, 4, 5 and 7).
#[test]
fn a_mirrored_page_is_read() {
    let specimen = Specimen::eriksson();
    let mirror = imageops::flip_horizontal(&drawn(&specimen));
    let turned = [
        mirror.clone(),
        imageops::rotate90(&mirror),
        imageops::rotate180(&mirror),
        imageops::rotate270(&mirror),
    ];
    for (rgb, turn) in turned.into_iter().zip(0..) {
        let reading = read(&picture(rgb));
        assert_eq!(reading.zones[0].lines, specimen.lines(), "{turn}");
        let expiry = reading.fields.iter().find(|field| field.name == FieldName::DateOfExpiry);
        assert_eq!(expiry.and_then(|field| field.basis), Some(Basis::ZoneAndVisual), "{turn}");
        // names are painted over in a mirror too
        let masked = &reading.evidence[1];
        assert_eq!(masked.evidence.id, "zone-1-masked");
        let shown = image::load_from_memory(&masked.bytes).unwrap().to_rgb8();
        let again = zones(shown);
        assert!(again.zones.iter().all(|zone| !zone.lines[0].contains("ERIKSSON")), "{turn}");
        let dark = |bytes: &[u8]| {
            let image = image::load_from_memory(bytes).unwrap().to_luma8();
            image.pixels().filter(|pixel| pixel.0[0] < 30).count()
        };
        assert!(dark(&masked.bytes) > 2 * dark(&reading.evidence[0].bytes), "{turn}");
    }
}

#[test]
fn both_of_two_passports_on_one_scan_are_found() {
    let [one, two] = [3, 4].map(|seed| Specimen::random_of_format(Format::Td3, seed));
    let (first, second) = (drawn(&one), imageops::rotate180(&drawn(&two)));
    let (width, height) = first.dimensions();
    let below = i64::from(height) + 60;
    let parts = [(&first, [40, 20]), (&second, [90, 20 + below])];
    let reading = zones(sheet([width + 150, 2 * height + 140], &parts));
    let mut found: Vec<_> = reading.zones.iter().map(|zone| zone.lines.clone()).collect();
    let mut drawn = vec![one.lines(), two.lines()];
    found.sort();
    drawn.sort();
    assert_eq!(found, drawn);
}

#[test]
fn a_passport_precedes_a_visa_on_the_same_page() {
    let [visa, passport] = [(Format::MrvA, 5), (Format::Td3, 6)]
        .map(|(format, seed)| Specimen::random_of_format(format, seed));
    let (first, second) = (drawn(&visa), drawn(&passport));
    let size = [first.width() + second.width() + 30, first.height().max(second.height()) + 20];
    let parts = [(&first, [10, 10]), (&second, [20 + i64::from(first.width()), 10])];
    let reading = zones(sheet(size, &parts));
    let formats: Vec<ZoneFormat> = reading.zones.iter().map(|zone| zone.format).collect();
    assert_eq!(formats, [ZoneFormat::Td3, ZoneFormat::MrvA]);
    assert_eq!(reading.zones[0].lines, passport.lines());
    assert_eq!(reading.zones[1].lines, visa.lines());
}

/// Fewer than six pixels a character; and fifty million pixels, of which the page takes a part.
#[test]
fn tiny_and_huge_pictures_are_read() {
    let specimen = Specimen::eriksson();
    let page = drawn(&specimen);
    let height = page.height() * 280 / page.width();
    let tiny = imageops::resize(&page, 280, height, imageops::FilterType::Triangle);
    assert_eq!(zones(tiny).zones[0].lines, specimen.lines(), "tiny");
    let large = draw_at(&specimen, 40.0).unwrap();
    let huge = sheet([8660, 5774], &[(&large, [2100, 1200])]);
    drop(large);
    assert_eq!(zones(huge).zones[0].lines, specimen.lines(), "huge");
}

/// Cut off, painted over, blurred: the visible rest may be legible, but a person who
/// hid one part may have changed another. The first six once counted as complete.
#[test]
fn no_field_of_a_cut_or_covered_zone_is_sure() {
    let once = [
        (330, ZoneDamage::CutRight),
        (862, ZoneDamage::CutRight),
        (1989, ZoneDamage::CutRight),
        (2171, ZoneDamage::CutRight),
        (992, ZoneDamage::Squares),
        (1623, ZoneDamage::Blur),
    ];
    let others = (0..21).map(|seed| (seed, ZoneDamage::ALL[seed as usize % ZoneDamage::ALL.len()]));
    for (seed, damage) in once.into_iter().chain(others) {
        let original = VariedPage::random(seed);
        let page = draw_damaged(&original, damage, seed).unwrap().picture;
        let reading = read_observed(&picture(page), false, &mut |_| {});
        assert!(reading.fields.iter().all(|field| !field.sure), "{seed} {damage:?}");
    }
}

/// One character, or a third of some, under paint: a person who hid it may have changed another.
#[test]
fn no_field_of_a_painted_zone_is_sure() {
    let page = drawn(&Specimen::eriksson());
    // line, columns, part of the height; an expiry's foot, a name's letter, the sex
    for (line, columns, part) in
        [(1, 21..27, 0.62..1.2), (0, 7..8, -0.2..1.2), (1, 20..21, -0.2..1.2)]
    {
        for colour in [[0; 3], [250; 3]] {
            let mut spoiled = page.clone();
            let first = cell_mm(Format::Td3, line, columns.start);
            let last = cell_mm(Format::Td3, line, columns.end - 1);
            let down = |share: f32| first[1] + share * (first[3] - first[1]);
            let area = [first[0], down(part.start), last[2], down(part.end)];
            let [left, top, right, bottom] = area.map(|mm| (mm * PIXELS_PER_MM) as u32);
            for (x, y) in (left..=right).flat_map(|x| (top..=bottom).map(move |y| (x, y))) {
                spoiled.put_pixel(x, y, image::Rgb(colour));
            }
            let reading = zones(spoiled);
            let sure = reading.fields.iter().any(|field| field.sure);
            assert!(!sure, "line {line} {columns:?} {colour:?}");
        }
    }
    assert!(zones(page).fields.iter().any(|field| field.sure));
}
