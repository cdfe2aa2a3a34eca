//! Reads lines of which a part is cut off or covered.
//!
//! Lines that end too early look like those of a shorter format. Where the page ends
//! there, or another line goes on, the hypothesis that the rest is hidden comes first.

use super::extent::{self, ScannedLine};
use super::zone::ReadZone;
use super::{align_lines, clearer, read_aligned, read_lines, total_score};
use crate::examination::{CheckDigit, ZoneFormat};
use crate::passport::pyramid::Pyramid;

/// Most characters at one end of passport lines that may be hidden.
const MAX_CUT: usize = 12;
/// The page ends at most this far from the end of cut lines, in cells of a located line.
const NEAR_EDGE: f32 = 1.3;
/// Print that is not a zone has a lower mean log probability.
const LIKE_A_PART: f32 = -3.0;
/// How much clearer a shorter format must be than lines with hidden ends, and these
/// than whole lines of their length.
const PREFERENCE: f32 = 0.15;

/// Whether hidden characters may explain the lines better than a reading does.
pub(super) fn may_be_partial(page: &Pyramid<'_>, zone: &ReadZone, scanned: &[ScannedLine]) -> bool {
    let suspect = !zone.damage.is_none() || zone.score < super::CLEAR;
    let possible = scanned.len() == 2 && zone.score_of_all > LIKE_A_PART;
    possible && (suspect || ends_at_edge(page, scanned))
}

/// Returns the clearest reading: the given one, or one with hidden characters.
pub(super) fn read_partial(
    page: &Pyramid<'_>,
    scanned: &[ScannedLine],
    zone: Option<ReadZone>,
) -> Option<ReadZone> {
    let mut cut = read_cut(page, scanned);
    let mut longest = None;
    if let Some(lines) = extent::extend_to_longest(page, scanned) {
        longest = read_lines(page, &lines);
        cut = clearer(cut, read_cut(page, &lines));
    }
    let zone = clearer(zone, longest);
    match (zone, cut) {
        (Some(zone), Some(cut)) => {
            let shorter = zone.mrz.layout().length < cut.mrz.layout().length;
            let by = if shorter { PREFERENCE } else { -PREFERENCE };
            // the last digit of all confirms that no line is longer
            let whole = zone.check_digits().composite == CheckDigit::Valid;
            let preferred = !whole && cut.clarity() + by > zone.clarity();
            Some(if preferred { cut } else { zone })
        }
        (zone, cut) => zone.or(cut),
    }
}

/// Whether all lines start, or end, where the page does.
fn ends_at_edge(page: &Pyramid<'_>, scanned: &[ScannedLine]) -> bool {
    [-NEAR_EDGE, NEAR_EDGE].into_iter().any(|by| {
        let beyond = |line: &ScannedLine| {
            let u = if by < 0.0 { by } else { line.strip.cells as f32 + by };
            !page.contains(line.strip.page_point(u, 0.0))
        };
        scanned.iter().all(beyond)
    })
}

/// Reads lines of a passport or visa of which some characters at one end are missing.
fn read_cut(page: &Pyramid<'_>, scanned: &[ScannedLine]) -> Option<ReadZone> {
    let format = ZoneFormat::from_shape(scanned.len(), 44, false)?;
    let length = format.layout().length;
    let ranges = (1..=MAX_CUT).flat_map(|cut| [0..length - cut, cut..length]);
    let hypotheses = ranges
        .filter_map(|visible| Some((align_lines(format, scanned, visible.clone())?, visible)));
    let (rows, visible) =
        hypotheses.max_by(|a, b| total_score(&a.0).total_cmp(&total_score(&b.0)))?;
    read_aligned(page, format, scanned, &rows, visible)
}
