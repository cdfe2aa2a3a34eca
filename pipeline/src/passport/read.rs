//! Reads the characters of a candidate: which end is the start, how many
//! cells, which characters, and how surely.
//!
//! Each line is looked at as it was found, then again from where its characters
//! turned out to be, and once more unless the two looks agree on clear
//! characters. What the looks do not agree on is not sure. Characters in doubt
//! may give way to a check digit (`repair`).

mod edge;
mod extent;
mod fit;
mod lattice;
mod prior;
mod repair;
mod settle;
mod slant;

use super::find::Candidate;
use super::line::{self, GAP, PITCH};
use super::mrz::Mrz;
use super::mrz::format::Alphabet;
use super::pyramid::Pyramid;
use super::strip::{Strip, Way};
use crate::examination::ZoneFormat;
use extent::Look;
use lattice::Row;
use settle::choose;

/// One character.
#[derive(Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) byte: u8,
    /// 0..1, among the characters that may stand here and "none of them".
    pub(crate) probability: f32,
    /// The next likeliest that may stand here.
    pub(crate) second: (u8, f32),
    /// Whether the likeliest gave way to the next, to satisfy a check digit.
    pub(crate) changed: bool,
}

/// Probabilities of the alphabet and of "none of them".
pub(crate) type Shares = [f32; line::CLASSES];

/// One line with where it lies.
pub(crate) struct ReadLine {
    pub(crate) strip: Strip,
    pub(crate) cells: Vec<Cell>,
    /// Print just before the first and just after the last cell (`Frames::print_in`).
    beyond: [f32; 2],
}

/// What is seen of a line, before it is settled which characters that makes.
struct SeenLine {
    strip: Strip,
    shares: Vec<Shares>,
    beyond: [f32; 2],
}

/// A zone as read.
pub(crate) struct ReadZone {
    pub(crate) mrz: Mrz,
    pub(crate) lines: Vec<ReadLine>,
    /// Mean logarithm of the characters' probabilities.
    pub(crate) score: f32,
    /// Nothing seems to be cut off or covered.
    pub(crate) whole: bool,
}

/// A glance that sees less print than this sees no zone (`Frames::print`).
const LIKE_PRINT: f32 = 0.33;
/// A line with more than this one way, and at most this share of it the other
/// way, tells the way of them all.
const CLEAR_PRINT: f32 = 0.45;
const CLEAR_WAY: f32 = 0.6;
/// A line with less than this spares the look at the others.
const NOTHING_LIKE_PRINT: f32 = 0.2;
/// What reads worse than this after all is no zone that can be relied on (mean logarithm).
const LEGIBLE: f32 = -0.5;
/// Print that is no zone reads worse than this.
const LIKE_A_ZONE: f32 = -1.0;

/// What became of a candidate.
pub(crate) enum Outcome {
    Zone(Box<ReadZone>),
    /// Laid out like a zone, and its characters cannot be told.
    Illegible,
    Nothing,
}

/// Reads a candidate; `mirrored` looks at it in a mirror.
pub(crate) fn read(page: &Pyramid<'_>, candidate: &Candidate, mirrored: bool) -> Outcome {
    let slant = slant::slant(page, &candidate.lines, extent::usual_count(candidate.lines.len()));
    let slant = if mirrored { -slant } else { slant };
    let Some(way) = way(page, candidate, slant, mirrored) else { return Outcome::Nothing };
    let looks = extent::looks(page, &candidate.lines, slant, way);
    let Some(looks) = looks else { return Outcome::Nothing };
    let longer = extent::longer(page, &looks);
    let mut zone = closest(page, looks);
    if let Some(longer) = longer.and_then(|looks| closest(page, looks))
        && zone.as_ref().is_none_or(|zone| longer.clarity() > zone.clarity())
    {
        zone = Some(longer);
    }
    match zone {
        Some(zone) if zone.score > LEGIBLE => Outcome::Zone(Box::new(zone)),
        Some(zone) if zone.score > LIKE_A_ZONE => Outcome::Illegible,
        _ => Outcome::Nothing,
    }
}

/// Which way the candidate's lines run, told from a stretch in their middle.
fn way(page: &Pyramid<'_>, candidate: &Candidate, slant: f32, mirrored: bool) -> Option<Way> {
    const GLANCE: usize = 14;
    let count = extent::usual_count(candidate.lines.len());
    let ways = [false, true].map(|backwards| Way { backwards, mirrored });
    let (mut sums, mut seen) = ([0.0f32; 2], 0.0);
    for found in &candidate.lines {
        for (sum, way) in sums.iter_mut().zip(ways) {
            let strip = Strip { slant, ..Strip::new(found, count, way) };
            let from = (count - GLANCE) as f32 / 2.0;
            *sum += line::read(page, &strip, from, GLANCE).map_or(0.0, |frames| frames.print());
        }
        seen += 1.0;
        let (most, least) = (sums[0].max(sums[1]), sums[0].min(sums[1]));
        if most < NOTHING_LIKE_PRINT * seen {
            return None;
        }
        if most > CLEAR_PRINT * seen && least < most * CLEAR_WAY {
            break;
        }
    }
    let best = if sums[1] > sums[0] { 1 } else { 0 };
    (sums[best] > LIKE_PRINT * seen).then_some(ways[best])
}

