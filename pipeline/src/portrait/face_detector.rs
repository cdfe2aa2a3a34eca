//! BlazeFace: boxes, scores and approximate eyes within a square of a picture.

use std::sync::LazyLock;

use super::geometry::direction;
use super::image_pyramid::ImagePyramid;
use super::rotated_square::{OutsideFill, RotatedSquare};
use crate::engines::network::Network;
use crate::examination::Point;
use crate::models;

/// Boxes whose intersection over union is above this are one face.
const SAME_FACE: f64 = 0.3;

/// Anchors of each network.
const ANCHORS: usize = 896;

/// Values per anchor: a box, six points, a score.
const ROW: usize = 17;

/// A face in pixels of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct DetectedFace {
    /// Left, top, width, height.
    pub(super) bounds: [f64; 4],
    /// 0..1, as the detector reports it.
    pub(super) score: f64,
    /// Approximate positions of the person's right and left eye.
    pub(super) eyes: [Point; 2],
}

/// One of the two networks.
pub(super) struct FaceDetector {
    network: Option<Network>,
    /// Side of its input in pixels.
    size: usize,
}

/// For faces that fill much of the square.
pub(super) static NEAR: LazyLock<FaceDetector> =
    LazyLock::new(|| FaceDetector { network: Network::load(models::FACES_NEAR.bytes), size: 128 });

/// For smaller faces; it takes six times as long.
pub(super) static FAR: LazyLock<FaceDetector> =
    LazyLock::new(|| FaceDetector { network: Network::load(models::FACES_FAR.bytes), size: 256 });

/// Runs both networks once on an empty input.
pub(super) fn warm() {
    for FaceDetector { network, size } in [&*NEAR, &*FAR] {
        let empty = vec![0.0; 3 * size * size];
        let _ = network.as_ref().and_then(|network| network.run([1, 3, *size, *size], empty));
    }
}

impl FaceDetector {
    /// Detects faces of at least a score within a square, the highest score first.
    pub(super) fn detect(
        &self,
        pyramid: &ImagePyramid<'_>,
        square: RotatedSquare,
        least: f64,
    ) -> Vec<DetectedFace> {
        let planes = square.sample_planes(pyramid, self.size, OutsideFill::Black);
        let input = planes.into_iter().map(|value| value * 2.0 - 1.0).collect();
        let shape = [1, 3, self.size, self.size];
        let answer = self.network.as_ref().and_then(|network| network.run(shape, input));
        let Some(answer) = answer.filter(|a| a.values.len() == ANCHORS * ROW) else {
            return Vec::new();
        };
        let rows = answer.values.chunks_exact(ROW).zip(anchors());
        let found = rows.filter_map(|(row, anchor)| {
            let score = 1.0 / (1.0 + (-f64::from(row[ROW - 1])).exp());
            (score >= least).then(|| self.decode(row, anchor, score, square))
        });
        merge_overlapping(found.collect())
    }

    fn decode(
        &self,
        row: &[f32],
        anchor: Point,
        score: f64,
        square: RotatedSquare,
    ) -> DetectedFace {
        let share = |i: usize| f64::from(row[i]) / self.size as f64;
        let at =
            |i: usize| square.point_on_picture([anchor[0] + share(i), anchor[1] + share(i + 1)]);
        let ([x, y], size) = (at(0), [share(2) * square.side, share(3) * square.side]);
        let bounds = [x - size[0] / 2.0, y - size[1] / 2.0, size[0], size[1]];
        DetectedFace { bounds, score, eyes: [at(4), at(6)] }
    }
}

/// Returns the anchors: two at each cell of a 16 by 16 grid, then six at each of 8 by 8.
fn anchors() -> impl Iterator<Item = Point> {
    let grid = |cells: usize, per_cell: usize| {
        (0..cells * cells * per_cell).map(move |i| {
            let cell = i / per_cell;
            let middle = |at: usize| (at as f64 + 0.5) / cells as f64;
            [middle(cell % cells), middle(cell / cells)]
        })
    };
    grid(16, 2).chain(grid(8, 6))
}

/// Averages overlapping boxes, weighted by their scores, so that each face
/// remains once; BlazeFace's authors do the same.
pub(super) fn merge_overlapping(mut found: Vec<DetectedFace>) -> Vec<DetectedFace> {
    found.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces: Vec<(DetectedFace, f64)> = Vec::new();
    for one in found {
        let Some((face, weight)) = faces.iter_mut().find(|(face, _)| face.overlaps(&one)) else {
            faces.push((one, one.score));
            continue;
        };
        let part = one.score / (*weight + one.score);
        *weight += one.score;
        let near = |a: &mut f64, b: f64| *a += (b - *a) * part;
        face.bounds.iter_mut().zip(one.bounds).for_each(|(a, b)| near(a, b));
        let eyes = face.eyes.as_flattened_mut().iter_mut();
        eyes.zip(one.eyes.as_flattened()).for_each(|(a, b)| near(a, *b));
    }
    faces.into_iter().map(|(face, _)| face).collect()
}

impl DetectedFace {
    pub(super) fn area(&self) -> f64 {
        self.bounds[2] * self.bounds[3]
    }

    /// Returns the direction from the right eye to the left in clockwise radians.
    pub(super) fn angle(&self) -> f64 {
        direction(self.eyes)
    }

    /// Returns whether both are the same face.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        boxes_overlap(self.bounds, other.bounds)
    }
}

/// Returns whether boxes overlap much, or one is within the other.
pub(super) fn boxes_overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    let span = |axis: usize| {
        let low = a[axis].max(b[axis]);
        let high = (a[axis] + a[axis + 2]).min(b[axis] + b[axis + 2]);
        (high - low).max(0.0)
    };
    let shared = span(0) * span(1);
    let (one, other) = (a[2] * a[3], b[2] * b[3]);
    shared > SAME_FACE * (one + other - shared) || shared > 0.6 * one.min(other)
}
