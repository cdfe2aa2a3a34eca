//! A bounded search of other readings under the check digits.
//!
//! Where a digit does not hold and the reader wavered between two characters,
//! the other one is taken if the digit then holds. Never more than two
//! characters of a zone, never one that was clear, and never one of the date of
//! expiry or its digit: a date that satisfies a digit by our own doing proves
//! nothing.

use super::ReadLine;
use crate::examination::CheckDigit::{self, Valid, Wrong};
use crate::passport::mrz::Mrz;
use crate::passport::mrz::format::Place;

/// Most characters of a zone that are altered.
const MOST: usize = 2;
/// A character is in doubt where the next likeliest is at least so probable.
const IN_DOUBT: f32 = 0.02;

/// The zone with at most [`MOST`] characters in doubt altered, and what it then says.
pub(super) fn repaired(mrz: Mrz, lines: &mut [ReadLine]) -> Mrz {
    let mut mrz = mrz;
    for _ in 0..MOST {
        let Some((place, better)) = one_step(&mrz, lines) else { break };
        let cell = &mut lines[place.line].cells[place.from];
        let first = (cell.byte, cell.probability);
        (cell.byte, cell.probability) = cell.second;
        (cell.second, cell.changed) = (first, true);
        mrz = better;
    }
    mrz
}

/// The likeliest single change that makes a wrong digit hold and no other fail.
fn one_step(mrz: &Mrz, lines: &[ReadLine]) -> Option<(Place, Mrz)> {
    let before = digits(mrz);
    if before.iter().all(|digit| *digit != Wrong) {
        return None;
    }
    let mut best: Option<(f32, Place, Mrz)> = None;
    for place in in_doubt(mrz, lines) {
        let Some(changed) = with(mrz, place, lines) else { continue };
        let after = digits(&changed);
        let mends = before.iter().zip(after).any(|(b, a)| *b == Wrong && a == Valid);
        let breaks = before.iter().zip(after).any(|(b, a)| *b != Wrong && a == Wrong);
        let cell = &lines[place.line].cells[place.from];
        let odds = cell.second.1 / cell.probability.max(1e-6);
        if mends && !breaks && best.as_ref().is_none_or(|(most, _, _)| odds > *most) {
            best = Some((odds, place, changed));
        }
    }
    best.map(|(_, place, changed)| (place, changed))
}

fn digits(mrz: &Mrz) -> [CheckDigit; 5] {
    mrz.check_digits().all()
}

/// Single characters that check digits cover, that are in doubt, not altered
/// before, and no part of the expiry.
fn in_doubt(mrz: &Mrz, lines: &[ReadLine]) -> Vec<Place> {
    let layout = mrz.layout();
    let mut places = vec![layout.number.field, layout.number.digit];
    places.extend([layout.birth.field, layout.birth.digit]);
    places.extend(layout.optional);
    places.extend(layout.optional_digit);
    places.extend(layout.composite_digit);
    let single = |place: Place| {
        (place.from..place.to).map(move |from| Place { from, to: from + 1, ..place })
    };
    let doubted = |place: &Place| {
        let cell = lines.get(place.line).and_then(|line| line.cells.get(place.from));
        cell.is_some_and(|cell| !cell.changed && cell.second.1 >= IN_DOUBT)
    };
    places.into_iter().flat_map(single).filter(doubted).collect()
}

fn with(mrz: &Mrz, place: Place, lines: &[ReadLine]) -> Option<Mrz> {
    let second = lines[place.line].cells[place.from].second.0;
    let mut text: Vec<String> = mrz.lines().iter().map(|line| line.as_str().to_owned()).collect();
    let line = text.get_mut(place.line)?;
    line.replace_range(place.from..place.to, char::from(second).encode_utf8(&mut [0; 4]));
    Mrz::parse(&text.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
    use super::*;
    use crate::passport::find::TextLine;
    use crate::passport::strip::{Strip, Way};

    const FIRST: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    const SECOND: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

    /// The standard's specimen as read, with other likeliest characters at some
    /// places of its second line: place, what was read, its probability, what
    /// stands there in truth.
    fn read(doubts: &[(usize, u8, f32, u8)]) -> (Mrz, Vec<ReadLine>) {
        let line = TextLine { from: [0.0, 0.0], to: [440.0, 0.0], height: 10.0 };
        let strip = Strip::new(&line, 44, Way { backwards: false, mirrored: false });
        let cell = |byte| Cell { byte, probability: 1.0, second: (b'<', 0.0), changed: false };
        let line = |text: &str| ReadLine {
            strip: strip.clone(),
            cells: text.bytes().map(cell).collect(),
            beyond: [0.0; 2],
        };
        let mut lines: Vec<ReadLine> = [FIRST, SECOND].map(line).into();
        for (at, byte, probability, truth) in doubts {
            assert_eq!(SECOND.as_bytes()[*at], *truth);
            let (byte, probability) = (*byte, *probability);
            let second = (*truth, 1.0 - probability);
            lines[1].cells[*at] = Cell { byte, probability, second, changed: false };
        }
        let text: Vec<String> = lines.iter().map(ReadLine::text).collect();
        (Mrz::parse(&text.join("\n")).unwrap(), lines)
    }

    fn changed(lines: &[ReadLine]) -> usize {
        lines.iter().flat_map(|line| &line.cells).filter(|cell| cell.changed).count()
    }

    #[test]
    fn a_character_in_doubt_gives_way_to_its_digit() {
        let (mrz, mut lines) = read(&[(1, b'B', 0.6, b'8')]);
        let mended = repaired(mrz, &mut lines);
        assert_eq!(mended.lines()[1].as_str(), SECOND);
        assert_eq!(changed(&lines), 1);
    }

    #[test]
    fn what_is_clear_stays_as_printed() {
        let (mrz, mut lines) = read(&[(1, b'B', 0.995, b'8')]);
        let kept = repaired(mrz.clone(), &mut lines);
        assert!(kept == mrz && changed(&lines) == 0);
    }

    #[test]
    fn the_expiry_and_its_digit_are_never_altered() {
        for (at, wrong, truth) in [(21, b'7', b'1'), (26, b'6', b'5'), (27, b'4', b'9')] {
            let (mrz, mut lines) = read(&[(at, wrong, 0.51, truth)]);
            let kept = repaired(mrz, &mut lines);
            assert_eq!(kept.lines()[1].as_str().as_bytes()[at], wrong, "{at}");
        }
    }

    #[test]
    fn no_more_than_two_are_altered() {
        let doubts = [(1, b'B', 0.6, b'8'), (13, b'1', 0.6, b'7'), (28, b'2', 0.6, b'Z')];
        let (mrz, mut lines) = read(&doubts);
        repaired(mrz, &mut lines);
        assert!(changed(&lines) <= MOST);
    }
}
