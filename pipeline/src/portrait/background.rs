//! What is background: grown in CIELAB from the picture's upper and side edges.

use std::collections::VecDeque;
use std::ops::Range;

use super::lab::{self, Lab};
use super::measure::rank;

/// Most colour step between neighbours that growth may cross: a soft shadow,
/// never an outline. Where the edges are quieter it is this many times their
/// usual step, and no less than the least.
const STEP: f32 = 4.0;
const STEP_TIMES: f32 = 4.0;
const STEP_LEAST: f32 = 1.5;

/// Most distance from the backdrop's colour that growth may reach: uneven light
/// on one wall. Where the edges are more even it is this many times their
/// ninetieth percentile, and no less than the least.
const RANGE: f32 = 22.0;
const RANGE_TIMES: f32 = 3.0;
const RANGE_LEAST: f32 = 8.0;

/// Share of the edge that must show one colour; below it the background is not plain.
const PLAIN: f64 = 0.6;

/// Which pixels of a picture are background.
pub(super) struct Background {
    pub(super) width: usize,
    pub(super) inside: Vec<bool>,
    /// Its usual colour.
    pub(super) colour: Lab,
}

impl Background {
    /// Share of the upper and side edges of a part of the picture that shows
    /// one colour, and what grows from there; nothing where the share is too
    /// small. The part is `columns` by `rows`, what is outside is no background.
    pub(super) fn grow(
        colours: &[Lab],
        width: usize,
        columns: &Range<usize>,
        rows: &Range<usize>,
    ) -> (f64, Option<Self>) {
        let edge = edge(width, columns, rows);
        let Some(colour) = lab::median(&edge.iter().map(|&at| colours[at]).collect::<Vec<_>>())
        else {
            return (0.0, None);
        };
        let away = |at: usize| lab::distance(colours[at], colour);
        let mut spread: Vec<f32> = edge.iter().map(|&at| away(at)).filter(|v| *v < RANGE).collect();
        let range = (RANGE_TIMES * rank(&mut spread, 0.9).unwrap_or(0.0)).clamp(RANGE_LEAST, RANGE);
        let mut steps: Vec<f32> = edge
            .windows(2)
            .map(|w| lab::distance(colours[w[0]], colours[w[1]]))
            .filter(|step| *step < STEP)
            .collect();
        let step = (STEP_TIMES * rank(&mut steps, 0.5).unwrap_or(0.0)).clamp(STEP_LEAST, STEP);
        let like = |at: usize| away(at) < range;
        let seeds: Vec<usize> = edge.iter().copied().filter(|&at| like(at)).collect();
        let plain = seeds.len() as f64 / edge.len() as f64;
        if plain < PLAIN {
            return (plain, None);
        }
        let mut inside = vec![false; colours.len()];
        seeds.iter().for_each(|&at| inside[at] = true);
        let mut open = VecDeque::from(seeds);
        while let Some(at) = open.pop_front() {
            for next in neighbours(at, width, colours.len()) {
                let part = columns.contains(&(next % width)) && next / width >= rows.start;
                let near = lab::distance(colours[at], colours[next]) < step;
                if !inside[next] && part && near && like(next) {
                    inside[next] = true;
                    open.push_back(next);
                }
            }
        }
        (plain, Some(Self { width, inside, colour }))
    }

    /// Share of the cells outside these columns and above a row that are not
    /// background.
    pub(super) fn covered_beside(&self, columns: &Range<usize>, below: usize) -> f64 {
        let beside = self.inside.iter().take(below * self.width).enumerate();
        let beside = beside.filter(|(at, _)| !columns.contains(&(at % self.width)));
        let (covered, all) = beside
            .fold((0u32, 0u32), |(covered, all), (_, free)| (covered + u32::from(!free), all + 1));
        f64::from(covered) / f64::from(all.max(1))
    }
}

/// The top row and both side columns of a part.
fn edge(width: usize, columns: &Range<usize>, rows: &Range<usize>) -> Vec<usize> {
    if columns.is_empty() || rows.is_empty() {
        return Vec::new();
    }
    let place = |row: usize, column: usize| row * width + column;
    let top = columns.clone().map(|column| place(rows.start, column));
    let sides = rows
        .clone()
        .skip(1)
        .flat_map(|row| [place(row, columns.start), place(row, columns.end - 1)]);
    top.chain(sides).collect()
}

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
