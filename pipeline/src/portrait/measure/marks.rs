//! What does not belong on a portrait: borders, and things on the background.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `border` | share | of the picture's shorter side that a frame of one colour takes, at its widest |
//! | `marks_on_background` | share | of the background that islands in it cover: print, stamps, objects |

use std::collections::VecDeque;

use super::super::Scene;
use super::super::background::{Background, neighbours};
use super::Table;

/// Smaller islands are noise, in cells of the small copy.
const SMALLEST: usize = 12;

pub(super) fn marks(scene: &Scene<'_>, table: &mut Table) {
    let rgb = &scene.levels.small.rgb;
    let shorter = f64::from(rgb.width().min(rgb.height()));
    let widest = scene.frame.into_iter().max().unwrap_or(0);
    table.put("border", f64::from(widest) / shorter, "share", 3);
    if let Some(background) = &scene.background {
        table.put("marks_on_background", islands(background), "share", 4);
    }
}

/// Share of the background that is covered by what touches neither the
/// picture's edges nor the person.
fn islands(background: &Background) -> f64 {
    let (width, length) = (background.width, background.inside.len());
    let height = length / width;
    let mut seen = background.inside.clone();
    let (mut covered, mut largest) = (0, 0);
    let mut parts = Vec::new();
    for start in 0..length {
        if seen[start] {
            continue;
        }
        seen[start] = true;
        let (mut open, mut cells, mut free) = (VecDeque::from([start]), 0usize, true);
        while let Some(at) = open.pop_front() {
            cells += 1;
            let (column, row) = (at % width, at / width);
            free &= column > 0 && column + 1 < width && row > 0 && row + 1 < height;
            for next in neighbours(at, width, length) {
                if !seen[next] {
                    seen[next] = true;
                    open.push_back(next);
                }
            }
        }
        largest = largest.max(cells);
        parts.push((cells, free));
    }
    for (cells, free) in parts {
        if cells >= SMALLEST && cells < largest && free {
            covered += cells;
        }
    }
    let free = background.inside.iter().filter(|inside| **inside).count();
    covered as f64 / (covered + free).max(1) as f64
}
