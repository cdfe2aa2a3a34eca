//! Which characters stand in a zone, from what was seen of each and from what
//! is likely.

use super::{Cell, ReadLine, ReadZone, SeenLine, Shares, alphabets, prior, repair};
use crate::examination::ZoneFormat;
use crate::passport::line::{ALPHABET, GAP};
use crate::passport::mrz::Mrz;
use crate::passport::mrz::format::Alphabet;

/// Picks the characters of every cell, in the likelier of the formats of that shape.
pub(super) fn zone(format: ZoneFormat, lines: &[SeenLine]) -> Option<ReadZone> {
    let first = choose(lines.first()?.shares.first()?, format.layout().alphabet(0, 0));
    let count = format.layout().length;
    let format = ZoneFormat::of_shape(lines.len(), count, first.byte == b'V')?;
    let mut alphabets: Vec<_> = (0..lines.len()).map(|line| alphabets(format, line)).collect();
    let mut settled = settle(format, lines, &alphabets);
    let mut mrz = parsed(&settled)?;
    if mrz.document_code() == "PN" && mrz.issuing_state() == "RUS" {
        // Russia's internal passports spell names with digits
        let names = format.layout().names;
        alphabets[names.line][names.from..names.to].fill(Alphabet::All);
        settled = settle(format, lines, &alphabets);
        mrz = parsed(&settled)?;
    }
    let score = score(lines, &alphabets);
    let mrz = repair::repaired(mrz, &mut settled);
    Some(ReadZone { mrz, lines: settled, score, whole: true })
}

/// The likeliest characters after all.
fn settle(format: ZoneFormat, lines: &[SeenLine], alphabets: &[Vec<Alphabet>]) -> Vec<ReadLine> {
    let mut weighed: Vec<_> = lines.iter().map(|line| line.shares.clone()).collect();
    prior::weigh(format, &mut weighed);
    let settled = lines.iter().zip(&weighed).zip(alphabets).map(|((line, weighed), alphabets)| {
        let cells = line.shares.iter().zip(weighed).zip(alphabets);
        let cells = cells.map(|((seen, weighed), alphabet)| {
            let Cell { byte, second, .. } = choose(weighed, *alphabet);
            // no surer than what was seen makes it
            let seen = |byte| probability(seen, byte, *alphabet);
            Cell {
                byte,
                probability: seen(byte),
                second: (second.0, seen(second.0)),
                changed: false,
            }
        });
        ReadLine { strip: line.strip.clone(), cells: cells.collect(), beyond: line.beyond }
    });
    settled.collect()
}

fn parsed(lines: &[ReadLine]) -> Option<Mrz> {
    let text: Vec<String> = lines.iter().map(ReadLine::text).collect();
    Mrz::parse(&text.join("\n"))
}

/// Mean logarithm of the clearest characters' probabilities.
fn score(lines: &[SeenLine], alphabets: &[Vec<Alphabet>]) -> f32 {
    let cells = lines.iter().zip(alphabets).flat_map(|(line, a)| line.shares.iter().zip(a));
    let logarithms = cells.map(|(seen, a)| choose(seen, *a).probability.max(1e-4).ln());
    let count = lines.iter().map(|line| line.shares.len()).sum::<usize>();
    logarithms.sum::<f32>() / count.max(1) as f32
}

impl ReadLine {
    pub(super) fn text(&self) -> String {
        self.cells.iter().map(|cell| char::from(cell.byte)).collect()
    }
}

/// The likeliest character that may stand here and the next likeliest.
pub(super) fn choose(shares: &Shares, alphabet: Alphabet) -> Cell {
    let (mut best, mut next) = ((b'<', -1.0), (b'<', 0.0));
    for (byte, share) in ALPHABET.iter().zip(shares).filter(|(byte, _)| alphabet.allows(**byte)) {
        if *share > best.1 {
            (best, next) = ((*byte, *share), best);
        } else if *share > next.1 {
            next = (*byte, *share);
        }
    }
    let of = |byte| probability(shares, byte, alphabet);
    Cell { byte: best.0, probability: of(best.0), second: (next.0, of(next.0)), changed: false }
}

/// Characters that are told apart by where they stand, not by how they look.
const TWINS: [&[u8]; 6] = [b"0OQDU", b"1IL", b"2Z", b"5S", b"6G", b"8B"];

/// How surely a character is the one that was seen: its share of all, without
/// those that look like it and may not stand here.
fn probability(shares: &Shares, byte: u8, alphabet: Alphabet) -> f32 {
    let twin = |other: u8| TWINS.iter().any(|t| t.contains(&byte) && t.contains(&other));
    let (mut own, mut sum) = (0.0, shares[GAP]);
    for (known, share) in ALPHABET.iter().zip(shares) {
        if *known == byte {
            own = *share;
        }
        if alphabet.allows(*known) || !twin(*known) {
            sum += share;
        }
    }
    if sum > 1e-9 { own.max(0.0) / sum } else { 0.0 }
}
