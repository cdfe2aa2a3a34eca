//! Sharpness, noise, compression and true size.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `sharpness` | share | contrast of the face from pixel to pixel over that at twice the distance: 0 smooth, 1 noise (ours, under the standard's name) |
//! | `motion_blur` | share | 0 where all directions are alike sharp, 1 where one has no detail |
//! | `noise` | level | standard deviation of what changes from pixel to pixel in the quietest quarter |
//! | `compression_artifacts` | ratio | step across the edges of JPEG's blocks over that within them, less 1 (ours, under the standard's name) |
//! | `upscaled` | share | 0..1: probability that the picture was enlarged |
//!
//! The standard's reference implementation rates sharpness with a random forest
//! and artefacts with a network; these are plain filters, so no quality
//! component is given.

use super::super::Scene;
use super::super::patch::{Patch, SIZE, luma};
use super::{Table, logistic, rank};

/// Fine detail at which a picture is as likely enlarged as not, and the width
/// of doubt. Of 32 real pictures those not enlarged have 0.18 and more, two
/// enlarged ones 0.06 and 0.07; five enlarged by us 0.10 to 0.16 (1.5 times),
/// 0.08 to 0.12 (2) and 0.06 to 0.07 (3); heavy blur looks the same.
const ENLARGED: [f64; 2] = [0.115, 0.012];

/// Side of the part of the picture that blocks are looked for in.
const PART: usize = 640;

pub(super) fn picture(scene: &Scene<'_>, table: &mut Table) {
    let part = Part::of(scene);
    if let Some(steps) = part.blocks() {
        table.put("compression_artifacts", steps, "ratio", 3);
    }
    if let Some(noise) = part.noise() {
        table.put("noise", noise, "level", 2);
    }
    if let Some(fine) = part.fine() {
        let enlarged = logistic(fine, ENLARGED[0], -ENLARGED[1]);
        table.put("upscaled", enlarged, "share", 3).confidence = 0.7;
    }
}

/// Brightness of a part of the picture, pixel by pixel, from the corner of a block.
struct Part {
    width: usize,
    height: usize,
    luma: Vec<f32>,
}

impl Part {
    /// Around the face where there is one.
    fn of(scene: &Scene<'_>) -> Self {
        let rgb = scene.levels.full;
        let size = [rgb.width() as usize, rgb.height() as usize];
        let middle = scene.found.first().map_or_else(
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

    /// Steps across every eighth edge over steps across the others.
    fn blocks(&self) -> Option<f64> {
        let (mut on, mut off) = ((0.0f64, 0u32), (0.0f64, 0u32));
        let mut count = |place: usize, step: f32| {
            let bin = if place.is_multiple_of(8) { &mut on } else { &mut off };
            // strong steps are the picture's own
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
        Some(mean(on)? / mean(off)?.max(0.05) - 1.0)
    }

    /// Immerkær's operator, which is 0 on any plane; by blocks of 16 pixels.
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
        rank(&mut blocks, 0.25).map(f64::from)
    }

    /// What is lost when every other pixel is left out and drawn anew from its
    /// neighbours, over the contrast that there is; along rows or columns,
    /// whichever loses less. Every second row is looked at.
    fn fine(&self) -> Option<f64> {
        let (mut rows, mut columns) = ((0.0f64, 0.0f64), (0.0f64, 0.0f64));
        for line in self.luma.chunks_exact(self.width).step_by(2) {
            line.windows(5).for_each(|w| lost(&mut rows, [w[0], w[1], w[2], w[3], w[4]]));
        }
        for row in (2..self.height.saturating_sub(2)).step_by(2) {
            for at in row * self.width..(row + 1) * self.width {
                let value = |rows: usize| self.luma[at + rows * self.width - 2 * self.width];
                lost(&mut columns, [value(0), value(1), value(2), value(3), value(4)]);
            }
        }
        let share = |(lost, contrast): (f64, f64)| (contrast > 200.0).then(|| lost / contrast);
        Some(share(rows)?.min(share(columns)?))
    }
}

/// Adds to what is lost at the middle of five pixels, and to the contrast there.
fn lost((lost, contrast): &mut (f64, f64), w: [f32; 5]) {
    let step = (w[3] - w[1]).abs();
    if step > 6.0 {
        // a cubic through the neighbours on both sides
        let guess = (w[0] + w[4]) * -0.125 + (w[1] + w[3]) * 0.625;
        *lost += f64::from((w[2] - guess).abs());
        *contrast += f64::from(step);
    }
}

pub(super) fn face(patch: &Patch, table: &mut Table) {
    let fine = octave(&patch.luma, 1);
    let middle = octave(&patch.luma, 2);
    let share = |a: f64, b: f64| a / (a + b).max(1e-6);
    let energy = |of: &[f64; 4]| of.iter().sum::<f64>();
    let [fine, middle] = [&fine, &middle].map(|steps| direction_energy(steps, patch));
    // a smooth surface changes a sixteenth as much at half the distance
    let sharp = (energy(&fine) / energy(&middle).max(1e-6) - SMOOTH) / (1.0 - SMOOTH);
    table.put("sharpness", sharp.clamp(0.0, 1.0), "share", 3);
    let ratios: Vec<f64> = fine.iter().zip(middle).map(|(a, b)| share(*a, b)).collect();
    let low = ratios.iter().copied().fold(f64::MAX, f64::min);
    let high = ratios.iter().copied().fold(1e-6, f64::max);
    table.put("motion_blur", 1.0 - low / high, "share", 3);
}

/// Energy of second differences at one pixel over that at two on a smooth surface.
const SMOOTH: f64 = 1.0 / 16.0;

/// Second differences at a distance along four directions, one plane each.
fn octave(luma: &[f32], distance: usize) -> [Vec<f32>; 4] {
    let [width, height] = SIZE;
    let steps = [(1, 0), (0, 1), (1, 1), (1, -1)];
    steps.map(|(x, y): (isize, isize)| {
        let offset = (y * width as isize + x) * distance as isize;
        let mut plane = vec![0.0; luma.len()];
        for row in distance..height - distance {
            for column in distance..width - distance {
                let at = row * width + column;
                let (before, after) =
                    (at.wrapping_add_signed(-offset), at.wrapping_add_signed(offset));
                plane[at] = luma[at] * 2.0 - luma[before] - luma[after];
            }
        }
        plane
    })
}

/// Mean square within the face, by direction.
fn direction_energy(planes: &[Vec<f32>; 4], patch: &Patch) -> [f64; 4] {
    let count = patch.face.iter().filter(|face| **face).count().max(1) as f64;
    std::array::from_fn(|direction| {
        let inside = planes[direction].iter().zip(&patch.face).filter(|(_, face)| **face);
        inside.map(|(v, _)| f64::from(v * v)).sum::<f64>() / count
    })
}
