//! A second face detector: SeetaFace's cascade, which shares neither training
//! nor method with the networks.
//!
//! The crate `rustface` slides a window of 40 pixels on one thread. It reads
//! pixels through raw pointers and does not bound the boxes that its cascade
//! regresses; a margin around the picture makes that unlikely to matter, not
//! impossible, so untrusted pictures belong in a sandboxed child.

use std::sync::LazyLock;

use image::{GrayImage, RgbImage, imageops};
use rustface::{ImageData, Model};

use super::face_detector::{DetectedFace, boxes_overlap};
use super::image_pyramid::ImagePyramid;
use crate::engines::resize::resize;

/// Longer side of the searched copy: faces of a fifth of it are found.
const SIDE: u32 = 100;

/// Margin on every side, as a share of the longer side.
const MARGIN: f64 = 0.2;

/// Lowest score of a face that the first detector found too. On 34 real
/// pictures faces score 2.5 to 45 and other objects at most 0.9.
const KNOWN: f64 = 2.0;

/// Lowest score of a face that the first detector did not find.
const UNKNOWN: f64 = 6.0;

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    rustface::read_model(crate::models::FACES_SECOND.bytes).expect("the embedded model is complete")
});

/// Agreement of the second detector with the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SecondOpinion {
    /// The second detector finds the main face too.
    pub(super) agrees: bool,
    /// Number of large faces that only the second detector finds.
    pub(super) additional_faces: usize,
}

/// Searches the whole picture and, where the main face was not found there, once
/// more around it.
pub(super) fn second_opinion(pyramid: &ImagePyramid<'_>, faces: &[DetectedFace]) -> SecondOpinion {
    let found = detect(&pyramid.small.rgb, pyramid.small.scale, [0.0, 0.0]);
    let known = |bounds: [f64; 4]| faces.iter().any(|face| boxes_overlap(face.bounds, bounds));
    let additional_faces =
        found.iter().filter(|(bounds, score)| *score >= UNKNOWN && !known(*bounds)).count();
    let Some(main) = faces.first() else {
        return SecondOpinion { agrees: additional_faces == 0, additional_faces };
    };
    let has_main =
        |found: &[([f64; 4], f64)]| found.iter().any(|(b, _)| boxes_overlap(*b, main.bounds));
    SecondOpinion {
        agrees: has_main(&found) || has_main(&detect_around(pyramid, main)),
        additional_faces,
    }
}

/// Searches around a face, which fills half of the searched copy.
fn detect_around(pyramid: &ImagePyramid<'_>, face: &DetectedFace) -> Vec<([f64; 4], f64)> {
    let [x, y, width, height] = face.bounds;
    let (rgb, scale) = pyramid.level_for_step(width / f64::from(SIDE / 2));
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

/// Detects faces: boxes in pixels of the picture, and scores.
fn detect(rgb: &RgbImage, scale: f64, origin: [f64; 2]) -> Vec<([f64; 4], f64)> {
    let by = (f64::from(SIDE) / f64::from(rgb.width().max(rgb.height()))).min(2.0);
    let pixels = |length: u32| ((f64::from(length) * by).round() as u32).max(1);
    let (width, height) = (pixels(rgb.width()), pixels(rgb.height()));
    let grey = imageops::grayscale(&resize(rgb, width, height));
    let margin = ((MARGIN * f64::from(width.max(height))) as u32).max(20);
    let padded = pad_with_edges(&grey, margin);
    let mut detector = rustface::create_detector_with_model(MODEL.clone());
    detector.set_score_thresh(KNOWN);
    let found = detector.detect(&ImageData::new(padded.as_raw(), padded.width(), padded.height()));
    let back = |at: i32| (f64::from(at) - f64::from(margin)) / (by * scale);
    let box_and_score = |face: &rustface::FaceInfo| {
        let bounds = face.bbox();
        let side = f64::from(bounds.width()) / (by * scale);
        ([back(bounds.x()) + origin[0], back(bounds.y()) + origin[1], side, side], face.score())
    };
    found.iter().map(box_and_score).collect()
}

/// Continues the edge pixels of a picture outwards.
fn pad_with_edges(grey: &GrayImage, margin: u32) -> GrayImage {
    let inside = |at: u32, length: u32| at.saturating_sub(margin).min(length - 1);
    GrayImage::from_fn(grey.width() + 2 * margin, grey.height() + 2 * margin, |x, y| {
        *grey.get_pixel(inside(x, grey.width()), inside(y, grey.height()))
    })
}
