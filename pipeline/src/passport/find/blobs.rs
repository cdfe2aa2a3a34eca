//! Ink joined into blobs that are the size of words and lines.

use std::f32::consts::{FRAC_PI_4, PI};

use super::TextLine;
use crate::passport::grey::Grey;

/// Darker than its surroundings by this much is ink, at the least.
const LEAST_CONTRAST: u8 = 12;

/// More blobs than a page of print has lines and words; the longest are kept.
const MOST_BLOBS: usize = 1500;

/// Connected ink: its points, and what follows from their spread.
struct Blob {
    points: Vec<[f32; 2]>,
    shape: Shape,
}

/// Centre, direction and extents.
#[derive(Clone, Copy)]
struct Shape {
    centre: [f32; 2],
    axis: [f32; 2],
    /// Extents along and across the axis, from the centre.
    along: [f32; 2],
    across: [f32; 2],
}

/// Lines of print of about that pitch.
pub(super) fn lines(grey: &Grey, pitch: f32) -> Vec<TextLine> {
    let hat = grey.black_top_hat((pitch * 0.8) as usize | 1);
    let strongest = hat.dilated((pitch * 3.0) as usize);
    let ink = hat.data.iter().zip(&strongest.data);
    let ink: Vec<u8> = ink
        .map(|(value, most)| {
            let enough = (u32::from(*most) * 2 / 5) as u8;
            u8::from(*value >= enough.max(LEAST_CONTRAST))
        })
        .collect();
    let ink = Grey { width: grey.width, height: grey.height, data: ink };
    let joined = ink.dilated((pitch * 0.3).round().max(1.0) as usize);
    let parts = components(&ink, &joined);
    let blobs = parts
        .into_iter()
        .filter(|points| points.len() as f32 > 0.7 * pitch)
        .map(|points| Blob { shape: Shape::of(&points), points })
        .filter(|blob| blob.shape.like_print(pitch));
    chain(blobs.collect(), pitch)
}

/// Ink pixels by connected component of `joined`.
fn components(ink: &Grey, joined: &Grey) -> Vec<Vec<[f32; 2]>> {
    let (width, height) = (joined.width, joined.height);
    let mut open = joined.data.clone();
    let mut found = Vec::new();
    let mut stack = Vec::new();
    for start in 0..open.len() {
        if open[start] == 0 {
            continue;
        }
        open[start] = 0;
        stack.push(start);
        let mut points = Vec::new();
        while let Some(i) = stack.pop() {
            let (x, y) = (i % width, i / width);
            if ink.data[i] != 0 {
                points.push([x as f32, y as f32]);
            }
            let mut visit = |j: usize| {
                if open[j] != 0 {
                    open[j] = 0;
                    stack.push(j);
                }
            };
            if x > 0 {
                visit(i - 1);
            }
            if x + 1 < width {
                visit(i + 1);
            }
            if y > 0 {
                visit(i - width);
            }
            if y + 1 < height {
                visit(i + width);
            }
        }
        found.push(points);
    }
    found
}

impl Shape {
    fn of(points: &[[f32; 2]]) -> Self {
        let n = points.len().max(1) as f32;
        let sum = points.iter().fold([0.0, 0.0], |s, p| [s[0] + p[0], s[1] + p[1]]);
        let centre = [sum[0] / n, sum[1] / n];
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for p in points {
            let (x, y) = (p[0] - centre[0], p[1] - centre[1]);
            xx += x * x;
            xy += x * y;
            yy += y * y;
        }
        let mut angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        // so that lines which stand nearly upright all point the same way
        if angle < -FRAC_PI_4 {
            angle += PI;
        }
        let axis = [angle.cos(), angle.sin()];
        // a few stray pixels must not widen a line
        let along = extent(points, centre, axis, 0.001);
        let across = extent(points, centre, [-axis[1], axis[0]], 0.01);
        Self { centre, axis, along, across }
    }

