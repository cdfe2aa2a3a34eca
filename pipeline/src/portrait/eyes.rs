//! Eye centres within a face box.
//!
//! Gradient voting after Timm and Barth, "Accurate eye centre localisation by
//! means of gradients" (VISAPP 2011): an iris is a dark disc, so the gradients
//! on its rim all point away from one centre. Votes are held to the size of an
//! iris, weighted by darkness and by where eyes lie in the detector's boxes,
//! and the two eyes are chosen as a pair.

use image::RgbImage;

use crate::examination::Point;

/// Side of the patch that a face box is sampled to.
const PATCH: usize = 160;

/// Where the picture's left eye lies in a box; the other mirrors it. Mean of
/// 31 hand-labelled faces, standard deviation 0.05.
const USUAL: [f64; 2] = [0.31, 0.366];

/// Standard deviation of eye places that the prior allows for, as a share of the box.
const SPREAD: [f64; 2] = [0.19, 0.137];

/// Half the width and height of the searched region, as a share of the box.
const REACH: f64 = 0.16;

/// Radii of an iris rim, as a share of the box: an iris is 11.7 mm wide, eyes
/// are about 63 mm and 0.38 box sides apart.
const RIM: [f64; 2] = [0.01, 0.041];

/// Gradient at which a vote counts half, in luminance a patch pixel: beyond
/// it, a harder edge says no more about a disc.
const KNEE: f64 = 0.03;

/// How strongly the centre's darkness counts.
const DARK: f64 = 1.2;

/// Standard deviation of the height between two eyes, as a share of the box.
const LEVEL: f64 = 0.2;

/// Distance between the eyes as a share of the box: mean, and how far the prior reaches.
const APART: [f64; 2] = [0.385, 0.12];

/// Eyes of one face in pixels of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Eyes {
    /// The person's right eye: left in the picture.
    pub(super) right: Point,
    /// The person's left eye.
    pub(super) left: Point,
}

impl Eyes {
    /// Half way between the two.
    pub(super) fn middle(&self) -> Point {
        [(self.right[0] + self.left[0]) / 2.0, (self.right[1] + self.left[1]) / 2.0]
    }

    /// Pixels between the two.
    pub(super) fn distance(&self) -> f64 {
        (self.left[0] - self.right[0]).hypot(self.left[1] - self.right[1])
    }

    /// Degrees, positive when the head leans to the picture's right.
    pub(super) fn roll(&self) -> f64 {
        (self.left[1] - self.right[1]).atan2(self.left[0] - self.right[0]).to_degrees()
    }
}

/// The eyes, or none when no plausible pair of dark discs is there.
pub(super) fn find(rgb: &RgbImage, bounds: [f64; 4]) -> Option<Eyes> {
    let [x, y, side, _] = bounds;
    let patch = Patch::sample(rgb, bounds);
    let candidates = |centre_x: f64| patch.votes([centre_x, USUAL[1]]);
    let (rights, lefts) = (candidates(USUAL[0]), candidates(1.0 - USUAL[0]));
    let (right, left, _) = rights
        .iter()
        .flat_map(|right| lefts.iter().map(move |left| (right, left)))
        .filter_map(|(right, left)| {
            Some((right, left, pair(right, left)? * patch.mirrored(right.at, left.at)))
        })
        .max_by(|a, b| a.2.total_cmp(&b.2))?;
    let place = |vote: &Vote| [x + vote.at[0] * side, y + vote.at[1] * side];
    Some(Eyes { right: place(right), left: place(left) })
}

/// A candidate centre in shares of the box.
struct Vote {
    at: Point,
    weight: f64,
}

/// How well two candidates make a pair of eyes; none when they cannot be one.
fn pair(right: &Vote, left: &Vote) -> Option<f64> {
    let (dx, dy) = (left.at[0] - right.at[0], left.at[1] - right.at[1]);
    // 0.29 to 0.49 on real faces, the head leaning by up to 11 degrees
    let possible = (0.24..0.56).contains(&dx) && dy.abs() < 0.45 * dx;
    let level = 0.5 + 0.5 * (-(dy / LEVEL).powi(2) / 2.0).exp();
    let apart = (-((dx - APART[0]) / APART[1]).powi(2) / 2.0).exp();
    possible.then_some((right.weight + left.weight) * level * apart)
}

/// A face box as luminance 0..1, slightly blurred.
struct Patch {
    luminance: Vec<f32>,
}

impl Patch {
    fn sample(rgb: &RgbImage, [left, top, side, _]: [f64; 4]) -> Self {
        let step = side / PATCH as f64;
        let taps = (step.ceil() as usize).clamp(1, 4);
        let tap = |cell: usize, i: usize| (cell as f64 + (i as f64 + 0.5) / taps as f64) * step;
        let mut luminance = vec![0.0; PATCH * PATCH];
        for (index, cell) in luminance.iter_mut().enumerate() {
            let (row, column) = (index / PATCH, index % PATCH);
            let mut sum = 0.0;
            for i in 0..taps * taps {
                let (x, y) = (left + tap(column, i % taps), top + tap(row, i / taps));
                sum += super::luminance(rgb, x, y);
            }
            *cell = sum / (taps * taps) as f32;
        }
        Self { luminance: blur(&blur(&luminance)) }
    }

