//! Measures of eyes and mouth.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `eyes_open` | share | 0..1: probability that both eyes are open (ISO) |
//! | `eye_opening` | ratio | distance of the lids over the eye's width, of the more closed eye |
//! | `mouth_closed` | share | 0..1: probability that the lips touch (ISO) |
//! | `mouth_opening` | ratio | distance of the inner lips over the distance from eyes to chin |
//! | `gaze` | ratio | offset of the irises from the middle of the eyes, over the eyes' width; positive to the picture's right |
//! | `red_eye` | share | 0..1: probability of a red pupil |
//!
//! Naturally narrow eyes have an opening of about 0.2 and are distinguished from
//! closed ones with less certainty; a rule should require a low probability only.

use super::table::MeasureTable;
use crate::portrait::aligned_face::{AlignedFace, INTER_EYE_PX};
use crate::portrait::geometry::midpoint;
use crate::portrait::landmarks::{Eye, Landmarks};
use crate::portrait::scene::Scene;
use crate::portrait::statistics::{logistic, mean};

/// Opening at which the probability of an open eye is a half, and the width of
/// the transition. On 31 labelled faces open eyes have 0.19 to 0.35, nearly
/// closed ones 0.18 to 0.20, tightly closed ones 0.06 to 0.07.
const EYE_OPEN: [f64; 2] = [0.187, 0.02];

/// The same for the lips, decreasing: labelled closed 0.00 to 0.058, open 0.053
/// to 0.19, except for a smile with teeth at 0.02.
const LIPS_APART: [f64; 2] = [0.06, 0.012];

/// Inner lips, upper and lower, in pairs.
const LIPS: [(usize, usize); 3] = [(13, 14), (82, 87), (312, 317)];

pub(super) fn measure_eyes_and_mouth(
    scene: &Scene<'_>,
    landmarks: &Landmarks,
    aligned: &AlignedFace,
    table: &mut MeasureTable,
) {
    let opening = landmarks.eyes.iter().map(lid_distance).fold(f64::MAX, f64::min);
    table.insert("eye_opening", opening, "ratio", 3);
    let open = logistic(opening, EYE_OPEN[0], EYE_OPEN[1]);
    table.insert("eyes_open", open, "share", 3);
    let mesh = &landmarks.mesh;
    let apart = |(a, b): (usize, usize)| (mesh[a][0] - mesh[b][0]).hypot(mesh[a][1] - mesh[b][1]);
    let gap = LIPS.into_iter().map(apart).fold(0.0, f64::max);
    let chin = scene.head.map_or_else(
        || landmarks.head_axis().distance_along(landmarks.chin()),
        |head| head.to_chin,
    );
    let gap = gap / chin.max(1.0);
    table.insert("mouth_opening", gap, "ratio", 3);
    let closed = logistic(gap, LIPS_APART[0], -LIPS_APART[1]);
    table.insert("mouth_closed", closed, "share", 3);
    if let Some(gaze) = mean(landmarks.eyes.iter().map(iris_offset)) {
        table.insert("gaze", gaze, "ratio", 3);
    }
    let red = landmarks.eyes.iter().map(|eye| red_share(eye, aligned)).fold(0.0, f64::max);
    table.insert("red_eye", logistic(red, 0.12, 0.02), "share", 3);
}

/// Returns the distance of the lids over the eye's width.
fn lid_distance(eye: &Eye) -> f64 {
    let [from, to] = [eye.contour[0], eye.contour[8]];
    let width = (to[0] - from[0]).hypot(to[1] - from[1]).max(1e-6);
    let across = [-(to[1] - from[1]) / width, (to[0] - from[0]) / width];
    let height = |range: std::ops::Range<usize>| {
        mean(range.map(|i| eye.contour[i][0] * across[0] + eye.contour[i][1] * across[1]))
            .unwrap_or(0.0)
    };
    // the middle of the lower lid against that of the upper one
    (height(2..7) - height(10..14)).abs() / width
}

/// Returns the offset of the iris from the midpoint of the eye corners.
fn iris_offset(eye: &Eye) -> f64 {
    let [outer, inner] = eye.corners;
    let width = (outer[0] - inner[0]).hypot(outer[1] - inner[1]).max(1e-6);
    (eye.iris[0][0] - midpoint(eye.corners)[0]) / width
}

/// Returns the share of the iris that is red and bright enough to be a lit retina.
fn red_share(eye: &Eye, aligned: &AlignedFace) -> f64 {
    let [x, y] = aligned.position_of(eye.iris[0]);
    let [edge_x, edge_y] = aligned.position_of(eye.iris[1]);
    let radius = (edge_x - x).hypot(edge_y - y).clamp(1.0, 0.2 * INTER_EYE_PX);
    let inside = aligned.square_around(eye.iris[0], 2.0 * radius / INTER_EYE_PX);
    let red = inside.iter().filter(|&&at| {
        let [red, green, blue] = aligned.rgb[at].map(f32::from);
        red > 90.0 && red > 2.2 * green && red > 2.2 * blue
    });
    red.count() as f64 / inside.len().max(1) as f64
}
