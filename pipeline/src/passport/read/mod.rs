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
mod prior;
mod repair;
mod reread;
mod slant;
mod zone;

use super::find::Candidate;
use super::line::PITCH;
use super::pyramid::Pyramid;
use crate::examination::ZoneFormat;
use align::{Alignment, line_alphabets};
use extent::ScannedLine;
use reread::reread_line;
pub(crate) use zone::{CandidateResult, Cell, ReadZone};

/// A zone with a lower mean log probability is not legible.
const LEGIBLE: f32 = -0.5;
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
    let longer = extent::extend_lines(page, &scanned);
    let mut zone = read_lines(page, scanned);
    if let Some(longer) = longer.and_then(|lines| read_lines(page, lines))
        && zone.as_ref().is_none_or(|zone| longer.clarity() > zone.clarity())
    {
        zone = Some(longer);
    }
    match zone {
        Some(zone) if zone.score > LEGIBLE => CandidateResult::Zone(Box::new(zone)),
        Some(zone) if zone.score > LIKE_A_ZONE => CandidateResult::Illegible,
        _ => CandidateResult::NotAZone,
    }
}

/// Reads the lines in the best fitting format.
fn read_lines(page: &Pyramid<'_>, scanned: Vec<ScannedLine>) -> Option<ReadZone> {
    let usual = extent::assumed_length(scanned.len());
    let counts: &[usize] = if scanned.len() == 3 { &[30] } else { &[44, 36] };
    let hypotheses = counts.iter().filter_map(|count| {
        let format = ZoneFormat::from_shape(scanned.len(), *count, false)?;
        let rows: Vec<Alignment> = scanned
            .iter()
            .enumerate()
            .map(|(i, ScannedLine { frames, .. })| {
                let pitch = PITCH * usual as f32 / *count as f32;
                align::align(frames, &line_alphabets(format, i), pitch)
            })
            .collect::<Option<_>>()?;
        Some((format, rows))
    });
    let score = |rows: &[Alignment]| rows.iter().map(|row| row.score).sum::<f32>();
    let (format, rows) = hypotheses.max_by(|a, b| score(&a.1).total_cmp(&score(&b.1)))?;
    let lines = scanned.into_iter().zip(rows).enumerate();
    let lines = lines.map(|(i, (line, row))| {
        let fitted = fit::fit_strip(&line.strip, &row, -extent::MARGIN);
        reread_line(page, &fitted, &row, &line_alphabets(format, i))
    });
    let mut zone = decode::decode_zone(format, &lines.collect::<Option<Vec<_>>>()?)?;
    zone.complete = completeness::is_complete(page, zone.mrz.format(), &zone.lines);
    Some(zone)
}
