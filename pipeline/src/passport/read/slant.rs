//! How far print leans: a page seen from the side is sheared, its characters
//! with it, and the network knows upright ones.

use crate::passport::find::TextLine;
use crate::passport::line::{self, HEIGHT, PITCH};
use crate::passport::pyramid::Pyramid;
use crate::passport::strip::{Strip, Way};

/// Leanings that are tried, in pixels along for a pixel down, to both sides.
const MOST: f32 = 0.9;
const STEP: f32 = 0.05;
/// Characters of a line that are looked at, in its middle.
const GLANCE: usize = 24;
/// The network copes with less than this,
const LEAST: f32 = 0.14;
/// and upright strokes gather at least so many times as much ink in columns.
const CLEARLY: f32 = 1.15;

/// The leaning of lines that are taken to have `count` characters, or 0 where
/// there is none to speak of.
pub(super) fn slant(page: &Pyramid<'_>, lines: &[TextLine], count: usize) -> f32 {
    let glances: Vec<Vec<f32>> = lines.iter().map(|found| glance(page, found, count)).collect();
    let gathered = |slant: f32| glances.iter().map(|ink| gathered(ink, slant)).sum::<f32>();
    let steps = (MOST / STEP) as i32;
    let tries = (-steps..=steps).map(|i| i as f32 * STEP);
    let (best, most) = tries
        .map(|slant| (slant, gathered(slant)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0.0, 0.0));
    if best.abs() > LEAST && most > CLEARLY * gathered(0.0) { best } else { 0.0 }
}

/// The middle of a line as the network would see it.
fn glance(page: &Pyramid<'_>, found: &TextLine, count: usize) -> Vec<f32> {
    let strip = Strip::new(found, count, Way { backwards: false, mirrored: false });
    let width = GLANCE * PITCH as usize;
    let mut pixels = strip.pixels(page, (count - GLANCE) as f32 / 2.0, width);
    line::normalise(&mut pixels, width);
    pixels
}

/// How unevenly ink lies over columns that lean.
fn gathered(ink: &[f32], slant: f32) -> f32 {
    let width = GLANCE * PITCH as usize;
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
