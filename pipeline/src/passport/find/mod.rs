//! Locates machine readable zones on small copies of a page, at any angle.
//!
//! Ink is darker than its surroundings. Connected ink as long as a few words is
//! chained into text lines. The surroundings of each long line are rectified;
//! two or three rows with common ends, a fixed pitch and empty space around them
//! make a candidate. No character is recognised here: the reader decides.

mod band;
mod candidate;
mod chain;
mod components;
mod group;
mod ink;
mod pitch;
mod profile;
mod refine;
mod row;
mod score;
mod smooth;
mod surroundings;
mod text_line;

pub(crate) use candidate::Candidate;
pub(crate) use text_line::TextLine;

use super::pyramid::Pyramid;
use chain::Shape;

/// Longest side of the first copy that is searched; each halved copy finds
/// print of twice the pitch.
const MAX_SIDE: usize = 1100;
/// A smaller copy has no room for a zone.
const MIN_SIDE: usize = 100;
/// Number of sizes that are searched: print of 3 to 36 pixels a character on the first.
const SIZES: usize = 3;
/// Number of lines per copy whose surroundings are examined, the longest first.
const MAX_LINES: usize = 24;
/// Number of candidates that are returned.
const MAX_CANDIDATES: usize = 12;
/// Number of candidates whose lines are refined at higher resolution, the likeliest first.
const MAX_REFINED: usize = 3;
/// A candidate above this score is not searched for again at other sizes.
const LIKELY: f32 = 1.5;
/// If no candidate has this score, finer print is searched for as well.
const CONVINCING: f32 = 0.0;

/// Returns places that may contain a zone, likeliest first, in pixels of `page`.
pub(crate) fn find_candidates(page: &Pyramid<'_>) -> Vec<Candidate> {
    let first = (0..page.count()).find(|level| page.long_side() >> level <= MAX_SIDE);
    let first = first.unwrap_or(page.count() - 1);
    let mut found = Vec::new();
    for level in first..(first + SIZES).min(page.count()) {
        add_candidates(page, level, &mut found);
    }
    let best = found.iter().map(|candidate: &Candidate| candidate.score).fold(f32::MIN, f32::max);
    if best < CONVINCING && first > 0 {
        add_candidates(page, first - 1, &mut found);
    }
    let mut found = candidate::deduplicate(found);
    found.truncate(MAX_CANDIDATES);
    let refined = |(i, candidate)| {
        if i < MAX_REFINED { refine::refine(page, candidate) } else { candidate }
    };
    found.into_iter().enumerate().map(refined).collect()
}

/// Adds the candidates on the copy of one size.
fn add_candidates(page: &Pyramid<'_>, level: usize, found: &mut Vec<Candidate>) {
    let (grey, share) = page.level(level);
    if grey.width.max(grey.height) < MIN_SIDE {
        return;
    }
    let ink = ink::detect_ink(grey);
    let print = components::TextRuns::new(&ink);
    let mut lines: Vec<Shape> = chain::chain_lines(print.words());
    for axis in chain::main_directions(&lines) {
        let along = chain::chain_lines(print.words_along(axis));
        lines.extend(along.into_iter().filter(|line| line.is_along(axis)));
    }
    let lines = chain::deduplicate(lines);
    for line in lines.iter().take(MAX_LINES) {
        let centre = [0, 1].map(|i| (line.centre[i] + 0.5) / share - 0.5);
        if found.iter().any(|known| known.score > LIKELY && known.contains(centre)) {
            continue;
        }
        let candidates = group::candidates_around(&ink, line);
        found.extend(candidates.into_iter().map(|candidate| candidate.scaled(1.0 / share)));
    }
}
