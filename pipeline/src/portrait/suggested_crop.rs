//! The 35x45 print that could be cut from the picture, where cropping alone
//! corrects its geometry.

use std::collections::BTreeMap;

use image::imageops;

use super::geometry::PRINT_HEIGHT_MM;
use super::head::HairTop;
use super::overlay::encode_jpeg;
use super::scene::Scene;
use crate::digest::sha256;
use crate::engines::resize::resize;
use crate::examination::{Evidence, EvidenceKind, EvidencePicture, Measure, SuggestedCrop, round};

/// Head height in the middle of ICAO's 70 to 80 % of 45 mm, for the mean of the
/// heights with and without hair.
const HEAD_MM: f64 = 34.0;

/// Largest head height with hair.
const HAIR_MM: f64 = 35.8;

/// Room above the hair: that of the photo standards file of PPP for Kazakhstan,
/// and the minimum where the picture ends before.
const ABOVE_MM: [f64; 2] = [3.0, 1.0];

/// Width over height.
const RATIO: f64 = 7.0 / 9.0;

/// Largest roll of the head in degrees: cropping does not straighten a head.
const ROLL_MAX: f64 = 8.0;

/// No crop is suggested where the aspect ratio is within 2 %, the eye midpoint
/// within this range, and any height between skull and hair within ICAO's range.
const RATIO_TOLERANCE: f64 = 0.02;
const EYE_CENTRE: std::ops::Range<f64> = 0.45..0.55;
const HEAD_RANGE_MM: [f64; 2] = [32.0, 36.0];

/// Head height with hair over that to the skull, where the top of the hair is
/// unknown: the mean of 25 portraits.
const HAIR: f64 = 1.1;

/// Pixels of a print at 300 dpi: the smallest crop that is suggested, and the
/// size of its picture.
const CROP_PX: [u32; 2] = [413, 531];

/// Returns left, top, width and height of the crop in pixels of the upright
/// picture, or `None` where no crop is possible or necessary.
pub(super) fn find_bounds(scene: &Scene<'_>) -> Option<[f64; 4]> {
    let head = scene.head.as_ref()?;
    let (width, height) = scene.size();
    if scene.faces.len() > 1
        || head.axis.roll_degrees().abs() > ROLL_MAX
        || head.hair == HairTop::AbovePicture
    {
        return None;
    }
    let skull = head.height(head.skull);
    let (hair, top) = match head.hair {
        HairTop::At(hair) => (head.height(hair), hair[1]),
        _ => (skull * HAIR, head.chin[1] - skull * HAIR),
    };
    let mm = (f64::midpoint(skull, hair) / HEAD_MM).max(hair / HAIR_MM);
    let (tall, wide) = (PRINT_HEIGHT_MM * mm, PRINT_HEIGHT_MM * mm * RATIO);
    let left = head.axis.origin[0] - wide / 2.0;
    let above = (top - ABOVE_MM[0] * mm).max(0.0);
    let fits = wide >= f64::from(CROP_PX[0])
        && tall >= f64::from(CROP_PX[1])
        && left >= 0.0
        && left + wide <= width
        && top - above >= ABOVE_MM[1] * mm
        && above + tall <= height;
    let mm_per_px = PRINT_HEIGHT_MM / height;
    let is_correct = (width / height / RATIO - 1.0).abs() <= RATIO_TOLERANCE
        && EYE_CENTRE.contains(&(head.axis.origin[0] / width))
        && skull * mm_per_px <= HEAD_RANGE_MM[1]
        && hair * mm_per_px >= HEAD_RANGE_MM[0];
    (fits && !is_correct).then_some([left, above, wide, tall])
}

/// Returns the measures that the crop would have: positions shift, lengths scale.
pub(super) fn predict_measures(
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
    let enlargement = height / tall;
    let (width, _) = scene.size();
    let exact = |name: &str, value: f64, unit: &str, digits: i32| {
        let measure = Measure::without_interval(round(value, digits), unit, 1.0);
        Some((name.to_owned(), measure))
    };
    // millimetres above the lower edge that are cut off
    let cut = (height - top - tall) / height * PRINT_HEIGHT_MM;
    [
        exact("aspect_ratio", wide / tall, "ratio", 4),
        exact("width_px", wide, "px", 0),
        exact("height_px", tall, "px", 0),
        scaled("head_height_hair_mm", enlargement, 0.0),
        scaled("head_height_skull_mm", enlargement, 0.0),
        scaled("inter_eye_mm", enlargement, 0.0),
        scaled("eye_line_mm", enlargement, -cut * enlargement),
        scaled("eye_centre_share", width / wide, -left / wide),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Renders the crop as an evidence picture.
pub(super) fn cut_out(
    scene: &Scene<'_>,
    page: u32,
    crop: &SuggestedCrop,
    upright: [f64; 4],
) -> Option<EvidencePicture> {
    let [left, top, wide, tall] = upright;
    let (rgb, scale) = scene.pyramid.level_for_step((tall / f64::from(CROP_PX[1])).max(1.0));
    let pixels = |at: f64| (at * scale).round() as u32;
    let part =
        imageops::crop_imm(rgb, pixels(left), pixels(top), pixels(wide), pixels(tall)).to_image();
    let picture =
        if part.height() > CROP_PX[1] { resize(&part, CROP_PX[0], CROP_PX[1]) } else { part };
    let bytes = encode_jpeg(&picture)?;
    let [x, y, w, h] = crop.bounds;
    Some(EvidencePicture {
        evidence: Evidence {
            id: "portrait-crop".to_owned(),
            kind: EvidenceKind::Crop,
            page,
            polygon: vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h]],
            media_type: "image/jpeg".to_owned(),
            width: picture.width(),
            height: picture.height(),
            sha256: sha256(&bytes),
            masked: None,
        },
        bytes,
    })
}
