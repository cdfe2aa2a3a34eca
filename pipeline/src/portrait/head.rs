//! Chin and crown: the ends of the head that millimetres are measured between.

use image::RgbImage;

use super::background::Background;
use super::copy::Copy;
use super::eyes::Eyes;
use super::lab;
use crate::examination::Point;

/// Eye midpoint to chin over inter-eye distance: mean of 13 officially
/// accepted portraits, which span 1.58 to 2.06.
const CHIN: f64 = 1.83;

/// Standard deviation of the same.
const CHIN_SPREAD: f64 = 0.14;

/// Chin to skull crown over KK, the inter-eye distance plus eye midpoint to
/// chin: the regression of the photo tool PPP.
const SKULL: f64 = 1.244_81;

/// Chin to hair top over KK that a head can have: 1.18 (bald) to 1.55 (infant)
/// on 25 portraits, with room for high hair.
const HAIR: std::ops::Range<f64> = 1.05..1.85;

/// Ends of the head in pixels of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) chin: Point,
    pub(super) skull: Point,
    /// None when the background cannot be told from the hair, or the hair touches the frame.
    pub(super) hair: Option<Point>,
}

/// Chin and crowns of the head that has these eyes; none when the chin is not in the picture.
pub(super) fn find(rgb: &RgbImage, copy: &Copy, eyes: &Eyes) -> Option<Head> {
    let axis = Axis::of(eyes);
    let to_chin = chin(rgb, &axis)?;
    let kk = axis.unit + to_chin;
    let chin = axis.at(to_chin, 0.0);
    let skull = axis.at(to_chin - SKULL * kk, 0.0);
    let hair = hair(copy, &axis, chin).filter(|hair| HAIR.contains(&((chin[1] - hair[1]) / kk)));
    Some(Head { chin, skull, hair })
}

/// The line through the eye midpoint, square to the eyes.
struct Axis {
    origin: Point,
    /// Unit vector towards the chin.
    down: Point,
    /// Inter-eye distance in pixels.
    unit: f64,
}

impl Axis {
    fn of(eyes: &Eyes) -> Self {
        let unit = eyes.distance();
        let along = [(eyes.left[0] - eyes.right[0]) / unit, (eyes.left[1] - eyes.right[1]) / unit];
        Self { origin: eyes.middle(), down: [-along[1], along[0]], unit }
    }

    /// The place `down` pixels along the axis and `across` to the picture's right.
    fn at(&self, down: f64, across: f64) -> Point {
        [
            self.origin[0] + self.down[0] * down + self.down[1] * across,
            self.origin[1] + self.down[1] * down - self.down[0] * across,
        ]
    }
}

/// Pixels from the eye line to the chin: the strongest edge across the axis
/// near the usual place, the usual place itself where no edge stands out.
fn chin(rgb: &RgbImage, axis: &Axis) -> Option<f64> {
    let steps = |share: f64| (share / STEP).round() as usize;
    let (from, to) = (steps(CHIN - 3.0 * CHIN_SPREAD), steps(CHIN + 3.0 * CHIN_SPREAD));
    let profile: Vec<f64> = (from - 3..=to + 3).map(|step| brightness(rgb, axis, step)).collect();
    let edges = profile.windows(7).map(|w| (w[0] + w[1] + w[2] - w[4] - w[5] - w[6]).abs() / 3.0);
    let (mut weight, mut sum) = (0.0, 0.0);
    for (edge, step) in edges.zip(from..) {
        let place = step as f64 * STEP;
        let usual = (-((place - CHIN) / CHIN_SPREAD).powi(2) / 2.0).exp();
        let score = (edge + FAINT).powi(2) * usual;
        weight += score;
        sum += score * place;
    }
    let chin = sum / weight * axis.unit;
    (axis.at(chin, 0.0)[1] < f64::from(rgb.height())).then_some(chin)
}

/// Distance between places looked at, in inter-eye distances.
const STEP: f64 = 0.025;

/// Edge, as a share of full brightness, that counts as much as none at all.
const FAINT: f64 = 0.01;

/// Mean luminance across the middle of the chin at a step down the axis.
fn brightness(rgb: &RgbImage, axis: &Axis, step: usize) -> f64 {
    let down = step as f64 * STEP * axis.unit;
    let across = (-8..=8).map(|i| f64::from(i) * 0.025 * axis.unit);
    let sum: f64 = across
        .map(|across| {
            let [x, y] = axis.at(down, across);
            f64::from(super::luminance(rgb, x, y))
        })
        .sum();
    sum / 17.0
}

/// Top of the hair: the first row above the eyes where only background is left.
fn hair(copy: &Copy, axis: &Axis, chin: Point) -> Option<Point> {
    let (width, height) = (copy.rgb.width() as usize, copy.rgb.height() as usize);
    let cell = |place: f64, limit: usize| ((place * copy.scale).max(0.0) as usize).min(limit);
    let background = Background::grow(&lab::pixels(&copy.rgb), width, cell(chin[1], height))?;
    let eye_row = cell(axis.origin[1], height - 1);
    let clear = |row: usize| {
        // half an inter-eye distance to both sides of a leaning axis
        let up = row as f64 / copy.scale - axis.origin[1];
        let middle = axis.origin[0] + axis.down[0] / axis.down[1] * up;
        let columns = cell(middle - axis.unit / 2.0, width)..cell(middle + axis.unit / 2.0, width);
        background.covered(row, columns) < 0.04
    };
    let last = (0..eye_row).rev().find(|&row| clear(row))?;
    let y = (last + 1) as f64 / copy.scale;
    Some([axis.origin[0] + axis.down[0] / axis.down[1] * (y - axis.origin[1]), y])
}
