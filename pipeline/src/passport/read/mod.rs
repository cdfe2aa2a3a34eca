//! Reads the characters of a candidate: reading direction, number of cells,
//! characters and their probabilities.
//!
//! Each line is recognised as it was located, then again at the positions of its
//! characters, and a third time unless both passes agree on clear characters.
//! Where passes differ, a character is uncertain. Uncertain characters may be
//! replaced to satisfy a check digit (`repair`).

mod align;
mod character;
mod completeness;
mod decode;
mod direction;
mod extent;
mod fit;
mod partial;
mod prior;
mod repair;
mod reread;
mod slant;
mod zone;

use std::ops::Range;

use super::find::Candidate;
use super::line::PITCH;
use super::pyramid::Pyramid;
use crate::examination::ZoneFormat;
use align::{Alignment, line_alphabets};
use extent::ScannedLine;
use reread::reread_line;
pub(crate) use zone::{CandidateResult, Cell, ReadLine, ReadZone};

/// A zone with a lower mean log probability is not legible.
const LEGIBLE: f32 = -0.5;
/// Nor is one with hidden characters below this.
const CLEAR: f32 = -0.25;
/// Print that is not a zone has a lower mean log probability.
const LIKE_A_ZONE: f32 = -1.0;

/// Reads a candidate, as a mirror image if `mirrored`.
pub(crate) fn read_candidate(
    page: &Pyramid<'_>,
    candidate: &Candidate,
    mirrored: bool,
) -> CandidateResult {
    let slant = slant::estimate_slant(
        page,
        &candidate.lines,
        extent::assumed_length(candidate.lines.len()),
    );
    let slant = if mirrored { -slant } else { slant };
    let Some(direction) = direction::reading_direction(page, candidate, slant, mirrored) else {
        return CandidateResult::NotAZone;
    };
    let scanned = extent::scan_lines(page, &candidate.lines, slant, direction);
    let Some(scanned) = scanned else { return CandidateResult::NotAZone };
    let mut zone = read_lines(page, &scanned);
    if let Some(lines) = extent::extend_lines(page, &scanned) {
        zone = clearer(zone, read_lines(page, &lines));
    }
    if zone.as_ref().is_some_and(|zone| partial::may_be_partial(page, zone, &scanned)) {
        zone = partial::read_partial(page, &scanned, zone);
    }
    match zone {
        Some(zone) if is_legible(&zone) => CandidateResult::Zone(Box::new(zone)),
        Some(zone) if zone.score_of_all > LIKE_A_ZONE => CandidateResult::Illegible,
        _ => CandidateResult::NotAZone,
    }
}

/// Whether the characters of a zone can be recognised. One with hidden characters needs
/// more evidence: other print has gaps that look like covered characters.
fn is_legible(zone: &ReadZone) -> bool {
    let clear = zone.score > CLEAR && zone.valid_digits() > 0;
    zone.score > LEGIBLE && (!zone.has_hidden() || clear)
}

/// Returns the clearer of two readings of one place.
fn clearer(zone: Option<ReadZone>, other: Option<ReadZone>) -> Option<ReadZone> {
    let score = |zone: &Option<ReadZone>| zone.as_ref().map_or(f32::MIN, ReadZone::clarity);
    if score(&other) > score(&zone) { other } else { zone }
}

/// Reads the lines in the best fitting format.
fn read_lines(page: &Pyramid<'_>, scanned: &[ScannedLine]) -> Option<ReadZone> {
    let counts: &[usize] = if scanned.len() == 3 { &[30] } else { &[44, 36] };
    let hypotheses = counts.iter().filter_map(|count| {
        let format = ZoneFormat::from_shape(scanned.len(), *count, false)?;
        Some((format, align_lines(format, scanned, 0..*count)?))
    });
    let (format, rows) =
        hypotheses.max_by(|a, b| total_score(&a.1).total_cmp(&total_score(&b.1)))?;
    read_aligned(page, format, scanned, &rows, 0..format.layout().length)
}

/// Aligns the visible characters of every line.
fn align_lines(
    format: ZoneFormat,
    scanned: &[ScannedLine],
    visible: Range<usize>,
) -> Option<Vec<Alignment>> {
    let pitch = PITCH * extent::assumed_length(scanned.len()) as f32 / visible.len() as f32;
    let lines = scanned.iter().enumerate().map(|(i, ScannedLine { frames, .. })| {
        align::align(frames, &line_alphabets(format, i)[visible.clone()], pitch)
    });
    lines.collect()
}

fn total_score(rows: &[Alignment]) -> f32 {
    rows.iter().map(|row| row.score).sum()
}

/// Reads aligned lines again and decodes them; the characters that are not visible are hidden.
fn read_aligned(
    page: &Pyramid<'_>,
    format: ZoneFormat,
    scanned: &[ScannedLine],
    rows: &[Alignment],
    visible: Range<usize>,
) -> Option<ReadZone> {
    let (before, after) = (visible.start, format.layout().length - visible.end);
    let lines = scanned.iter().zip(rows).enumerate().map(|(i, (line, row))| {
        let fitted = fit::fit_strip(&line.strip, row, -extent::MARGIN);
        let alphabets = &line_alphabets(format, i)[visible.clone()];
        Some(reread_line(page, &fitted, row, alphabets)?.padded(before, after))
    });
    decode::decode_zone(page, format, &lines.collect::<Option<Vec<_>>>()?)
}
