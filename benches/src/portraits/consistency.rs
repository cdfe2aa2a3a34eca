//! Compares the measures of a portrait before and after a known change. This
//! needs no labels.

use image::RgbImage;
use pipeline::examination::Portrait;

use super::measure;
use super::score::GREY;
use super::vary::{CHANGES, Part, SIZE, changed, cut, grey};

/// The deviation of one variant from the values that the original implies.
#[derive(Clone, Debug)]
pub struct Drift {
    /// File name.
    pub file: String,
    /// Description of the variant.
    pub variant: String,
    /// Millimetres of head height with hair; nothing if it was not measured.
    pub head_mm: Option<f64>,
    /// Degrees of roll.
    pub roll_deg: Option<f64>,
    /// Share of the width.
    pub centre: Option<f64>,
    /// Whether a grey copy is recognised as grey and the variant is not.
    pub colour: bool,
}

/// Heights of the head in the crops.
const HEADS_MM: [f64; 4] = [27.0, 31.0, 34.0, 38.0];

/// Degrees of turns.
const TURNS: [f64; 4] = [4.0, 8.0, 15.0, -11.0];

/// Measures variants of a picture whose head was measured with hair.
#[must_use]
pub fn drifts(file: &str, rgb: &RgbImage, first: &Portrait) -> Vec<Drift> {
    let Some(face) = first.faces.first().filter(|_| first.rotation == 0) else { return Vec::new() };
    let (Some(chin), Some(hair)) = (face.chin, face.crown_hair) else { return Vec::new() };
    let head = (chin[0] - hair[0]).hypot(chin[1] - hair[1]);
    let middle = [f64::midpoint(chin[0], hair[0]), f64::midpoint(chin[1], hair[1])];
    let roll = face.roll_deg.unwrap_or(0.0);
    let part = |mm: f64, turn: f64, aside: f64| {
        let height = head * 45.0 / mm;
        let middle = [middle[0] + aside * height * 7.0 / 9.0, middle[1] + 0.02 * height];
        (format!("{mm} mm, turned {turn}°, aside {aside}"), Part { middle, height, turn }, mm)
    };
    let crops = HEADS_MM.iter().map(|mm| part(*mm, 0.0, 0.0));
    let turns = TURNS.iter().map(|turn| part(30.0, *turn, 0.0));
    let shifts = [-0.08, 0.08].iter().map(|aside| part(32.0, 0.0, *aside));
    let geometric = crops.chain(turns).chain(shifts).filter_map(|(variant, part, mm)| {
        let picture = cut(rgb, part);
        let eyes = face.right_eye.zip(face.left_eye)?;
        let centre = relative_x(
            part,
            [f64::midpoint(eyes.0[0], eyes.1[0]), f64::midpoint(eyes.0[1], eyes.1[1])],
        );
        Some((variant, picture, mm, roll + part.turn, centre))
    });
    let mut all: Vec<Drift> = geometric
        .map(|(variant, picture, mm, roll, centre)| {
            drift(file, variant, &picture, [mm, roll, centre])
        })
        .collect();
    let (_, plain, _) = part(32.0, 0.0, 0.0);
    let picture = cut(rgb, plain);
    let portrait = measure::measure_picture(picture.clone());
    let of = |name: &str| portrait.measures.get(name).map(|measure| measure.value);
    if let (Some(mm), Some(roll), Some(centre)) =
        (of("head_height_hair_mm"), of("roll_deg"), of("eye_centre_share"))
    {
        all.extend(CHANGES.iter().map(|change| {
            drift(file, (*change).to_owned(), &changed(&picture, change), [mm, roll, centre])
        }));
    }
    all
}

/// Returns the horizontal position of a point within the part, 0 to 1.
fn relative_x(part: Part, at: [f64; 2]) -> f64 {
    let (sin, cos) = (-part.turn).to_radians().sin_cos();
    let (x, y) = (at[0] - part.middle[0], at[1] - part.middle[1]);
    let [width, height] = SIZE.map(f64::from);
    0.5 + (x * cos + y * sin) / (part.height * width / height)
}

fn drift(file: &str, variant: String, picture: &RgbImage, [mm, roll, centre]: [f64; 3]) -> Drift {
    let portrait = measure::measure_picture(picture.clone());
    let off = |name: &str, expected: f64| {
        portrait.measures.get(name).map(|measure| (measure.value - expected).abs())
    };
    let called = |rgb: RgbImage| {
        measure::measure_picture(rgb)
            .measures
            .get("colour")
            .is_some_and(|measure| measure.value < GREY)
    };
    let is_grey = portrait.measures.get("colour").is_some_and(|measure| measure.value < GREY);
    Drift {
        file: file.to_owned(),
        variant,
        head_mm: off("head_height_hair_mm", mm),
        roll_deg: off("roll_deg", roll),
        centre: off("eye_centre_share", centre),
        colour: called(grey(picture)) && !is_grey,
    }
}
