//! A portrait's faces, landmarks and measures: what is seen, no rule applied.
//!
//! Faces come from a detector, eyes from gradient voting within its box, the
//! chin from an edge near its usual place, the top of the hair from the plain
//! background that a portrait must have, and the top of the skull from a
//! regression. What was not found is absent, never guessed; yaw, pitch, nose
//! and mouth are not looked for yet. Work is bounded: every step but the first
//! reduction looks at a copy of fixed size.

mod background;
mod colour;
mod copy;
mod draw;
mod eyes;
mod find;
mod head;
mod lab;
mod measure;

#[cfg(test)]
mod tests;

use image::RgbImage;

use copy::Copy;

use crate::examination::{EvidencePicture, Face, Point, Portrait, round};
use crate::open::Picture;
use crate::reason::Reason;

/// What one picture shows as a portrait.
pub struct Measured {
    /// Faces, main one first, and measures.
    pub portrait: Portrait,
    /// The picture with its measures drawn on it, id `portrait`.
    pub evidence: Vec<EvidencePicture>,
    /// What kept something from being seen; judging no face is the judge's.
    pub reasons: Vec<Reason>,
}

/// Measures a portrait of any size.
#[must_use]
pub fn measure(picture: &Picture) -> Measured {
    let rgb = &picture.rgb;
    if rgb.is_empty() {
        let portrait = Portrait { faces: Vec::new(), measures: Default::default() };
        return Measured { portrait, evidence: Vec::new(), reasons: Vec::new() };
    }
    // one pass over the upload; the smaller copies are made from this one
    let shown = Copy::of(rgb, draw::SIDE);
    let copy = shown.smaller(find::SIDE);
    let mut faces: Vec<Face> = find::faces(&copy).iter().map(boxed).collect();
    if let Some(face) = faces.first_mut() {
        landmarks(rgb, &copy, face);
    }
    let measures = measure::all(rgb, &faces, colour::share(&copy));
    let evidence = draw::overlay(picture, shown, &faces).into_iter().collect();
    Measured { portrait: Portrait { faces, measures }, evidence, reasons: Vec::new() }
}

/// Landmarks of the main face, as far as they are found.
fn landmarks(rgb: &RgbImage, copy: &Copy, face: &mut Face) {
    let Some(eyes) = eyes::find(rgb, face.bounds) else { return };
    face.right_eye = Some(place(eyes.right));
    face.left_eye = Some(place(eyes.left));
    face.roll_deg = Some(round(eyes.roll(), 1));
    let Some(head) = head::find(rgb, copy, &eyes) else { return };
    face.chin = Some(place(head.chin));
    face.crown_skull = Some(place(head.skull));
    face.crown_hair = head.hair.map(place);
}

fn boxed(found: &find::Found) -> Face {
    Face {
        bounds: [found.x, found.y, found.side, found.side].map(|v| round(v, 1)),
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
        confidence: round(found.confidence, 2),
    }
}

/// Tenths of a pixel mean something, further digits do not.
fn place(point: Point) -> Point {
    point.map(|v| round(v, 1))
}

/// Luminance 0..1 of the pixel at a place, the nearest one where it lies outside.
fn luminance(rgb: &RgbImage, x: f64, y: f64) -> f32 {
    let inside = |at: f64, length: u32| (at.max(0.0) as u32).min(length - 1);
    let [red, green, blue] = rgb.get_pixel(inside(x, rgb.width()), inside(y, rgb.height())).0;
    (0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)) / 255.0
}
