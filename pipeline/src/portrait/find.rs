//! Where faces are: boxes and scores.
//!
//! The detector is SeetaFace's cascade for near-frontal faces, run by the
//! crate `rustface` on one thread. It slides a window of 40 pixels, so a face
//! narrower than a twelfth of the picture's longer side is not found. The crate
//! reads pixels through raw pointers and does not bound the boxes that its
//! cascade regresses; a margin around the picture makes that unlikely to
//! matter, not impossible, so untrusted pictures belong in a sandboxed child.

use image::{GrayImage, imageops};
use rustface::ImageData;

use super::copy::Copy;

/// The embedded weights; their origin and licence stand beside them.
const MODEL: &[u8] = crate::models::FACES.bytes;

/// Longer side of the copy that is searched.
pub(super) const SIDE: u32 = 480;

/// Share of the longer side added all around: a portrait's head may touch the frame.
const MARGIN: f64 = 0.2;

/// Lowest score of the best face. Of 34 real pictures, true faces score 2.5 to
/// 45 and other things at most 0.9.
const MAIN_SCORE: f64 = 2.0;

/// Lowest score of a further face: those in groups score 11 and more.
const FURTHER_SCORE: f64 = 4.0;

/// A face in pixels of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Left edge.
    pub(super) x: f64,
    /// Upper edge.
    pub(super) y: f64,
    /// Boxes are square.
    pub(super) side: f64,
    /// 0..1, see [`confidence`].
    pub(super) confidence: f64,
}

/// Faces, the main one first: the largest, as the person portrayed is nearest to the camera.
pub(super) fn faces(copy: &Copy) -> Vec<Found> {
    let margin = (MARGIN * f64::from(copy.rgb.width().max(copy.rgb.height()))).max(20.0) as u32;
    let grey = widen(&imageops::grayscale(&copy.rgb), margin);
    let mut detector = rustface::create_detector_with_model(
        rustface::read_model(MODEL).expect("the embedded model is whole"),
    );
    detector.set_score_thresh(MAIN_SCORE);
    let seen = detector.detect(&ImageData::new(grey.as_raw(), grey.width(), grey.height()));
    let best = seen.iter().map(|face| face.score()).fold(0.0, f64::max);
    let back = |pixels: i32| (f64::from(pixels) - f64::from(margin)) / copy.scale;
    let mut faces: Vec<Found> = seen
        .iter()
        .filter(|face| face.score() >= FURTHER_SCORE || face.score() >= best)
        .map(|face| Found {
            x: back(face.bbox().x()),
            y: back(face.bbox().y()),
            side: f64::from(face.bbox().width()) / copy.scale,
            confidence: confidence(face.score()),
        })
        .collect();
    faces.sort_by(|a, b| b.side.total_cmp(&a.side).then(a.x.total_cmp(&b.x)));
    faces
}

/// The cascade's score has no upper end; this brings it into 0..1 and keeps the order.
fn confidence(score: f64) -> f64 {
    score / (score + MAIN_SCORE)
}

/// The picture with its edge pixels continued outwards.
fn widen(grey: &GrayImage, margin: u32) -> GrayImage {
    let inside = |at: u32, length: u32| at.saturating_sub(margin).min(length - 1);
    GrayImage::from_fn(grey.width() + 2 * margin, grey.height() + 2 * margin, |x, y| {
        *grey.get_pixel(inside(x, grey.width()), inside(y, grey.height()))
    })
}
