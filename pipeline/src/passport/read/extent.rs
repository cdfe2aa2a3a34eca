//! The first look at a candidate's lines, and whether they are longer than found.

use super::line::{self, Frames};
use crate::passport::find::TextLine;
use crate::passport::pyramid::Pyramid;
use crate::passport::strip::{Strip, Way};

/// A line as found, with what the network says of it.
pub(super) struct Look {
    pub(super) strip: Strip,
    pub(super) frames: Frames,
}

/// Cells that are looked at beyond both ends of a line as found.
pub(super) const MARGIN: f32 = 4.0;
/// And when print goes on there: a line of 30 characters that is one of 44.
const WIDE_MARGIN: f32 = 12.0;
/// A cell with print has at least this much of it (`Frames::print_in`).
const PRINT: f32 = 0.3;

/// Characters that a line is first taken to have: for two lines between the 36
/// and the 44 that it may have, near enough to both.
pub(super) fn usual_count(lines: usize) -> usize {
    if lines == 3 { 30 } else { 40 }
}

/// The lines from the zone's first to its last.
pub(super) fn looks(
    page: &Pyramid<'_>,
    found: &[TextLine],
    slant: f32,
    way: Way,
) -> Option<Vec<Look>> {
    let count = usual_count(found.len());
    let strip = |line| Strip { slant, ..Strip::new(line, count, way) };
    let mut strips: Vec<Strip> = found.iter().map(strip).collect();
    if way.backwards {
        strips.reverse();
    }
    strips.into_iter().map(|strip| look(page, strip, MARGIN)).collect()
}

fn look(page: &Pyramid<'_>, strip: Strip, margin: f32) -> Option<Look> {
    let frames = line::read(page, &strip, -margin, strip.cells + 2 * margin as usize)?;
    Some(Look { strip, frames })
}

/// The same lines as far as their print goes, where it goes on beyond their
/// ends; else nothing.
pub(super) fn longer(page: &Pyramid<'_>, looks: &[Look]) -> Option<Vec<Look>> {
    let goes_on = looks.iter().all(|look| {
        let beyond = beyond(look, MARGIN);
        beyond[0] >= 2.0 || beyond[1] >= 2.0
    });
    if !goes_on {
        return None;
    }
    let mut by = [f32::MAX; 2];
    for Look { strip, .. } in looks {
        let beyond = beyond(&look(page, strip.clone(), WIDE_MARGIN)?, WIDE_MARGIN);
        by = [by[0].min(beyond[0]), by[1].min(beyond[1])];
    }
    let longer = |Look { strip, .. }: &Look| look(page, strip.extended(by[0], by[1]), MARGIN);
    (by[0] + by[1] >= 2.0).then(|| looks.iter().map(longer).collect())?
}

/// How many cells the print goes on before the first and after the last cell.
fn beyond(look: &Look, margin: f32) -> [f32; 2] {
    let cells = look.strip.cells as f32;
    let print = |cell: f32| look.frames.print_in(cell, cell + 1.0) >= PRINT;
    let run = |at: &dyn Fn(f32) -> f32| {
        let mut cells = (0..margin as usize).map(|i| i as f32);
        cells.find(|i| !print(at(*i))).unwrap_or(margin)
    };
    [run(&|i| margin - 1.0 - i), run(&|i| margin + cells + i)]
}
