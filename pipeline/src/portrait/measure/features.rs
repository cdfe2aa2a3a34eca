//! Eyes and mouth.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `eyes_open` | share | 0..1: probability that both eyes are open (ISO) |
//! | `eye_opening` | ratio | gap of the lids over the eye's width, of the smaller one |
//! | `mouth_closed` | share | 0..1: probability that the lips touch (ISO) |
//! | `mouth_opening` | ratio | gap of the inner lips over the distance from eyes to chin |
//! | `gaze` | ratio | irises beside the middle of the eyes, over the eyes' width; positive to the picture's right |
//! | `red_eye` | share | 0..1: probability of a red pupil |
//!
//! Naturally narrow eyes have an opening of about 0.2 and are told from closed
//! ones with the less certainty; a rule should ask for a low probability.

use super::super::Scene;
use super::super::landmarks::{Eye, Landmarks, middle};
use super::super::patch::{Patch, UNIT};
use super::{Table, logistic, mean};

/// Opening at which an eye is as likely open as not, and the width of doubt. Of
/// 31 labelled faces, open eyes have 0.19 to 0.35, nearly shut ones 0.18 to
/// 0.20, squeezed ones 0.06 to 0.07.
const OPEN: [f64; 2] = [0.187, 0.02];

/// The same of the lips, the other way round: labelled closed 0.00 to 0.058,
/// open 0.053 to 0.19, but for a smile with teeth at 0.02.
const LIPS_APART: [f64; 2] = [0.06, 0.012];

/// Inner lips, upper and lower, in pairs.
const LIPS: [(usize, usize); 3] = [(13, 14), (82, 87), (312, 317)];

pub(super) fn features(scene: &Scene<'_>, points: &Landmarks, patch: &Patch, table: &mut Table) {
    let opening = points.eyes.iter().map(opening).fold(f64::MAX, f64::min);
    table.put("eye_opening", opening, "ratio", 3);
    let open = logistic(opening, OPEN[0], OPEN[1]);
    table.put("eyes_open", open, "share", 3);
    let mesh = &points.mesh;
    let apart = |(a, b): (usize, usize)| (mesh[a][0] - mesh[b][0]).hypot(mesh[a][1] - mesh[b][1]);
    let gap = LIPS.into_iter().map(apart).fold(0.0, f64::max);
    let chin = scene.head.map_or_else(
        || super::super::head::Axis::of(points).along(points.chin()),
        |head| head.to_chin,
    );
    let gap = gap / chin.max(1.0);
    table.put("mouth_opening", gap, "ratio", 3);
    let closed = logistic(gap, LIPS_APART[0], -LIPS_APART[1]);
    table.put("mouth_closed", closed, "share", 3);
    if let Some(aside) = mean(points.eyes.iter().map(aside)) {
        table.put("gaze", aside, "ratio", 3);
    }
    let red = points.eyes.iter().map(|eye| red(eye, patch)).fold(0.0, f64::max);
    table.put("red_eye", logistic(red, 0.12, 0.02), "share", 3);
}

/// Gap of the lids over the eye's width.
fn opening(eye: &Eye) -> f64 {
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

/// The iris beside the middle of the corners.
fn aside(eye: &Eye) -> f64 {
    let [outer, inner] = eye.corners;
    let width = (outer[0] - inner[0]).hypot(outer[1] - inner[1]).max(1e-6);
    (eye.iris[0][0] - middle(eye.corners)[0]) / width
}

/// Share of the iris that is red and bright enough to be a lit retina.
fn red(eye: &Eye, patch: &Patch) -> f64 {
    let [x, y] = patch.at(eye.iris[0]);
    let [edge_x, edge_y] = patch.at(eye.iris[1]);
    let radius = (edge_x - x).hypot(edge_y - y).clamp(1.0, 0.2 * UNIT);
    let inside = patch.around(eye.iris[0], 2.0 * radius / UNIT);
    let red = inside.iter().filter(|&&at| {
        let [red, green, blue] = patch.rgb[at].map(f32::from);
        red > 90.0 && red > 2.2 * green && red > 2.2 * blue
    });
    red.count() as f64 / inside.len().max(1) as f64
}
