//! What a 35x45 print cut from the picture would be, where cropping alone
//! mends its geometry.

use std::collections::BTreeMap;

use image::imageops;

use super::Scene;
use super::copy::resized;
use super::draw::encoded;
use super::head::Top;
use super::measure::PRINT_MM;
use crate::digest::sha256;
use crate::examination::{Evidence, EvidenceKind, EvidencePicture, Measure, SuggestedCrop, round};

/// Head height in the middle of ICAO's 70 to 80 % of 45 mm: half way from the
/// height to the skull to that with hair.
const HEAD_MM: f64 = 34.0;

/// No more than this with hair, however high the hair is.
const HAIR_MM: f64 = 35.8;

/// Room above the hair: as much as the photo standards file of PPP gives for
/// Kazakhstan, and the least of it where the picture ends before.
const ABOVE_MM: [f64; 2] = [3.0, 1.0];

/// Width over height.
const RATIO: f64 = 7.0 / 9.0;

/// Cropping does not straighten a head that leans further than this, in degrees.
const LEAN: f64 = 8.0;

/// What needs no mending: width over height within 2 %, the eyes' middle, and
/// any height between skull and hair within ICAO's band of the head.
const RATIO_OFF: f64 = 0.02;
const CENTRE: std::ops::Range<f64> = 0.45..0.55;
const BAND_MM: [f64; 2] = [32.0, 36.0];

/// Height over skull where the hair's end is unknown: the mean of 25 portraits.
const HAIR: f64 = 1.1;

/// Pixels of a print at 300 dpi: the least that is worth cropping, and what is shown.
const SHOWN: [u32; 2] = [413, 531];

/// Left, top, width and height of the crop in pixels of the upright picture.
pub(super) fn bounds(scene: &Scene<'_>) -> Option<[f64; 4]> {
    let head = scene.head.as_ref()?;
    let (width, height) = scene.size();
    if scene.found.len() > 1 || head.axis.roll().abs() > LEAN || head.hair == Top::Outside {
        return None;
    }
    let skull = head.height(head.skull);
    let (hair, top) = match head.hair {
        Top::At(hair) => (head.height(hair), hair[1]),
        _ => (skull * HAIR, head.chin[1] - skull * HAIR),
    };
    let mm = (f64::midpoint(skull, hair) / HEAD_MM).max(hair / HAIR_MM);
    let (tall, wide) = (PRINT_MM * mm, PRINT_MM * mm * RATIO);
    let left = head.axis.origin[0] - wide / 2.0;
    let above = (top - ABOVE_MM[0] * mm).max(0.0);
    let fits = wide >= f64::from(SHOWN[0])
        && tall >= f64::from(SHOWN[1])
        && left >= 0.0
        && left + wide <= width
        && top - above >= ABOVE_MM[1] * mm
        && above + tall <= height;
    let print = PRINT_MM / height;
    let fine = (width / height / RATIO - 1.0).abs() <= RATIO_OFF
        && CENTRE.contains(&(head.axis.origin[0] / width))
        && skull * print <= BAND_MM[1]
        && hair * print >= BAND_MM[0];
    (fits && !fine).then_some([left, above, wide, tall])
}

/// What would be measured on it: places shift, lengths scale.
pub(super) fn measures(
    scene: &Scene<'_>,
    all: &BTreeMap<String, Measure>,
    [left, top, wide, tall]: [f64; 4],
) -> BTreeMap<String, Measure> {
    let (_, height) = scene.size();
    let scaled = |name: &str, by: f64, plus: f64| {
        let measure = all.get(name)?;
        let digits = if measure.unit == "mm" { 2 } else { 3 };
        let at = |value: f64| round(value * by + plus, digits);
        let interval = measure.interval.map(|ends| ends.map(at));
        Some((name.to_owned(), Measure { value: at(measure.value), interval, ..measure.clone() }))
    };
    let grown = height / tall;
    let (width, _) = scene.size();
    let exact = |name: &str, value: f64, unit: &str, digits: i32| {
        let measure = Measure::plain(round(value, digits), unit, 1.0);
        Some((name.to_owned(), measure))
    };
    // millimetres above the lower edge: first those that are cut off
    let cut = (height - top - tall) / height * PRINT_MM;
    [
        exact("aspect_ratio", wide / tall, "ratio", 4),
        exact("width_px", wide, "px", 0),
        exact("height_px", tall, "px", 0),
        scaled("head_height_hair_mm", grown, 0.0),
        scaled("head_height_skull_mm", grown, 0.0),
        scaled("inter_eye_mm", grown, 0.0),
        scaled("eye_line_mm", grown, -cut * grown),
        scaled("eye_centre_share", width / wide, -left / wide),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The crop as a picture.
pub(super) fn picture(
    scene: &Scene<'_>,
    page: u32,
    crop: &SuggestedCrop,
    upright: [f64; 4],
) -> Option<EvidencePicture> {
    let [left, top, wide, tall] = upright;
    let (rgb, scale) = scene.levels.fit((tall / f64::from(SHOWN[1])).max(1.0));
    let pixels = |at: f64| (at * scale).round() as u32;
    let part =
        imageops::crop_imm(rgb, pixels(left), pixels(top), pixels(wide), pixels(tall)).to_image();
    let shown = if part.height() > SHOWN[1] { resized(&part, SHOWN[0], SHOWN[1]) } else { part };
    let bytes = encoded(&shown)?;
    let [x, y, w, h] = crop.bounds;
    Some(EvidencePicture {
        evidence: Evidence {
            id: "portrait-crop".to_owned(),
            kind: EvidenceKind::Crop,
            page,
            polygon: vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]],
            media_type: "image/jpeg".to_owned(),
            width: shown.width(),
            height: shown.height(),
            sha256: sha256(&bytes),
            masked: None,
        },
        bytes,
    })
}
