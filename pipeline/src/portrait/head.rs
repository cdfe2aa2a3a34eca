//! The head's axis, and its upper end: where the hair ends, and where the
//! skull under it would.

use super::background::Background;
use super::copy::Levels;
use super::lab::{self, Lab};
use super::landmarks::{Landmarks, middle};
use crate::examination::Point;

/// Eye midpoint to the lower edge of the chin over that to the mesh's chin,
/// which lies 1 to 3 % of the head's height above it on seven of eight real
/// faces, labelled by eye, and on a drawn one.
const CHIN: f64 = 1.03;

/// Chin to skull crown over KK, the inter-eye distance plus eye midpoint to
/// chin: the regression of the photo tool PPP.
const SKULL: f64 = 1.244_81;

/// Chin to hair top over KK that a head can have: 1.18 (bald) to 1.55 (infant)
/// on 25 portraits, with room for high hair.
const HAIR: std::ops::Range<f64> = 1.05..1.85;

/// Share of a line over the head that may not be background: a stray hair.
const STRAY: f64 = 0.04;

/// Colour distance of a head from the background, at least: over some lines
/// below its top where that lies below the skull, and over so many inter-eye
/// distances in any case. Dark hair on black is nearer.
const APART_NEAR: f32 = 12.0;
const LINES: i32 = 6;
const APART_DEEP: f32 = 9.0;
const DEEP: f64 = 0.35;

/// Ends of a head in pixels of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) axis: Axis,
    /// Eye midpoint to chin, along the axis.
    pub(super) to_chin: f64,
    pub(super) chin: Point,
    pub(super) skull: Point,
    pub(super) hair: Top,
}

/// Where the hair ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Top {
    At(Point),
    /// Above the picture.
    Outside,
    /// The background cannot be told from the hair.
    Unknown,
}

impl Head {
    /// Along the axis from the chin to a place.
    pub(super) fn height(&self, top: Point) -> f64 {
        self.to_chin - self.axis.along(top)
    }
}

/// The ends of the head that has these points; none when the chin is not in
/// the picture.
pub(super) fn find(
    levels: &Levels<'_>,
    points: &Landmarks,
    background: Option<&Background>,
) -> Option<Head> {
    let axis = Axis::of(points);
    let to_chin = axis.along(points.chin()) * CHIN;
    let chin = axis.at(to_chin, 0.0);
    if chin[1] >= f64::from(levels.full.height()) || to_chin <= 0.0 {
        return None;
    }
    let kk = axis.unit + to_chin;
    let skull = axis.at(to_chin - SKULL * kk, 0.0);
    let hair = background.map_or(Top::Unknown, |background| {
        top(levels, background, &axis, |up, apart| {
            let height = (to_chin + up) / kk;
            // hair that ends below the skull was taken for background
            HAIR.contains(&height) && (height >= SKULL || apart)
        })
    });
    Some(Head { axis, to_chin, chin, skull, hair })
}

/// Up from the eyes to the first line across the head that is background alone.
fn top(
    levels: &Levels<'_>,
    background: &Background,
    axis: &Axis,
    likely: impl Fn(f64, bool) -> bool,
) -> Top {
    let scale = levels.small.scale;
    let (width, height) = (levels.small.rgb.width(), levels.small.rgb.height());
    let half = (axis.unit / 2.0 * scale).max(1.0) as i32;
    let pixels = levels.small.rgb.as_raw().as_chunks::<3>().0;
    // covered and seen cells of the line `up` cells above the eyes, and how far
    // its usual colour is from the background's
    let line = |up: i32| {
        let cells = (-half..=half).filter_map(|across| {
            let [x, y] = axis.at(f64::from(-up) / scale, f64::from(across) / scale);
            let (x, y) = ((x * scale).floor(), (y * scale).floor());
            let inside = x >= 0.0 && y >= 0.0 && x < f64::from(width) && y < f64::from(height);
            inside.then(|| y as usize * width as usize + x as usize)
        });
        let cells: Vec<usize> = cells.collect();
        let covered = cells.iter().filter(|&&at| !background.inside[at]).count() as i32;
        let colours: Vec<Lab> = cells.iter().map(|&at| lab::lab(&pixels[at])).collect();
        let apart = lab::median(&colours).map_or(0.0, |c| lab::distance(c, background.colour));
        (covered, cells.len() as i32, apart)
    };
    for up in 0.. {
        let (covered, seen, _) = line(up);
        if seen <= half {
            return Top::Outside;
        }
        if f64::from(covered) < STRAY * f64::from(seen) {
            let apart = |lines: i32| {
                (1..=lines).map(|down| line(up - down).2).sum::<f32>() / lines.max(1) as f32
            };
            let deep = apart(((DEEP * axis.unit * scale) as i32).max(3)) >= APART_DEEP;
            let near = apart(LINES) >= APART_NEAR;
            let up = f64::from(up) / scale;
            let found = deep && likely(up, near);
            return if found { Top::At(axis.at(-up, 0.0)) } else { Top::Unknown };
        }
    }
    Top::Unknown
}

/// The line through the eye midpoint, square to the eyes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub(super) origin: Point,
    /// Unit vector towards the chin.
    pub(super) down: Point,
    /// Inter-eye distance in pixels.
    pub(super) unit: f64,
}

impl Axis {
    pub(super) fn of(points: &Landmarks) -> Self {
        let [right, left] = points.eye_centres();
        let unit = (left[0] - right[0]).hypot(left[1] - right[1]).max(1e-6);
        let along = [(left[0] - right[0]) / unit, (left[1] - right[1]) / unit];
        Self { origin: middle([right, left]), down: [-along[1], along[0]], unit }
    }

    /// The place `down` pixels along the axis and `across` to the picture's right.
    pub(super) fn at(&self, down: f64, across: f64) -> Point {
        [
            self.origin[0] + self.down[0] * down + self.down[1] * across,
            self.origin[1] + self.down[1] * down - self.down[0] * across,
        ]
    }

    /// Pixels along the axis to a place.
    pub(super) fn along(&self, place: Point) -> f64 {
        (0..2).map(|i| (place[i] - self.origin[i]) * self.down[i]).sum()
    }

    /// Clockwise degrees.
    pub(super) fn roll(&self) -> f64 {
        (-self.down[0]).atan2(self.down[1]).to_degrees()
    }
}
