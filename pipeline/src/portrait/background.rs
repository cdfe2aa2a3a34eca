//! What is background: grown in CIELAB from the picture's upper and side edges.

use std::collections::VecDeque;

use super::lab::{self, Lab};

/// Colour step between neighbours that growth may cross: a soft shadow, never an outline.
const STEP: f32 = 4.0;

/// Distance from the backdrop's colour that growth may reach: uneven light on one wall.
const RANGE: f32 = 22.0;

/// Share of the edge that must show one colour; below it the background is not plain.
const PLAIN: f64 = 0.6;

/// Which pixels of a picture are background.
pub(super) struct Background {
    width: usize,
    inside: Vec<bool>,
}

impl Background {
    /// Grows from the edges above the row `below`; none when they are not of one colour.
    pub(super) fn grow(colours: &[Lab], width: usize, below: usize) -> Option<Self> {
        let edge = edge(width, below.min(colours.len() / width.max(1)));
        let backdrop = lab::median(&edge.iter().map(|&at| colours[at]).collect::<Vec<_>>())?;
        let like = |at: usize, range: f32| lab::distance(colours[at], backdrop) < range;
        let seeds: Vec<usize> = edge.iter().copied().filter(|&at| like(at, RANGE)).collect();
        if (seeds.len() as f64) < PLAIN * edge.len() as f64 {
            return None;
        }
        let mut inside = vec![false; colours.len()];
        seeds.iter().for_each(|&at| inside[at] = true);
        let mut open = VecDeque::from(seeds);
        while let Some(at) = open.pop_front() {
            for next in neighbours(at, width, colours.len()) {
                let near = lab::distance(colours[at], colours[next]) < STEP;
                if !inside[next] && near && like(next, RANGE) {
                    inside[next] = true;
                    open.push_back(next);
                }
            }
        }
        Some(Self { width, inside })
    }

    /// Share of a row's pixels between two columns that is not background.
    pub(super) fn covered(&self, row: usize, columns: std::ops::Range<usize>) -> f64 {
        let cells = &self.inside[row * self.width..][..self.width][columns];
        cells.iter().filter(|inside| !**inside).count() as f64 / cells.len().max(1) as f64
    }
}

/// The top row and both side columns down to a row.
fn edge(width: usize, below: usize) -> Vec<usize> {
    let sides = (1..below).flat_map(|row| [row * width, row * width + width - 1]);
    (0..if below > 0 { width } else { 0 }).chain(sides).collect()
}

fn neighbours(at: usize, width: usize, length: usize) -> impl Iterator<Item = usize> {
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
