//! Groups the rows beside a line into candidates.

use super::band::{self, Band};
use super::candidate::Candidate;
use super::chain::Shape;
use super::row::{GAPS, TextRow};
use super::score::Hypothesis;
use super::smooth::moving_average;
use super::surroundings::SurroundingInk;
use crate::passport::grey::Grey;

/// Distances of a zone's rows, in heights of the line that was found.
const SPACING: (f32, f32) = (1.25, 3.7);
/// The band reaches to a third row of usual spacing.
const REACH: f32 = 5.8;
/// Rows may be longer than the line that was found, each way, in heights.
const MARGIN: f32 = 7.0;
/// Number of starts and of ends that are tried for one group.
const MAX_ENDS: usize = 4;
/// Number of hypotheses per group whose pitch is measured.
const MAX_HYPOTHESES: usize = 6;
/// Ends that differ by more than this are a fault of one row, in heights.
const SAME_END: f32 = 1.2;

/// Returns the candidates that contain this line.
pub(super) fn candidates_around(ink: &Grey, line: &Shape) -> Vec<Candidate> {
    let line = band::straighten(ink, line);
    let margin = MARGIN * line.height;
    let band = Band::new(ink, &line, line.length / 2.0 + margin, REACH * line.height);
    let (from, to) = (margin as usize, band.width - margin as usize);
    let offsets = row_offsets(&band, line.height, from, to);
    let rows: Vec<TextRow> =
        offsets.iter().filter_map(|v| TextRow::new(&band, *v, line.height, from, to)).collect();
    let mut found = Vec::new();
    for count in [2, 3] {
        for group in rows.windows(count) {
            found.extend(best_ends(&band, group));
        }
    }
    found
}

/// Returns the distances across of rows near the line, including the line itself.
fn row_offsets(band: &Band, height: f32, from: usize, to: usize) -> Vec<f32> {
    let reach = band.reach as f32;
    let mean = |v: f32| band.row_mean(v, from..to);
    let profile: Vec<f32> = (0..=2 * band.reach).map(|i| mean(i as f32 - reach)).collect();
    let smooth = moving_average(&profile, 0.8 * height);
    let mut offsets = vec![0.0];
    for side in [-1.0, 1.0] {
        let first = neighbour(&smooth, reach, 0.0, side, [SPACING.0 * height, SPACING.1 * height]);
        let Some(first) = first else { continue };
        offsets.push(first);
        let near = [0.7 * first.abs(), 1.35 * first.abs()];
        offsets.extend(neighbour(&smooth, reach, first, side, near));
    }
    offsets.sort_by(f32::total_cmp);
    offsets
}

/// Returns the strongest row at a distance from another, with less ink in between.
fn neighbour(smooth: &[f32], reach: f32, start: f32, side: f32, near: [f32; 2]) -> Option<f32> {
    let at = |v: f32| smooth.get((v + reach + 0.5) as usize).copied().unwrap_or(0.0);
    let own = at(start);
    let mut valley = own;
    let mut best: Option<(f32, f32)> = None;
    let mut away = 0.5 * near[0];
    while away < near[1] {
        let v = start + side * away;
        if v.abs() > reach {
            break;
        }
        let here = at(v);
        valley = valley.min(here);
        let row = here > 0.3 * own && valley < 0.75 * here.min(own);
        if away >= near[0] && row && best.is_none_or(|(_, most)| here > most) {
            best = Some((v, here));
        }
        away += 1.0;
    }
    best.map(|(v, _)| v)
}

/// Returns the group with the likeliest ends of its rows.
fn best_ends(band: &Band, group: &[TextRow]) -> Option<Candidate> {
    let surroundings = SurroundingInk::new(band, group)?;
    let (starts, ends) = (common_ends(group, 0), common_ends(group, 1));
    let pairs = starts.iter().flat_map(|start| ends.iter().map(move |end| (*start, *end)));
    let common = pairs.map(|(start, end)| {
        let ends =
            |row: &TextRow| [row.end_near(0, start, SAME_END), row.end_near(1, end, SAME_END)];
        group.iter().map(ends).collect()
    });
    let mut tries: Vec<Hypothesis> = common
        .chain(individual_ends(group))
        .filter_map(|ends| Hypothesis::new(group, ends, &surroundings))
        .collect();
    // the pitch is measured last: it costs more than all other features
    tries.sort_by(|a, b| b.score.total_cmp(&a.score));
    tries.truncate(MAX_HYPOTHESES);
    let tries = tries.into_iter().filter_map(|hypothesis| hypothesis.into_candidate(band, group));
    tries.max_by(|a, b| a.score.total_cmp(&b.score))
}

/// Returns each row's own ends where they are farther apart than a fault
/// explains: a page seen from the side is not a rectangle.
fn individual_ends(group: &[TextRow]) -> impl Iterator<Item = Vec<[usize; 2]>> {
    let own = |gap: usize| group.iter().map(|row| row.ends[gap]).collect();
    let apart = |ends: &Vec<[usize; 2]>| {
        let reach = (SAME_END * group[0].height) as usize;
        (0..2).any(|side| ends.iter().any(|own| own[side].abs_diff(ends[0][side]) > reach))
    };
    (0..GAPS.len()).map(own).filter(apart)
}

/// Returns the places where all rows of a group may begin (`side` 0) or end (1).
fn common_ends(group: &[TextRow], side: usize) -> Vec<usize> {
    let near = 0.5 * group[0].height;
    let mut places: Vec<usize> = Vec::new();
    for place in group.iter().flat_map(|row| row.ends.iter().map(|ends| ends[side])) {
        if places.iter().all(|known| known.abs_diff(place) as f32 > near) {
            places.push(place);
        }
    }
    places.truncate(MAX_ENDS);
    places
}