    fn length(&self) -> f32 {
        self.along[1] - self.along[0]
    }

    fn height(&self) -> f32 {
        self.across[1] - self.across[0]
    }

    /// Neither speck nor stain, for print of that pitch.
    fn like_print(&self, pitch: f32) -> bool {
        self.height().max(self.length()) > 0.4 * pitch && self.height() < 2.2 * pitch
    }

    /// Whether it is too short to have a direction: one or two characters.
    fn is_short(&self) -> bool {
        self.length() < 3.0 * self.height()
    }

    /// The line that this is, or the part of one: too short for a zone's by itself.
    fn line(&self) -> Option<TextLine> {
        if !(5.0..90.0).contains(&(self.length() / self.height())) {
            return None;
        }
        let middle = (self.across[0] + self.across[1]) / 2.0;
        let end = |t: f32| {
            let [x, y] = self.axis;
            [self.centre[0] + x * t - y * middle, self.centre[1] + y * t + x * middle]
        };
        let (from, to) = (end(self.along[0]), end(self.along[1]));
        Some(TextLine { from, to, height: self.height() })
    }

    /// Whether `other` goes on where this one ends, on the same line; this is the longer.
    fn continues(&self, other: &Self, pitch: f32) -> bool {
        let away = minus(other.centre, self.centre);
        let along = dot(away, self.axis);
        let across = dot(away, [-self.axis[1], self.axis[0]]);
        let gap = if along > 0.0 { along - self.along[1] } else { self.along[0] - along };
        let gap = gap - other.length() / 2.0;
        if across.abs() > 0.35 * self.height() + 0.02 * along.abs() {
            return false;
        }
        if other.is_short() {
            let size = other.length().max(other.height()) / self.height();
            return gap < 1.2 * self.height() && (0.5..2.4).contains(&size);
        }
        let turn = (self.axis[0] * other.axis[1] - self.axis[1] * other.axis[0]).abs();
        let ratio = self.height() / other.height();
        turn < 0.12 && gap < 3.0 * pitch && (0.6..1.7).contains(&ratio)
    }
}

/// How far points reach in a direction, but for the share `trim` at each end.
fn extent(points: &[[f32; 2]], centre: [f32; 2], axis: [f32; 2], trim: f32) -> [f32; 2] {
    let mut places: Vec<f32> = points.iter().map(|p| dot(minus(*p, centre), axis)).collect();
    let Some(last) = places.len().checked_sub(1) else { return [0.0; 2] };
    let cut = (trim * last as f32) as usize;
    let low = *places.select_nth_unstable_by(cut, f32::total_cmp).1;
    let high = *places.select_nth_unstable_by(last - cut, f32::total_cmp).1;
    [low - 0.5, high + 0.5]
}

/// Joins each long blob with those that continue it, the longest first.
fn chain(mut blobs: Vec<Blob>, pitch: f32) -> Vec<TextLine> {
    blobs.sort_by(|a, b| b.shape.length().total_cmp(&a.shape.length()));
    blobs.truncate(MOST_BLOBS);
    let mut taken = vec![false; blobs.len()];
    let mut lines = Vec::new();
    for seed in 0..blobs.len() {
        if taken[seed] || blobs[seed].shape.length() < 4.0 * blobs[seed].shape.height() {
            continue;
        }
        taken[seed] = true;
        let mut points = blobs[seed].points.clone();
        let mut shape = blobs[seed].shape;
        loop {
            let joining: Vec<usize> = (0..blobs.len())
                .filter(|i| !taken[*i] && shape.continues(&blobs[*i].shape, pitch))
                .collect();
            if joining.is_empty() {
                break;
            }
            for i in joining {
                taken[i] = true;
                points.extend(&blobs[i].points);
            }
            shape = Shape::of(&points);
        }
        lines.extend(shape.line());
    }
    lines
}

fn minus(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

fn dot(a: [f32; 2], b: [f32; 2]) -> f32 {
    a[0] * b[0] + a[1] * b[1]
}
