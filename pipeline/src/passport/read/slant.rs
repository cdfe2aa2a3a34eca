//! Estimates the slant of print: a page photographed from the side is sheared with
//! its characters, and the network was trained on upright ones.

use crate::passport::find::TextLine;
use crate::passport::line::{self, HEIGHT, Orientation, PITCH, Strip};
use crate::passport::pyramid::Pyramid;

/// Greatest slant that is tried, to both sides, in pixels along per pixel down.
const MAX_SLANT: f32 = 0.9;
const STEP: f32 = 0.05;
/// Number of characters that are sampled in the middle of a line.
const SAMPLE: usize = 24;
/// A smaller slant is not corrected: the network tolerates it.
const MIN_SLANT: f32 = 0.14;
/// Least gain in concentration for which a slant is corrected.
const MIN_GAIN: f32 = 1.15;

/// Returns the slant of lines that are assumed to have `count` characters, or 0
/// where it is negligible.
pub(super) fn estimate_slant(page: &Pyramid<'_>, lines: &[TextLine], count: usize) -> f32 {
    let samples: Vec<Vec<f32>> = lines.iter().map(|line| sample_line(page, line, count)).collect();
    let total = |slant: f32| samples.iter().map(|ink| concentration(ink, slant)).sum::<f32>();
    let steps = (MAX_SLANT / STEP) as i32;
    let tries = (-steps..=steps).map(|i| i as f32 * STEP);
    let (best, most) = tries
        .map(|slant| (slant, total(slant)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0.0, 0.0));
    if best.abs() > MIN_SLANT && most > MIN_GAIN * total(0.0) { best } else { 0.0 }
}

/// Samples the middle of a line as input of the network.
fn sample_line(page: &Pyramid<'_>, located: &TextLine, count: usize) -> Vec<f32> {
    let strip = Strip::new(located, count, Orientation { reversed: false, mirrored: false });
    let width = SAMPLE * PITCH as usize;
    let mut pixels = strip.pixels(page, (count - SAMPLE) as f32 / 2.0, width);
    line::normalise(&mut pixels, width);
    pixels
}

/// Returns how concentrated the ink is in columns of a slant: the sum of their squares.
fn concentration(ink: &[f32], slant: f32) -> f32 {
    let width = SAMPLE * PITCH as usize;
    let margin = HEIGHT / 2;
    let mut columns = vec![0.0f32; width];
    // capitals fill the middle half of the strip
    for y in HEIGHT / 4..HEIGHT * 3 / 4 {
        let by = slant * (y as f32 - (HEIGHT - 1) as f32 / 2.0);
        let (whole, part) = (by.floor(), by - by.floor());
        let row = &ink[y * width..][..width];
        for (x, sum) in columns.iter_mut().enumerate().take(width - margin).skip(margin) {
            let from = (x as i32 + whole as i32) as usize;
            *sum += row[from] * (1.0 - part) + row[from + 1] * part;
        }
    }
    columns.iter().map(|sum| sum * sum).sum()
}
