//! Measures of a portrait, by name.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `aspect_ratio` | ratio | width over height; 35x45 mm is 0.778 |
//! | `width_px`, `height_px` | px | size of the upright picture |
//! | `colour` | share | 0 grey to 1 colourful, see [`colour`](super::colour) |
//! | `faces` | count | faces found |
//! | `single_face_present` | share | 1 less the second face's area over the first's (ISO/IEC 29794-5) |
//! | `head_height_hair_mm` | mm | chin to the top of the hair |
//! | `head_height_skull_mm` | mm | chin to the estimated top of the skull |
//! | `eye_line_mm` | mm | eye midpoint above the lower edge |
//! | `eye_centre_share` | share | eye midpoint from the left edge |
//! | `inter_eye_distance` | px | between the eye centres |
//! | `inter_eye_mm` | mm | the same on the print |
//! | `roll_deg` | deg | positive when the head leans to the picture's right |
//!
//! Millimetres are those of a 35x45 mm print: the picture's height is 45 mm.
//! A measure that could not be taken is absent.

use std::collections::BTreeMap;

use image::RgbImage;

use crate::examination::{Face, Measure, round};

/// Height of the print in millimetres.
pub(super) const PRINT_MM: f64 = 45.0;

/// Relative standard deviation of the head height to the hair: the chin lies
/// within 0.14 inter-eye distances of its usual place even where no edge shows
/// it (13 portraits), and a head with hair is 3.9 such distances high.
const HAIR_SPREAD: f64 = 0.036;

/// The same to the skull: that of head heights predicted from eyes and chin
/// alone (25 portraits, hand-measured).
const SKULL_SPREAD: f64 = 0.064;

/// Error of an eye centre's place in inter-eye distances: the median on 30
/// hand-labelled faces.
const EYE_SPREAD: f64 = 0.05;

/// Takes every measure that the faces allow.
pub(super) fn all(rgb: &RgbImage, faces: &[Face], colour: f64) -> BTreeMap<String, Measure> {
    let (width, height) = (f64::from(rgb.width()), f64::from(rgb.height()));
    let mut measures = BTreeMap::from([
        named("aspect_ratio", exact(width / height, "ratio", 4)),
        named("width_px", exact(width, "px", 0)),
        named("height_px", exact(height, "px", 0)),
        named("colour", Measure { confidence: 0.9, ..exact(colour, "share", 3) }),
        named("faces", Measure { confidence: 0.95, ..exact(faces.len() as f64, "count", 0) }),
    ]);
    if let Some(face) = faces.first() {
        let second = faces.get(1).map_or(0.0, |other| area(other) / area(face));
        let single = exact((1.0 - second).max(0.0), "share", 3);
        measures.extend([named("single_face_present", with(face, single))]);
        measures.extend(of_eyes(face, width, height));
        measures.extend(of_head(face, height));
    }
    measures
}

/// What the eye centres alone give.
fn of_eyes(face: &Face, width: f64, height: f64) -> Vec<(String, Measure)> {
    let (Some(right), Some(left)) = (face.right_eye, face.left_eye) else { return Vec::new() };
    let distance = (left[0] - right[0]).hypot(left[1] - right[1]);
    let middle = [(right[0] + left[0]) / 2.0, (right[1] + left[1]) / 2.0];
    let mm = PRINT_MM / height;
    let off = EYE_SPREAD * distance;
    let mut measures = vec![
        named("eye_line_mm", spread((height - middle[1]) * mm, off * mm, "mm", 2)),
        named("eye_centre_share", spread(middle[0] / width, off / width, "share", 3)),
        named("inter_eye_distance", spread(distance, off, "px", 1)),
        named("inter_eye_mm", spread(distance * mm, off * mm, "mm", 2)),
    ];
    let lean = EYE_SPREAD.atan().to_degrees();
    measures.extend(face.roll_deg.map(|roll| named("roll_deg", spread(roll, lean, "deg", 1))));
    measures.into_iter().map(|(name, measure)| (name, with(face, measure))).collect()
}

/// Head heights, measured down the picture.
fn of_head(face: &Face, height: f64) -> Vec<(String, Measure)> {
    let Some(chin) = face.chin else { return Vec::new() };
    let to_crown = |crown: [f64; 2], share: f64| {
        let mm = (chin[1] - crown[1]) * PRINT_MM / height;
        with(face, spread(mm, mm * share, "mm", 2))
    };
    let hair = face.crown_hair.map(|at| named("head_height_hair_mm", to_crown(at, HAIR_SPREAD)));
    let skull =
        face.crown_skull.map(|at| named("head_height_skull_mm", to_crown(at, SKULL_SPREAD)));
    hair.into_iter().chain(skull).collect()
}

fn area(face: &Face) -> f64 {
    face.bounds[2] * face.bounds[3]
}

fn named(name: &str, measure: Measure) -> (String, Measure) {
    (name.to_owned(), measure)
}

fn exact(value: f64, unit: &str, digits: i32) -> Measure {
    let value = round(value, digits);
    Measure { value, unit: unit.to_owned(), interval: None, confidence: 1.0 }
}

/// A value with the spread of its method on both sides, one standard deviation.
fn spread(value: f64, off: f64, unit: &str, digits: i32) -> Measure {
    let interval = Some([round(value - off, digits), round(value + off, digits)]);
    Measure { interval, ..exact(value, unit, digits) }
}

/// As sure as the face that it rests on.
fn with(face: &Face, measure: Measure) -> Measure {
    Measure { confidence: face.confidence, ..measure }
}
