//! Measures of sharpness, noise, compression and enlargement.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `sharpness` | share | contrast of the face between neighbouring pixels over that at twice the distance: 0 smooth, 1 noise (our method under the standard's name) |
//! | `motion_blur` | share | 0 where all directions are equally sharp, 1 where one has no detail |
//! | `noise` | level | standard deviation between neighbouring pixels in the smoothest quarter |
//! | `compression_artifacts` | ratio | step across the edges of JPEG blocks over that within them, minus 1 (our method under the standard's name) |
//! | `upscaled` | share | 0..1: probability that the picture was enlarged |
//!
//! The standard's reference implementation rates sharpness with a random forest
//! and artefacts with a network; these are plain filters, so they have no quality
//! component.

use super::table::MeasureTable;
use crate::portrait::aligned_face::{AlignedFace, SIZE};
use crate::portrait::luminance::luma;
use crate::portrait::scene::Scene;
use crate::portrait::statistics::{logistic, quantile};

/// Fine detail at which the probability of enlargement is a half, and the width
/// of the transition. Of 32 real pictures those not enlarged have 0.18 and more,
/// two enlarged ones 0.06 and 0.07; five enlarged by us 0.10 to 0.16 (1.5 times),
/// 0.08 to 0.12 (2) and 0.06 to 0.07 (3); heavy blur looks the same.
const ENLARGED: [f64; 2] = [0.115, 0.012];

/// Side of the part of the picture that is measured.
const PART: usize = 640;

pub(super) fn measure_picture(scene: &Scene<'_>, table: &mut MeasureTable) {
    let part = Part::around_face(scene);
    if let Some(steps) = part.block_steps() {
        table.insert("compression_artifacts", steps, "ratio", 3);
    }
    if let Some(noise) = part.noise() {
        table.insert("noise", noise, "level", 2);
    }
    if let Some(fine) = part.fine_detail() {
        let enlarged = logistic(fine, ENLARGED[0], -ENLARGED[1]);
        table.insert("upscaled", enlarged, "share", 3).confidence = 0.7;
    }
}

/// Brightness of a part of the picture, pixel by pixel, from the corner of a block.
struct Part {
    width: usize,
    height: usize,
    luma: Vec<f32>,
}

impl Part {
    /// Takes the part around the face, or the middle where there is no face.
    fn around_face(scene: &Scene<'_>) -> Self {
        let rgb = scene.pyramid.full;
        let size = [rgb.width() as usize, rgb.height() as usize];
        let middle = scene.faces.first().map_or_else(
            || size.map(|v| v as f64 / 2.0),
            |face| [0, 1].map(|i| face.bounds[i] + face.bounds[i + 2] / 2.0),
        );
        let [(left, width), (top, height)] = [0, 1].map(|i| {
            let length = size[i].min(PART);
            let start = (middle[i] - length as f64 / 2.0).clamp(0.0, (size[i] - length) as f64);
            // an offset of whole blocks keeps their edges in place
            (start as usize / 8 * 8, length)
        });
        let pixels = rgb.as_raw().as_chunks::<3>().0;
        let rows = (top..top + height).map(|row| &pixels[row * size[0] + left..][..width]);
        Self { width, height, luma: rows.flatten().map(luma).collect() }
    }

    /// Returns the mean step across the edges of JPEG blocks over that across the
    /// other pixel edges, minus 1.
    fn block_steps(&self) -> Option<f64> {
        let (mut at_edges, mut inside) = ((0.0f64, 0u32), (0.0f64, 0u32));
        let mut count = |column: usize, step: f32| {
            let bin = if column.is_multiple_of(8) { &mut at_edges } else { &mut inside };
            // strong steps belong to the picture
            if step < 24.0 {
                *bin = (bin.0 + f64::from(step), bin.1 + 1);
            }
        };
        for (row, line) in self.luma.chunks_exact(self.width).enumerate() {
            line.windows(2).enumerate().for_each(|(x, w)| count(x + 1, (w[1] - w[0]).abs()));
            let above = row.checked_sub(1).map(|row| &self.luma[row * self.width..][..self.width]);
            for (a, b) in above.into_iter().flat_map(|above| above.iter().zip(line)) {
                count(row, (b - a).abs());
            }
        }
        let mean = |(sum, count): (f64, u32)| (count > 200).then(|| sum / f64::from(count));
        Some(mean(at_edges)? / mean(inside)?.max(0.05) - 1.0)
    }

