//! BlazeFace: boxes, scores and rough eyes within a square of a picture.

use std::sync::LazyLock;

use super::copy::Levels;
use super::warp::{Beyond, Square};
use crate::engines::network::Network;
use crate::examination::Point;
use crate::models;

/// Boxes that share more than this of their union are one face.
const SAME: f64 = 0.3;

/// Places that the networks look from.
const ANCHORS: usize = 896;

/// A box, six points, a score.
const ROW: usize = 17;

/// A face in pixels of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Left, top, width, height.
    pub(super) bounds: [f64; 4],
    /// 0..1, of the detector.
    pub(super) score: f64,
    /// The person's right and left eye, roughly.
    pub(super) eyes: [Point; 2],
}

/// One of the two networks.
pub(super) struct Detector {
    network: Option<Network>,
    /// Pixels of its square.
    size: usize,
}

/// For faces that fill much of the square.
pub(super) static NEAR: LazyLock<Detector> =
    LazyLock::new(|| Detector { network: Network::load(models::FACES_NEAR.bytes), size: 128 });

/// For smaller faces; six times as slow.
pub(super) static FAR: LazyLock<Detector> =
    LazyLock::new(|| Detector { network: Network::load(models::FACES_FAR.bytes), size: 256 });

/// Runs both networks once on nothing.
pub(super) fn warm() {
    for Detector { network, size } in [&*NEAR, &*FAR] {
        let nothing = vec![0.0; 3 * size * size];
        let _ = network.as_ref().and_then(|network| network.run([1, 3, *size, *size], nothing));
    }
}

impl Detector {
    /// Faces of at least a score within a square, the surest first.
    pub(super) fn faces(&self, levels: &Levels<'_>, square: Square, least: f64) -> Vec<Found> {
        let planes = square.planes(levels, self.size, Beyond::Black);
        let input = planes.into_iter().map(|value| value * 2.0 - 1.0).collect();
        let shape = [1, 3, self.size, self.size];
        let answer = self.network.as_ref().and_then(|network| network.run(shape, input));
        let Some(answer) = answer.filter(|a| a.values.len() == ANCHORS * ROW) else {
            return Vec::new();
        };
        let rows = answer.values.chunks_exact(ROW).zip(anchors());
        let seen = rows.filter_map(|(row, anchor)| {
            let score = 1.0 / (1.0 + (-f64::from(row[ROW - 1])).exp());
            (score >= least).then(|| self.found(row, anchor, score, square))
        });
        distinct(seen.collect())
    }

    fn found(&self, row: &[f32], anchor: Point, score: f64, square: Square) -> Found {
        let share = |i: usize| f64::from(row[i]) / self.size as f64;
        let at = |i: usize| square.place([anchor[0] + share(i), anchor[1] + share(i + 1)]);
        let ([x, y], size) = (at(0), [share(2) * square.side, share(3) * square.side]);
        let bounds = [x - size[0] / 2.0, y - size[1] / 2.0, size[0], size[1]];
        Found { bounds, score, eyes: [at(4), at(6)] }
    }
}

/// Two looks from each place of a 16 by 16 grid, then six from each of 8 by 8.
fn anchors() -> impl Iterator<Item = Point> {
    let grid = |cells: usize, looks: usize| {
        (0..cells * cells * looks).map(move |i| {
            let cell = i / looks;
            let middle = |at: usize| (at as f64 + 0.5) / cells as f64;
            [middle(cell % cells), middle(cell / cells)]
        })
    };
    grid(16, 2).chain(grid(8, 6))
}

/// Each face once: boxes that overlap are averaged by their scores, as
/// BlazeFace's authors do.
pub(super) fn distinct(mut seen: Vec<Found>) -> Vec<Found> {
    seen.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces: Vec<(Found, f64)> = Vec::new();
    for one in seen {
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

impl Found {
    pub(super) fn area(&self) -> f64 {
        self.bounds[2] * self.bounds[3]
    }

    /// Clockwise radians from the right eye to the left.
    pub(super) fn angle(&self) -> f64 {
        let [right, left] = self.eyes;
        (left[1] - right[1]).atan2(left[0] - right[0])
    }

    /// Whether both are one face.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        overlap(self.bounds, other.bounds)
    }
}

/// Whether boxes share much, or one lies within the other.
pub(super) fn overlap(a: [f64; 4], b: [f64; 4]) -> bool {
    let span = |axis: usize| {
        let low = a[axis].max(b[axis]);
        let high = (a[axis] + a[axis + 2]).min(b[axis] + b[axis + 2]);
        (high - low).max(0.0)
    };
    let shared = span(0) * span(1);
    let (one, other) = (a[2] * a[3], b[2] * b[3]);
    shared > SAME * (one + other - shared) || shared > 0.6 * one.min(other)
}
