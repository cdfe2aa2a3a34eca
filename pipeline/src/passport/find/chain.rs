//! Chains components of ink into text lines.

use std::f32::consts::{FRAC_PI_4, PI};

/// Number of components that are kept, the longest: more than a page has words.
const MAX_BLOBS: usize = 1500;
/// Number of components from which chains start, the longest.
const MAX_SEEDS: usize = 150;
/// Rounds in which a chain is continued.
const MAX_ROUNDS: usize = 6;
/// Heights of print that are searched on one copy, in pixels.
const HEIGHTS: std::ops::Range<f32> = 2.4..17.0;
/// A line at least this slender may be half of a zone's line that is broken in two.
const SLENDER: f32 = 10.0;

/// Moments of ink pixels, from which centre, direction and extents follow.
#[derive(Clone, Copy)]
pub(super) struct Moments {
    count: f64,
    first: [f64; 2],
    /// Of x², xy and y².
    second: [f64; 3],
    low: [f32; 2],
    high: [f32; 2],
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            count: 0.0,
            first: [0.0; 2],
            second: [0.0; 3],
            low: [f32::MAX; 2],
            high: [f32::MIN; 2],
        }
    }
}

impl Moments {
    /// Adds the pixels `from..to` of a row.
    pub(super) fn add_run(&mut self, y: u32, from: u32, to: u32) {
        let n = f64::from(to - from);
        let (y, middle) = (f64::from(y), f64::from(from + to - 1) / 2.0);
        self.count += n;
        self.first[0] += n * middle;
        self.first[1] += n * y;
        self.second[0] += n * (middle * middle + (n * n - 1.0) / 12.0);
        self.second[1] += n * middle * y;
        self.second[2] += n * y * y;
        self.include([from as f32 - 0.5, y as f32 - 0.5], [to as f32 - 0.5, y as f32 + 0.5]);
    }

    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.first.iter_mut().zip(other.first).for_each(|(a, b)| *a += b);
        self.second.iter_mut().zip(other.second).for_each(|(a, b)| *a += b);
        self.include(other.low, other.high);
    }

    fn include(&mut self, low: [f32; 2], high: [f32; 2]) {
        for i in 0..2 {
            self.low[i] = self.low[i].min(low[i]);
            self.high[i] = self.high[i].max(high[i]);
        }
    }

    /// Ink pixels.
    #[cfg(test)]
    pub(super) fn count(&self) -> f32 {
        self.count as f32
    }
}

/// Centre, direction and extents of ink.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub(super) centre: [f32; 2],
    /// Points right, or down for a nearly upright line.
    pub(super) axis: [f32; 2],
    pub(super) length: f32,
    pub(super) height: f32,
}

impl Shape {
    fn from_moments(ink: &Moments) -> Self {
        let [mx, my] = ink.first.map(|sum| sum / ink.count);
        let [xx, xy, yy] = ink.second.map(|sum| sum / ink.count);
        let (xx, xy, yy) = (xx - mx * mx, xy - mx * my, yy - my * my);
        let mut angle = 0.5 * (2.0 * xy).atan2(xx - yy) as f32;
        // all nearly upright lines point the same way
        if angle < -FRAC_PI_4 {
            angle += PI;
        }
        let axis = [angle.cos(), angle.sin()];
        let (c, s) = (f64::from(axis[0]), f64::from(axis[1]));
        let narrow = xx * s * s - 2.0 * xy * s * c + yy * c * c;
        // an even band of height h has a variance of h²/12
        let height = (12.0 * narrow.max(0.0)).sqrt() as f32 + 0.5;
        let main = usize::from(axis[1] > axis[0]);
        let (share, rest) = (axis[main].max(0.1), axis[1 - main].abs());
        let extent = ink.high[main] - ink.low[main];
        let length = ((extent - rest * height) / share).max(0.0);
        let (mean, middle) = ([mx as f32, my as f32], (ink.low[main] + ink.high[main]) / 2.0);
        let along = (middle - mean[main]) / share;
        let centre = [mean[0] + axis[0] * along, mean[1] + axis[1] * along];
        Self { centre, axis, length, height: height.min(length.max(1.0) + height * 0.5) }
    }

    /// Whether it is too short to have a direction: one or two characters.
    fn is_short(&self) -> bool {
        self.length < 3.0 * self.height
    }

    /// Whether its direction is within a few degrees of the axis.
    pub(super) fn is_along(&self, axis: [f32; 2]) -> bool {
        (self.axis[0] * axis[1] - self.axis[1] * axis[0]).abs() < 0.1
    }

    fn is_slender(&self, least: f32) -> bool {
        self.length > least * self.height && HEIGHTS.contains(&self.height)
    }

    /// Returns the offset from the centre to a point, along and across the axis.
    pub(super) fn offset(&self, point: [f32; 2]) -> [f32; 2] {
        let away = [point[0] - self.centre[0], point[1] - self.centre[1]];
        let [x, y] = self.axis;
        [away[0] * x + away[1] * y, away[1] * x - away[0] * y]
    }