/// The best of the possible counts, read as closely as can be.
fn closest(page: &Pyramid<'_>, looks: Vec<Look>) -> Option<ReadZone> {
    let usual = extent::usual_count(looks.len());
    let counts: &[usize] = if looks.len() == 3 { &[30] } else { &[44, 36] };
    let guesses = counts.iter().filter_map(|count| {
        let format = ZoneFormat::of_shape(looks.len(), *count, false)?;
        let rows: Vec<Row> = looks
            .iter()
            .enumerate()
            .map(|(i, Look { frames, .. })| {
                let pitch = PITCH * usual as f32 / *count as f32;
                lattice::row(frames, &alphabets(format, i), pitch)
            })
            .collect::<Option<_>>()?;
        Some((format, rows))
    });
    let merit = |rows: &[Row]| rows.iter().map(|row| row.merit).sum::<f32>();
    let (format, rows) = guesses.max_by(|a, b| merit(&a.1).total_cmp(&merit(&b.1)))?;
    let lines = looks.into_iter().zip(rows).enumerate();
    let lines = lines.map(|(i, (look, row))| {
        let fitted = fit::fitted(&look.strip, &row, -extent::MARGIN);
        again(page, &fitted, &row, &alphabets(format, i))
    });
    let mut zone = settle::zone(format, &lines.collect::<Option<Vec<_>>>()?)?;
    zone.whole = edge::is_whole(page, zone.mrz.format(), &zone.lines);
    Some(zone)
}

/// Two looks that both see a character this clearly need no third.
const CLEAR: f32 = 0.95;

/// Reads a line again where its characters are, and once more from closer if
/// that differs from the first look. What two looks do not agree on is as unsure
/// as their mean says.
fn again(
    page: &Pyramid<'_>,
    strip: &Strip,
    first: &Row,
    alphabets: &[Alphabet],
) -> Option<SeenLine> {
    const MARGIN: f32 = 2.0;
    let look = |strip: &Strip| {
        let frames = line::read(page, strip, -MARGIN, alphabets.len() + 2 * MARGIN as usize)?;
        let row = lattice::row(&frames, alphabets, PITCH)?;
        let (first, last) = (row.middles[0] - 0.5, row.middles[alphabets.len() - 1] + 0.5);
        let beyond = [frames.print_in(first - 1.0, first), frames.print_in(last, last + 1.0)];
        Some((row, beyond))
    };
    let (second, beyond) = look(strip)?;
    let closer = fit::fitted(strip, &second, -MARGIN);
    let mut shares = second.shares;
    if !agree(&first.shares, &shares, alphabets) {
        let (third, _) = look(&closer)?;
        shares.iter_mut().zip(&third.shares).for_each(|(share, other)| *share = mean(share, other));
    }
    for (i, share) in shares.iter_mut().enumerate() {
        let ends = [0.1, 0.9].map(|part| closer.place(i as f32 + part, 0.0));
        if !ends.into_iter().all(|end| page.holds(end)) {
            *share = NOTHING;
        }
    }
    Some(SeenLine { strip: closer, shares, beyond })
}

/// What is seen of a character beyond the edge of the page.
const NOTHING: Shares = {
    let mut shares = [0.0; line::CLASSES];
    shares[GAP] = 1.0;
    shares
};

/// Whether two looks see the same characters, and the second sees them clearly.
fn agree(first: &[Shares], second: &[Shares], alphabets: &[Alphabet]) -> bool {
    first.iter().zip(second).zip(alphabets).all(|((first, second), alphabet)| {
        let (first, second) = (choose(first, *alphabet), choose(second, *alphabet));
        first.byte == second.byte && second.probability >= CLEAR
    })
}

fn mean(a: &Shares, b: &Shares) -> Shares {
    let mut mean = *a;
    mean.iter_mut().zip(b).for_each(|(m, other)| *m = 0.5 * (*m + other));
    mean
}

fn alphabets(format: ZoneFormat, line: usize) -> Vec<Alphabet> {
    let layout = format.layout();
    (0..layout.length).map(|position| layout.alphabet(line, position)).collect()
}

impl ReadZone {
    /// Of two readings of one place the one with more of this is the better.
    fn clarity(&self) -> f32 {
        self.score + 0.2 * self.valid_digits() as f32
    }
}
