//! Measures of borders, and of marks on the background.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `border` | share | of the picture's shorter side that a border of one colour takes, at its widest |
//! | `marks_on_background` | share | of the background that is covered by islands in it: print, stamps, objects |

use std::collections::VecDeque;

use super::table::MeasureTable;
use crate::portrait::background::{Background, neighbours};
use crate::portrait::scene::Scene;

/// Smallest island in pixels of the small level: smaller ones are noise.
const ISLAND_MIN: usize = 12;

pub(super) fn measure_border_and_marks(scene: &Scene<'_>, table: &mut MeasureTable) {
    let rgb = &scene.pyramid.small.rgb;
    let shorter = f64::from(rgb.width().min(rgb.height()));
    let widest = scene.border.into_iter().max().unwrap_or(0);
    table.insert("border", f64::from(widest) / shorter, "share", 3);
    if let Some(background) = &scene.background {
        table.insert("marks_on_background", share_of_islands(background), "share", 4);
    }
}

/// Returns the share of the background that is covered by islands, which touch
/// neither the picture's edges nor the person.
fn share_of_islands(background: &Background) -> f64 {
    let (width, length) = (background.width, background.mask.len());
    let height = length / width;
    let mut visited = background.mask.clone();
    let (mut covered, mut largest) = (0, 0);
    let mut parts = Vec::new();
    for start in 0..length {
        if visited[start] {
            continue;
        }
        visited[start] = true;
        let (mut open, mut cells, mut free) = (VecDeque::from([start]), 0usize, true);
        while let Some(at) = open.pop_front() {
            cells += 1;
            let (column, row) = (at % width, at / width);
            free &= column > 0 && column + 1 < width && row > 0 && row + 1 < height;
            for next in neighbours(at, width, length) {
                if !visited[next] {
                    visited[next] = true;
                    open.push_back(next);
                }
            }
        }
        largest = largest.max(cells);
        parts.push((cells, free));
    }
    for (cells, free) in parts {
        if cells >= ISLAND_MIN && cells < largest && free {
            covered += cells;
        }
    }
    let free = background.mask.iter().filter(|inside| **inside).count();
    covered as f64 / (covered + free).max(1) as f64
}
