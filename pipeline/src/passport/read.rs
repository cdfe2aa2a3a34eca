//! Reads the characters of a candidate: which end is the start, how many
//! cells, which characters, and how surely.
//!
//! Nothing is repaired here: a check digit that does not hold is reported as read.

mod align;
mod refine;

use super::cells::{ALPHABET, CLASSES, JUNK};
use super::find::{Candidate, TextLine};
use super::mrz::Mrz;
use super::mrz::format::Alphabet;
use super::pyramid::Pyramid;
use super::strip::Strip;
use crate::examination::ZoneFormat;
use align::Aligned;

/// One character.
#[derive(Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) byte: u8,
    /// 0..1, among the characters that may stand here and "none of them".
    pub(crate) probability: f32,
    /// The next likeliest that may stand here.
    pub(crate) second: (u8, f32),
}

/// One line with where it lies.
pub(crate) struct ReadLine {
    pub(crate) strip: Strip,
    pub(crate) cells: Vec<Cell>,
}

/// A zone as read.
pub(crate) struct ReadZone {
    pub(crate) mrz: Mrz,
    pub(crate) lines: Vec<ReadLine>,
    /// Mean logarithm of the characters' probabilities.
    pub(crate) score: f32,
}

/// A first look worse than this is not worth a second (mean logarithm a cell).
const WORTH_A_LOOK: f32 = -2.6;
/// What reads worse than this after all is no zone that can be relied on.
const LEGIBLE: f32 = -0.5;
/// Print that is no zone reads worse than this.
const LIKE_A_ZONE: f32 = -0.75;

/// What became of a candidate.
pub(crate) enum Outcome {
    Zone(Box<ReadZone>),
    /// Laid out like a zone, and its characters cannot be told.
    Illegible,
    Nothing,
}

/// Reads a candidate.
pub(crate) fn read(page: &Pyramid<'_>, candidate: &Candidate) -> Outcome {
    match closest(page, candidate) {
        Some(zone) if zone.score > LEGIBLE => Outcome::Zone(Box::new(zone)),
        Some(zone) if zone.score > LIKE_A_ZONE => Outcome::Illegible,
        _ => Outcome::Nothing,
    }
}

/// The best of the possible counts and directions, read as closely as can be.
fn closest(page: &Pyramid<'_>, candidate: &Candidate) -> Option<ReadZone> {
    let counts: &[usize] = if candidate.lines.len() == 3 { &[30] } else { &[44, 36] };
    let guesses = counts.iter().flat_map(|count| [(*count, false), (*count, true)]);
    let mut looks: Vec<Look<'_>> =
        guesses.filter_map(|(count, turned)| Look::new(candidate, count, turned)).collect();
    // one line tells most guesses apart, and most candidates from zones
    for line in 0..candidate.lines.len() {
        looks.iter_mut().for_each(|look| look.take_line(page, line));
        looks.retain(|look| look.score() > WORTH_A_LOOK);
        looks.sort_by(|a, b| b.score().total_cmp(&a.score()));
        looks.truncate(2);
    }
    looks.into_iter().next()?.closer(page)
}

/// One guess at count and direction, with where the cells seem to be.
struct Look<'a> {
    format: ZoneFormat,
    turned: bool,
    found: Vec<&'a TextLine>,
    lines: Vec<Aligned>,
}

impl<'a> Look<'a> {
    fn new(candidate: &'a Candidate, count: usize, turned: bool) -> Option<Self> {
        let format = ZoneFormat::of_shape(candidate.lines.len(), count, false)?;
        let mut found: Vec<_> = candidate.lines.iter().collect();
        if turned {
            found.reverse();
        }
        Some(Self { format, turned, found, lines: Vec::new() })
    }

    fn take_line(&mut self, page: &Pyramid<'_>, line: usize) {
        let count = self.format.layout().length;
        let strip = Strip::new(self.found[line], count, self.turned);
        self.lines.push(align::align(page, strip, &alphabets(self.format, line, count), 0.25));
    }

    fn score(&self) -> f32 {
        self.lines.iter().map(|line| line.score).sum::<f32>() / self.lines.len().max(1) as f32
    }

    /// The same lines measured again, each along its own middle line.
    fn closer(self, page: &Pyramid<'_>) -> Option<ReadZone> {
        let count = self.format.layout().length;
        let mut lines = Vec::new();
        for (i, aligned) in self.lines.into_iter().enumerate() {
            let alphabets = alphabets(self.format, i, count);
            let strip = refine::refine(page, aligned, &alphabets);
            let aligned = align::align(page, strip, &alphabets, 0.125);
            lines.push(refine::settle(page, aligned, &alphabets));
        }
        finish(self.format, lines)
    }
}

fn alphabets(format: ZoneFormat, line: usize, count: usize) -> Vec<Alphabet> {
    (0..count).map(|position| format.layout().alphabet(line, position)).collect()
}

/// Picks the characters of every cell, with the format that the first suggests.
fn finish(format: ZoneFormat, lines: Vec<(Strip, Vec<[f32; CLASSES]>)>) -> Option<ReadZone> {
    let first = choose(lines.first()?.1.first()?, format.layout().alphabet(0, 0));
    let count = format.layout().length;
    let format = ZoneFormat::of_shape(lines.len(), count, first.byte == b'V')?;
    let read = |names: Option<Alphabet>| {
        let lines: Vec<ReadLine> = lines
            .iter()
            .enumerate()
            .map(|(i, (strip, cells))| {
                let mut alphabets = alphabets(format, i, count);
                let place = format.layout().names;
                if let (true, Some(names)) = (i == place.line, names) {
                    alphabets[place.from..place.to].fill(names);
                }
                let cells = cells.iter().zip(alphabets).map(|(c, a)| choose(c, a)).collect();
                ReadLine { strip: strip.clone(), cells }
            })
            .collect();
        let text: Vec<String> = lines.iter().map(ReadLine::text).collect();
        Some((Mrz::parse(&text.join("\n"))?, lines))
    };
    let (mut mrz, mut lines) = read(None)?;
    if mrz.document_code() == "PN" && mrz.issuing_state() == "RUS" {
        // Russia's internal passports spell names with digits
        (mrz, lines) = read(Some(Alphabet::All))?;
    }
    let cells: Vec<f32> = lines
        .iter()
        .flat_map(|line| &line.cells)
        .map(|cell| cell.probability.max(1e-4).ln())
        .collect();
    let score = cells.iter().sum::<f32>() / cells.len() as f32;
    Some(ReadZone { mrz, lines, score })
}

impl ReadLine {
    fn text(&self) -> String {
        self.cells.iter().map(|cell| char::from(cell.byte)).collect()
    }
}

/// The likeliest character that may stand here and the next likeliest.
fn choose(logs: &[f32; CLASSES], alphabet: Alphabet) -> Cell {
    let (mut best, mut next) = ((b'<', f32::MIN), (b'<', f32::MIN));
    let mut sum = logs[JUNK].exp();
    for (byte, log) in ALPHABET.iter().zip(logs).filter(|(byte, _)| alphabet.allows(**byte)) {
        sum += log.exp();
        if *log > best.1 {
            (best, next) = ((*byte, *log), best);
        } else if *log > next.1 {
            next = (*byte, *log);
        }
    }
    let share = |log: f32| if sum > 0.0 { log.exp() / sum } else { 0.0 };
    Cell { byte: best.0, probability: share(best.1), second: (next.0, share(next.1)) }
}