    /// Whether `other`, the shorter one, continues this one on the same line.
    fn continues(&self, other: &Self) -> bool {
        let [along, across] = self.offset(other.centre);
        if across.abs() > 0.35 * self.height + 0.02 * along.abs() {
            return false;
        }
        let gap = along.abs() - self.length / 2.0 - other.length / 2.0;
        if other.is_short() {
            let size = other.length.max(other.height) / self.height;
            return gap < 1.2 * self.height && (0.4..2.4).contains(&size);
        }
        let turn = (self.axis[0] * other.axis[1] - self.axis[1] * other.axis[0]).abs();
        let ratio = self.height / other.height;
        turn < 0.12 && gap < 3.0 * self.height && (0.6..1.7).contains(&ratio)
    }
}

/// Joins each long component with those that continue it, the longest first.
pub(super) fn chain_lines(blobs: Vec<Moments>) -> Vec<Shape> {
    let mut blobs: Vec<(Moments, Shape)> =
        blobs.into_iter().map(|ink| (ink, Shape::from_moments(&ink))).collect();
    blobs.retain(|(_, shape)| shape.height < HEIGHTS.end && shape.length.max(shape.height) > 2.0);
    blobs.sort_by(|a, b| b.1.length.total_cmp(&a.1.length));
    blobs.truncate(MAX_BLOBS);
    let mut taken = vec![false; blobs.len()];
    let mut lines = Vec::new();
    for seed in 0..blobs.len().min(MAX_SEEDS) {
        let (mut ink, mut shape) = blobs[seed];
        if taken[seed] || !shape.is_slender(4.0) {
            continue;
        }
        taken[seed] = true;
        for _ in 0..MAX_ROUNDS {
            let free = |i: &usize| !taken[*i] && shape.continues(&blobs[*i].1);
            let joining: Vec<usize> = (0..blobs.len()).filter(free).collect();
            if joining.is_empty() {
                break;
            }
            for i in joining {
                taken[i] = true;
                ink.add(&blobs[i].0);
            }
            shape = Shape::from_moments(&ink);
        }
        if shape.is_slender(SLENDER) {
            lines.push(shape);
        }
    }
    lines
}

/// Returns the main direction of the print, or both axes of the page if there is none.
pub(super) fn main_directions(lines: &[Shape]) -> Vec<[f32; 2]> {
    let support = |axis: [f32; 2]| {
        lines.iter().filter(|line| line.is_along(axis)).map(|line| line.length).sum::<f32>()
    };
    let axes = lines.iter().map(|line| (line.axis, support(line.axis)));
    let best = axes.max_by(|a, b| a.1.total_cmp(&b.1));
    best.map_or_else(|| vec![[1.0, 0.0], [0.0, 1.0]], |(axis, _)| vec![axis])
}

/// Returns every line once, the longest first.
pub(super) fn deduplicate(mut lines: Vec<Shape>) -> Vec<Shape> {
    lines.sort_by(|a, b| b.length.total_cmp(&a.length));
    let mut kept: Vec<Shape> = Vec::new();
    for line in lines {
        let known = |other: &Shape| {
            let [along, across] = other.offset(line.centre);
            along.abs() < other.length / 2.0
                && across.abs() < 0.4 * other.height
                && line.height > 0.7 * other.height
                && line.is_along(other.axis)
        };
        if !kept.iter().any(known) {
            kept.push(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bar of ink along an axis of `degrees`.
    fn bar(centre: [f32; 2], degrees: f32, length: f32, height: f32) -> Moments {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let mut ink = Moments::default();
        for y in 0..400u32 {
            for x in 0..400u32 {
                let (dx, dy) = (x as f32 - centre[0], y as f32 - centre[1]);
                let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                if u.abs() < length / 2.0 && v.abs() < height / 2.0 {
                    ink.add_run(y, x, x + 1);
                }
            }
        }
        ink
    }

    #[test]
    fn a_bar_is_measured_at_any_angle() {
        for degrees in [-44.0f32, -20.0, 0.0, 30.0, 46.0, 90.0, 120.0] {
            let shape = Shape::from_moments(&bar([200.0, 190.0], degrees, 149.7, 8.9));
            assert!((shape.length - 150.0).abs() < 3.0, "{degrees}: {shape:?}");
            assert!((shape.height - 9.0).abs() < 1.0, "{degrees}: {shape:?}");
            assert!((shape.centre[0] - 200.0).hypot(shape.centre[1] - 190.0) < 1.5, "{shape:?}");
            let (sin, cos) = degrees.to_radians().sin_cos();
            assert!((shape.axis[0] * sin - shape.axis[1] * cos).abs() < 0.01, "{shape:?}");
        }
    }

    #[test]
    fn words_of_one_line_are_chained_and_others_not() {
        let words = [(100.0, 100.0), (190.0, 101.0), (250.0, 99.5), (190.0, 130.0)];
        let lengths = [100.0, 60.0, 50.0, 110.0];
        let bars = words.iter().zip(lengths).map(|((x, y), l)| bar([*x, *y], 0.0, l, 8.0));
        let mut lengths: Vec<f32> = chain_lines(bars.collect()).iter().map(|l| l.length).collect();
        lengths.sort_by(f32::total_cmp);
        assert_eq!(lengths.len(), 2);
        assert!((lengths[0] - 110.0).abs() < 2.0 && (lengths[1] - 225.0).abs() < 3.0);
    }
}
