//! The background: a region grown in CIELAB from the picture's upper and side edges.

use std::collections::VecDeque;
use std::ops::Range;

use super::cielab::{self, Lab};
use super::statistics::quantile;

/// Largest colour difference of neighbours that the region may cross: a soft
/// shadow, never an outline. Where the edges are smoother the limit is their
/// median step times the factor, and at least the minimum.
const STEP: f32 = 4.0;
const STEP_FACTOR: f32 = 4.0;
const STEP_MIN: f32 = 1.5;

/// Largest colour difference from the background's median that the region may
/// reach: uneven light on one wall. Where the edges are more uniform the limit
/// is their 90th percentile times the factor, and at least the minimum.
const RANGE: f32 = 22.0;
const RANGE_FACTOR: f32 = 3.0;
const RANGE_MIN: f32 = 8.0;

/// Share of the edge that must show one colour; below it the background is not plain.
const PLAIN_SHARE: f64 = 0.6;

/// The background of a picture.
pub(super) struct Background {
    pub(super) width: usize,
    /// Whether a pixel is background, row by row.
    pub(super) mask: Vec<bool>,
    /// The median colour of the edges.
    pub(super) colour: Lab,
}

impl Background {
    /// Grows the background from the upper and side edges of the part `columns`
    /// by `rows`; pixels outside that part are not background. Returns the share
    /// of those edges that shows one colour, and the background unless the share
    /// is too small.
    pub(super) fn grow(
        colours: &[Lab],
        width: usize,
        columns: &Range<usize>,
        rows: &Range<usize>,
    ) -> (f64, Option<Self>) {
        let edge = edge(width, columns, rows);
        let Some(colour) = cielab::median(&edge.iter().map(|&at| colours[at]).collect::<Vec<_>>())
        else {
            return (0.0, None);
        };
        let away = |at: usize| cielab::distance(colours[at], colour);
        let mut spread: Vec<f32> = edge.iter().map(|&at| away(at)).filter(|v| *v < RANGE).collect();
        let range =
            (RANGE_FACTOR * quantile(&mut spread, 0.9).unwrap_or(0.0)).clamp(RANGE_MIN, RANGE);
        let mut steps: Vec<f32> = edge
            .windows(2)
            .map(|w| cielab::distance(colours[w[0]], colours[w[1]]))
            .filter(|step| *step < STEP)
            .collect();
        let step = (STEP_FACTOR * quantile(&mut steps, 0.5).unwrap_or(0.0)).clamp(STEP_MIN, STEP);
        let like = |at: usize| away(at) < range;
        let seeds: Vec<usize> = edge.iter().copied().filter(|&at| like(at)).collect();
        let plain = seeds.len() as f64 / edge.len() as f64;
        if plain < PLAIN_SHARE {
            return (plain, None);
        }
        let mut mask = vec![false; colours.len()];
        seeds.iter().for_each(|&at| mask[at] = true);
        let mut open = VecDeque::from(seeds);
        while let Some(at) = open.pop_front() {
            for next in neighbours(at, width, colours.len()) {
                let part = columns.contains(&(next % width)) && next / width >= rows.start;
                let near = cielab::distance(colours[at], colours[next]) < step;
                if !mask[next] && part && near && like(next) {
                    mask[next] = true;
                    open.push_back(next);
                }
            }
        }
        (plain, Some(Self { width, mask, colour }))
    }

    /// Returns the share of the pixels outside these columns and above a row
    /// that are not background.
    pub(super) fn covered_beside(&self, columns: &Range<usize>, below: usize) -> f64 {
        let beside = self.mask.iter().take(below * self.width).enumerate();
        let beside = beside.filter(|(at, _)| !columns.contains(&(at % self.width)));
        let (covered, all) = beside
            .fold((0u32, 0u32), |(covered, all), (_, free)| (covered + u32::from(!free), all + 1));
        f64::from(covered) / f64::from(all.max(1))
    }
}

/// Returns the top row and both side columns of a part.
fn edge(width: usize, columns: &Range<usize>, rows: &Range<usize>) -> Vec<usize> {
    if columns.is_empty() || rows.is_empty() {
        return Vec::new();
    }
    let index = |row: usize, column: usize| row * width + column;
    let top = columns.clone().map(|column| index(rows.start, column));
    let sides = rows
        .clone()
        .skip(1)
        .flat_map(|row| [index(row, columns.start), index(row, columns.end - 1)]);
    top.chain(sides).collect()
}

/// Returns the indices of the pixels above, below, left and right.
pub(super) fn neighbours(at: usize, width: usize, length: usize) -> impl Iterator<Item = usize> {
    let column = at % width;
    [
        (column > 0).then(|| at - 1),
        (column + 1 < width).then_some(at + 1),
        at.checked_sub(width),
        (at + width < length).then_some(at + width),
    ]
    .into_iter()
    .flatten()
}