    /// Estimates the noise by Immerkær's operator, which is 0 on any plane, in
    /// blocks of 16 pixels.
    fn noise(&self) -> Option<f64> {
        let at = |x: usize, y: usize| self.luma[y * self.width + x];
        let mut blocks = Vec::new();
        for top in (1..self.height.saturating_sub(16)).step_by(16) {
            for left in (1..self.width.saturating_sub(16)).step_by(16) {
                let mut sum = 0.0;
                for (x, y) in (0..256).map(|i| (left + i % 16, top + i / 16)) {
                    let corners =
                        at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1);
                    let sides = at(x, y - 1) + at(x, y + 1) + at(x - 1, y) + at(x + 1, y);
                    sum += (4.0 * at(x, y) - 2.0 * sides + corners).abs();
                }
                // mean magnitude to standard deviation, and the operator's gain of 6
                blocks.push(sum / 256.0 * 1.2533 / 6.0);
            }
        }
        quantile(&mut blocks, 0.25).map(f64::from)
    }

    /// Returns the detail that is lost when every other pixel is replaced by
    /// interpolation, over the contrast there; the smaller value of rows and
    /// columns. Every second row is measured.
    fn fine_detail(&self) -> Option<f64> {
        let (mut rows, mut columns) = ((0.0f64, 0.0f64), (0.0f64, 0.0f64));
        for line in self.luma.chunks_exact(self.width).step_by(2) {
            line.windows(5).for_each(|w| add_loss(&mut rows, [w[0], w[1], w[2], w[3], w[4]]));
        }
        for row in (2..self.height.saturating_sub(2)).step_by(2) {
            for at in row * self.width..(row + 1) * self.width {
                let value = |rows: usize| self.luma[at + rows * self.width - 2 * self.width];
                add_loss(&mut columns, [value(0), value(1), value(2), value(3), value(4)]);
            }
        }
        let share = |(lost, contrast): (f64, f64)| (contrast > 200.0).then(|| lost / contrast);
        Some(share(rows)?.min(share(columns)?))
    }
}

/// Adds the loss at the middle of five pixels, and the contrast there.
fn add_loss((lost, contrast): &mut (f64, f64), w: [f32; 5]) {
    let step = (w[3] - w[1]).abs();
    if step > 6.0 {
        // a cubic through the neighbours on both sides
        let interpolated = (w[0] + w[4]) * -0.125 + (w[1] + w[3]) * 0.625;
        *lost += f64::from((w[2] - interpolated).abs());
        *contrast += f64::from(step);
    }
}

pub(super) fn measure_face(aligned: &AlignedFace, table: &mut MeasureTable) {
    let share = |a: f64, b: f64| a / (a + b).max(1e-6);
    let energy = |directions: &[f64; 4]| directions.iter().sum::<f64>();
    let [fine, middle] = [1, 2].map(|distance| direction_energy(aligned, distance));
    // a smooth surface has a sixteenth of the energy at half the distance
    let sharp = (energy(&fine) / energy(&middle).max(1e-6) - SMOOTH) / (1.0 - SMOOTH);
    table.insert("sharpness", sharp.clamp(0.0, 1.0), "share", 3);
    let ratios: Vec<f64> = fine.iter().zip(middle).map(|(a, b)| share(*a, b)).collect();
    let low = ratios.iter().copied().fold(f64::MAX, f64::min);
    let high = ratios.iter().copied().fold(1e-6, f64::max);
    table.insert("motion_blur", 1.0 - low / high, "share", 3);
}

/// Energy of second differences at one pixel over that at two on a smooth surface.
const SMOOTH: f64 = 1.0 / 16.0;

/// Returns the mean square of second differences at a distance within the face, along
/// four directions.
fn direction_energy(aligned: &AlignedFace, distance: usize) -> [f64; 4] {
    let AlignedFace { luma, in_face, .. } = aligned;
    let [width, height] = SIZE;
    // from a pixel to the one after it, along each direction; the last goes upwards
    let steps = [(1, false), (width, false), (width + 1, false), (width - 1, true)];
    let mut sums = [0.0; 4];
    for row in distance..height - distance {
        for at in row * width + distance..(row + 1) * width - distance {
            if in_face[at] {
                for (sum, (offset, up)) in sums.iter_mut().zip(steps) {
                    let ends = [at - offset * distance, at + offset * distance];
                    let [before, after] = if up { [ends[1], ends[0]] } else { ends };
                    let step = luma[at] * 2.0 - luma[before] - luma[after];
                    *sum += f64::from(step * step);
                }
            }
        }
    }
    let count = in_face.iter().filter(|face| **face).count().max(1) as f64;
    sums.map(|sum| sum / count)
}
