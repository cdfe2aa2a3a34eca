//! Points, angles and the head's axis, in pixels of the upright picture.

use crate::examination::Point;

/// Height of the print in millimetres.
pub(super) const PRINT_HEIGHT_MM: f64 = 45.0;

/// Returns the point half way between two points.
pub(super) fn midpoint([a, b]: [Point; 2]) -> Point {
    [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
}

/// Returns the direction from the first point to the second in clockwise radians.
pub(super) fn direction([from, to]: [Point; 2]) -> f64 {
    (to[1] - from[1]).atan2(to[0] - from[0])
}

/// Returns the clockwise quarter turns that set a head with this roll (in
/// degrees) upright. A head with a roll below 60° is tilted, not lying.
pub(super) fn quarter_turns(roll: f64) -> u32 {
    if roll.abs() < 60.0 {
        return 0;
    }
    ((-roll / 90.0).round() as i32).rem_euclid(4) as u32
}

/// The line through the midpoint of the eye centres, perpendicular to the eye line.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeadAxis {
    /// Midpoint of the eye centres.
    pub(super) origin: Point,
    /// Unit vector towards the chin.
    pub(super) down: Point,
    /// Distance of the eye centres in pixels.
    pub(super) inter_eye_distance: f64,
}

impl HeadAxis {
    /// Builds the axis from the centres of the person's right and left eye.
    pub(super) fn from_eyes([right, left]: [Point; 2]) -> Self {
        let distance = (left[0] - right[0]).hypot(left[1] - right[1]).max(1e-6);
        let along = [(left[0] - right[0]) / distance, (left[1] - right[1]) / distance];
        Self {
            origin: midpoint([right, left]),
            down: [-along[1], along[0]],
            inter_eye_distance: distance,
        }
    }

    /// Returns the point `down` pixels along the axis and `across` pixels to
    /// the picture's right.
    pub(super) fn point_at(&self, down: f64, across: f64) -> Point {
        [
            self.origin[0] + self.down[0] * down + self.down[1] * across,
            self.origin[1] + self.down[1] * down - self.down[0] * across,
        ]
    }

    /// Returns the pixels along the axis from its origin to a point.
    pub(super) fn distance_along(&self, point: Point) -> f64 {
        (0..2).map(|i| (point[i] - self.origin[i]) * self.down[i]).sum()
    }

    /// Returns the clockwise roll in degrees.
    pub(super) fn roll_degrees(&self) -> f64 {
        (-self.down[0]).atan2(self.down[1]).to_degrees()
    }
}
