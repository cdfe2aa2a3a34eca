//! A second opinion on faces: SeetaFace's cascade, which shares neither
//! training nor method with the networks.
//!
//! The crate `rustface` slides a window of 40 pixels on one thread. It reads
//! pixels through raw pointers and does not bound the boxes that its cascade
//! regresses; a margin around the picture makes that unlikely to matter, not
//! impossible, so untrusted pictures belong in a sandboxed child.

use image::{GrayImage, RgbImage, imageops};
use rustface::ImageData;

use super::copy::{Levels, resized};
use super::detector::{Found, overlap};

/// Longer side of what is searched: faces of a fifth of it are found.
const SIDE: u32 = 100;

/// Share of the longer side added all around.
const MARGIN: f64 = 0.2;

/// Lowest score of a face that is known. Of 34 real pictures, faces score 2.5
/// to 45 and other things at most 0.9.
const KNOWN: f64 = 2.0;

/// Lowest score of a face that nobody else saw.
const UNKNOWN: f64 = 6.0;

/// What the second opinion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Opinion {
    /// The main face is one here too.
    pub(super) agrees: bool,
    /// Large faces that only the second detector sees.
    pub(super) others: usize,
}

/// Looks at the whole picture, and where need be once more at the main face.
pub(super) fn opinion(levels: &Levels<'_>, faces: &[Found]) -> Opinion {
    let seen = detect(&levels.small.rgb, levels.small.scale, [0.0, 0.0]);
    let known = |bounds: [f64; 4]| faces.iter().any(|face| overlap(face.bounds, bounds));
    let others = seen.iter().filter(|(bounds, score)| *score >= UNKNOWN && !known(*bounds)).count();
    let Some(main) = faces.first() else { return Opinion { agrees: others == 0, others } };
    let same = |seen: &[([f64; 4], f64)]| seen.iter().any(|(b, _)| overlap(*b, main.bounds));
    Opinion { agrees: same(&seen) || same(&close(levels, main)), others }
}

/// Once more, the face filling half of what is searched.
fn close(levels: &Levels<'_>, face: &Found) -> Vec<([f64; 4], f64)> {
    let [x, y, width, height] = face.bounds;
    let (rgb, scale) = levels.fit(width / f64::from(SIDE / 2));
    let start = |at: f64, size: f64, limit: u32| {
        (((at - size / 2.0) * scale).max(0.0) as u32).min(limit.saturating_sub(1))
    };
    let (left, top) = (start(x, width, rgb.width()), start(y, height, rgb.height()));
    let side = |size: f64| ((2.0 * size * scale) as u32).max(1);
    let part = imageops::crop_imm(
        rgb,
        left,
        top,
        side(width).min(rgb.width() - left),
        side(height).min(rgb.height() - top),
    );
    detect(&part.to_image(), scale, [f64::from(left) / scale, f64::from(top) / scale])
}

/// Boxes in pixels of the picture, and scores.
fn detect(rgb: &RgbImage, scale: f64, origin: [f64; 2]) -> Vec<([f64; 4], f64)> {
    let by = (f64::from(SIDE) / f64::from(rgb.width().max(rgb.height()))).min(2.0);
    let pixels = |length: u32| ((f64::from(length) * by).round() as u32).max(1);
    let (width, height) = (pixels(rgb.width()), pixels(rgb.height()));
    let grey = imageops::grayscale(&resized(rgb, width, height));
    let margin = ((MARGIN * f64::from(width.max(height))) as u32).max(20);
    let wide = widen(&grey, margin);
    let mut detector = rustface::create_detector_with_model(
        rustface::read_model(crate::models::FACES_SECOND.bytes)
            .expect("the embedded model is whole"),
    );
    detector.set_score_thresh(KNOWN);
    let seen = detector.detect(&ImageData::new(wide.as_raw(), wide.width(), wide.height()));
    let back = |at: i32| (f64::from(at) - f64::from(margin)) / (by * scale);
    let of = |face: &rustface::FaceInfo| {
        let bounds = face.bbox();
        let side = f64::from(bounds.width()) / (by * scale);
        ([back(bounds.x()) + origin[0], back(bounds.y()) + origin[1], side, side], face.score())
    };
    seen.iter().map(of).collect()
}

/// The picture with its edge pixels continued outwards.
fn widen(grey: &GrayImage, margin: u32) -> GrayImage {
    let inside = |at: u32, length: u32| at.saturating_sub(margin).min(length - 1);
    GrayImage::from_fn(grey.width() + 2 * margin, grey.height() + 2 * margin, |x, y| {
        *grey.get_pixel(inside(x, grey.width()), inside(y, grey.height()))
    })
}