    /// The best centres around an expected place, local maxima only.
    fn votes(&self, expected: Point) -> Vec<Vote> {
        let cell = |share: f64| (share * PATCH as f64).round() as usize;
        let (left, right) = (cell(expected[0] - REACH), cell(expected[0] + REACH));
        let (top, bottom) = (cell(expected[1] - REACH), cell(expected[1] + REACH));
        let width = right - left;
        let mut weights = vec![0.0; width * (bottom - top)];
        for (index, weight) in weights.iter_mut().enumerate() {
            let (x, y) = (left + index % width, top + index / width);
            *weight = self.disc(x, y) * prior(x, y, expected);
        }
        peaks(&weights, width)
            .map(|index| Vote {
                at: [
                    ((left + index % width) as f64 + 0.5) / PATCH as f64,
                    ((top + index / width) as f64 + 0.5) / PATCH as f64,
                ],
                weight: weights[index],
            })
            .collect()
    }

    /// How much the place looks like the centre of a dark disc.
    fn disc(&self, x: usize, y: usize) -> f64 {
        let (inner, outer) = (RIM[0] * PATCH as f64, RIM[1] * PATCH as f64);
        let reach = outer.ceil() as isize;
        let (mut sums, mut counts) = ([0.0; 2], [0.0; 2]);
        for dy in -reach..=reach {
            for dx in -reach..=reach {
                let distance = ((dx * dx + dy * dy) as f64).sqrt();
                if distance < inner || distance > outer || dx == 0 {
                    continue;
                }
                let [gx, gy] = self.gradient(x as isize + dx, y as isize + dy);
                let outwards = (gx * dx as f64 + gy * dy as f64) / distance;
                // lids and brows cut the rim above and below: only its sides tell
                let side = (dx as f64 / distance).powi(2);
                sums[usize::from(dx > 0)] += (outwards.max(0.0) / (outwards.abs() + KNEE)) * side;
                counts[usize::from(dx > 0)] += side;
            }
        }
        let dark = 1.0 - f64::from(self.at(x as isize, y as isize));
        // a brow has one end at most within reach, an iris two sides
        (sums[0] / counts[0] * sums[1] / counts[1]).sqrt() * dark.powf(DARK)
    }

    /// How alike the two sides of the axis between two eyes are, 0.6..1.6: a
    /// brow and an eye, or a lid and a shadow, divide no face into halves.
    fn mirrored(&self, right: Point, left: Point) -> f64 {
        let along = [left[0] - right[0], left[1] - right[1]];
        let middle = [(left[0] + right[0]) / 2.0, (left[1] + right[1]) / 2.0];
        let at = |across: f64, down: f64| {
            let place = |axis: usize, square: f64| {
                let share = middle[axis] + along[axis] * across + square * down;
                (share * PATCH as f64).floor() as isize
            };
            f64::from(self.at(place(0, -along[1]), place(1, along[0])))
        };
        let cells = (0..18).flat_map(|row| (1..14).map(move |column| (row, column)));
        let halves: Vec<(f64, f64)> = cells
            .map(|(row, column)| {
                let (down, across) = (f64::from(row) / 12.0 - 0.5, f64::from(column) / 15.0);
                (at(-across, down), at(across, down))
            })
            .collect();
        0.6 + correlation(&halves).max(0.0)
    }

    fn gradient(&self, x: isize, y: isize) -> Point {
        [
            f64::from(self.at(x + 1, y) - self.at(x - 1, y)) / 2.0,
            f64::from(self.at(x, y + 1) - self.at(x, y - 1)) / 2.0,
        ]
    }

    fn at(&self, x: isize, y: isize) -> f32 {
        let inside = |v: isize| v.clamp(0, PATCH as isize - 1) as usize;
        self.luminance[inside(y) * PATCH + inside(x)]
    }
}

fn prior(x: usize, y: usize, expected: Point) -> f64 {
    let off =
        |at: usize, axis: usize| ((at as f64 + 0.5) / PATCH as f64 - expected[axis]) / SPREAD[axis];
    (-(off(x, 0).powi(2) + off(y, 1).powi(2)) / 2.0).exp()
}

/// Indices of local maxima, those above a third of the highest, best first, a dozen at most.
fn peaks(weights: &[f64], width: usize) -> impl Iterator<Item = usize> {
    let height = weights.len() / width;
    let mut found: Vec<usize> = (width..width * (height - 1))
        .filter(|i| (1..width - 1).contains(&(i % width)))
        .filter(|&i| {
            let around = [i - width - 1, i - width, i - width + 1, i - 1];
            let below = [i + 1, i + width - 1, i + width, i + width + 1];
            around.iter().chain(&below).all(|&other| weights[other] <= weights[i])
        })
        .collect();
    found.sort_by(|&a, &b| weights[b].total_cmp(&weights[a]));
    let floor = found.first().map_or(0.0, |&best| weights[best] / 3.0);
    found.retain(|&i| weights[i] > 0.0 && weights[i] >= floor);
    found.into_iter().take(12)
}

/// Pearson's correlation of pairs; 0 where one side is flat.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let mean = |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).sum::<f64>() / count;
    let (a, b) = (mean(|pair| pair.0), mean(|pair| pair.1));
    let product = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        pairs.iter().map(|pair| f(pair.0 - a, pair.1 - b)).sum()
    };
    let scale = (product(&|p, _| p * p) * product(&|_, q| q * q)).sqrt();
    if scale > 0.0 { product(&|p, q| p * q) / scale } else { 0.0 }
}

/// A 3x3 mean, edges kept as they are.
fn blur(from: &[f32]) -> Vec<f32> {
    let mut to = from.to_vec();
    for y in 1..PATCH - 1 {
        for x in 1..PATCH - 1 {
            let row = |y: usize| from[y * PATCH + x - 1..=y * PATCH + x + 1].iter().sum::<f32>();
            to[y * PATCH + x] = (row(y - 1) + row(y) + row(y + 1)) / 9.0;
        }
    }
    to
}
