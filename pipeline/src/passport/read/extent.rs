//! Scans the lines of a candidate, and extends lines that are longer than located.

use crate::passport::find::TextLine;
use crate::passport::line::{self, Frames, Orientation, Strip};
use crate::passport::pyramid::Pyramid;

/// A located line and the network's output for it.
#[derive(Clone)]
pub(super) struct ScannedLine {
    pub(super) strip: Strip,
    pub(super) frames: Frames,
}

/// Number of cells that are scanned beyond both ends of a located line.
pub(super) const MARGIN: f32 = 4.0;
/// The same where text continues there: 30 characters of a line of 44.
const WIDE_MARGIN: f32 = 12.0;
/// Least text density of a cell with a character (`Frames::text_density_between`).
const TEXT_DENSITY: f32 = 0.3;

/// Returns the number of characters that a line is first assumed to have: for two
/// lines between the possible 36 and 44, near enough to both.
pub(super) fn assumed_length(lines: usize) -> usize {
    if lines == 3 { 30 } else { 40 }
}

/// Scans the lines, from the zone's first to its last.
pub(super) fn scan_lines(
    page: &Pyramid<'_>,
    found: &[TextLine],
    slant: f32,
    direction: Orientation,
) -> Option<Vec<ScannedLine>> {
    let count = assumed_length(found.len());
    let strip = |line| Strip { slant, ..Strip::new(line, count, direction) };
    let mut strips: Vec<Strip> = found.iter().map(strip).collect();
    if direction.reversed {
        strips.reverse();
    }
    strips.into_iter().map(|strip| scan(page, strip, MARGIN)).collect()
}

fn scan(page: &Pyramid<'_>, strip: Strip, margin: f32) -> Option<ScannedLine> {
    let frames = line::recognise(page, &strip, -margin, strip.cells + 2 * margin as usize)?;
    Some(ScannedLine { strip, frames })
}

/// Extends the lines where their text continues beyond their ends; else `None`.
pub(super) fn extend_lines(page: &Pyramid<'_>, lines: &[ScannedLine]) -> Option<Vec<ScannedLine>> {
    let continues = lines.iter().all(|line| {
        let beyond = cells_beyond(line, MARGIN);
        beyond[0] >= 2.0 || beyond[1] >= 2.0
    });
    if !continues {
        return None;
    }
    let mut by = [f32::MAX; 2];
    for line in lines {
        let beyond = cells_beyond(&widely(page, line)?, WIDE_MARGIN);
        by = [by[0].min(beyond[0]), by[1].min(beyond[1])];
    }
    let longer =
        |ScannedLine { strip, .. }: &ScannedLine| scan(page, strip.extended(by[0], by[1]), MARGIN);
    (by[0] + by[1] >= 2.0).then(|| lines.iter().map(longer).collect())?
}

/// Extends every line to where the text of any line begins and ends: that of one goes on
/// beside a covered part of another. `None` where no line is longer than it was located.
pub(super) fn extend_to_longest(
    page: &Pyramid<'_>,
    lines: &[ScannedLine],
) -> Option<Vec<ScannedLine>> {
    let first = &lines.first()?.strip;
    let (mut from, mut to) = (0.0f32, 0.0f32);
    let mut places = Vec::new();
    for line in lines {
        let mut beyond = cells_beyond(line, MARGIN);
        if beyond[0] >= 2.0 || beyond[1] >= 2.0 {
            beyond = cells_beyond(&widely(page, line)?, WIDE_MARGIN);
        }
        let [start, end] = first.ends_ahead(&line.strip);
        (from, to) = (from.min(start - beyond[0]), to.max(end + beyond[1]));
        places.push((line, [start, end]));
    }
    let longer = |(line, [start, end]): (&ScannedLine, [f32; 2])| {
        scan(page, line.strip.extended((start - from).max(0.0), (to - end).max(0.0)), MARGIN)
    };
    (to - from >= 2.0).then(|| places.into_iter().map(longer).collect())?
}

fn widely(page: &Pyramid<'_>, line: &ScannedLine) -> Option<ScannedLine> {
    scan(page, line.strip.clone(), WIDE_MARGIN)
}

/// Returns how many cells the text continues before the first and after the last cell.
fn cells_beyond(line: &ScannedLine, margin: f32) -> [f32; 2] {
    let cells = line.strip.cells as f32;
    let has_text = |cell: f32| line.frames.text_density_between(cell, cell + 1.0) >= TEXT_DENSITY;
    let run = |at: &dyn Fn(f32) -> f32| {
        let mut cells = (0..margin as usize).map(|i| i as f32);
        cells.find(|i| !has_text(at(*i))).unwrap_or(margin)
    };
    [run(&|i| margin - 1.0 - i), run(&|i| margin + cells + i)]
}
