//! Locates machine readable zones on small copies of a page, at any angle.
//!
//! Ink is what is darker than its surroundings. Connected ink that is as long
//! as a few words is chained into lines; the surroundings of each long line are
//! laid straight, and there two or three rows with common ends, a fixed pitch
//! and nothing beside them look like a zone. Nothing is read here: the reader
//! decides.

mod band;
mod chain;
mod ink;
mod measure;
mod merit;
mod parts;
mod pitch;
mod rows;

pub(crate) use merit::Candidate;

use super::pyramid::Pyramid;
use chain::Shape;

/// Copies on which zones are looked for are at most this long; each half
/// size finds print of twice the pitch.
const SIDE: usize = 1100;
/// Below this length a copy has no room for a zone.
const LEAST_SIDE: usize = 100;
/// Sizes of the usual search: print of 3 to 36 pixels a character on the first.
const SIZES: usize = 3;
/// Lines of one copy whose surroundings are looked at, the longest first.
const MOST_LINES: usize = 24;
/// Candidates are handed out up to this many.
const MOST_CANDIDATES: usize = 12;
/// The likeliest are measured on larger pixels.
const MOST_MEASURED: usize = 3;
/// What is as likely as this needs no second look at other sizes.
const LIKELY: f32 = 1.5;
/// When nothing has this merit, finer print is looked for as well.
const CONVINCING: f32 = 0.0;

/// A line of print: ends of its middle line in pixels, first end leftmost (or
/// topmost), and its height there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TextLine {
    pub(crate) from: [f32; 2],
    pub(crate) to: [f32; 2],
    pub(crate) height: f32,
}

impl TextLine {
    pub(crate) fn length(&self) -> f32 {
        (self.to[0] - self.from[0]).hypot(self.to[1] - self.from[1])
    }

    /// Unit vector from the first end to the second.
    pub(crate) fn axis(&self) -> [f32; 2] {
        let length = self.length().max(1e-6);
        [(self.to[0] - self.from[0]) / length, (self.to[1] - self.from[1]) / length]
    }

    fn scaled(self, by: f32) -> Self {
        let point = |p: [f32; 2]| [(p[0] + 0.5) * by - 0.5, (p[1] + 0.5) * by - 0.5];
        Self { from: point(self.from), to: point(self.to), height: self.height * by }
    }
}

/// Places that may hold a zone, likeliest first, in pixels of `page`.
pub(crate) fn find(page: &Pyramid<'_>) -> Vec<Candidate> {
    let first = (0..page.count()).find(|level| page.long_side() >> level <= SIDE);
    let first = first.unwrap_or(page.count() - 1);
    let mut found = Vec::new();
    for level in first..(first + SIZES).min(page.count()) {
        look(page, level, &mut found);
    }
    let best = found.iter().map(|candidate: &Candidate| candidate.merit).fold(f32::MIN, f32::max);
    if best < CONVINCING && first > 0 {
        look(page, first - 1, &mut found);
    }
    let mut found = merit::distinct(found);
    found.truncate(MOST_CANDIDATES);
    let measure = |(i, candidate)| {
        if i < MOST_MEASURED { measure::measured(page, candidate) } else { candidate }
    };
    found.into_iter().enumerate().map(measure).collect()
}

/// Adds the candidates of one size.
fn look(page: &Pyramid<'_>, level: usize, found: &mut Vec<Candidate>) {
    let (grey, share) = page.level(level);
    if grey.width.max(grey.height) < LEAST_SIDE {
        return;
    }
    let ink = ink::ink(grey);
    let print = parts::Print::new(&ink);
    let mut lines: Vec<Shape> = chain::lines(print.words());
    for axis in chain::directions(&lines) {
        let along = chain::lines(print.words_along(axis));
        lines.extend(along.into_iter().filter(|line| line.is_along(axis)));
    }
    let lines = chain::distinct(lines);
    for line in lines.iter().take(MOST_LINES) {
        let centre = [0, 1].map(|i| (line.centre[i] + 0.5) / share - 0.5);
        if found.iter().any(|known| known.merit > LIKELY && known.holds(centre)) {
            continue;
        }
        let seen = rows::candidates(&ink, line);
        found.extend(seen.into_iter().map(|candidate| candidate.scaled(1.0 / share)));
    }
}
