//! A bounded search for alternative characters that satisfy the check digits.
//!
//! Where a check digit is wrong and a character is uncertain, its alternative is
//! taken if the digit is then valid. At most two characters of a zone are
//! changed, never a clear one, and never one of the date of expiry or its check
//! digit: a digit that is valid because of a repair proves nothing about the date.

use super::zone::ReadLine;
use crate::examination::CheckDigit::{self, Valid, Wrong};
use crate::passport::mrz::Mrz;
use crate::passport::mrz::format::Place;

/// Number of characters of a zone that may be changed.
const MAX_CHANGES: usize = 2;
/// A character is uncertain if the next likeliest is at least so probable.
const UNCERTAIN: f32 = 0.02;

/// Changes at most [`MAX_CHANGES`] uncertain characters and returns the repaired zone.
pub(super) fn repair(mrz: Mrz, lines: &mut [ReadLine]) -> Mrz {
    let mut mrz = mrz;
    for _ in 0..MAX_CHANGES {
        let Some((place, better)) = likeliest_change(&mrz, lines) else { break };
        let cell = &mut lines[place.line].cells[place.from];
        let first = (cell.byte, cell.probability);
        (cell.byte, cell.probability) = cell.second;
        (cell.second, cell.changed) = (first, true);
        mrz = better;
    }
    mrz
}

/// Returns the likeliest single change that makes a wrong digit valid and no other one wrong.
fn likeliest_change(mrz: &Mrz, lines: &[ReadLine]) -> Option<(Place, Mrz)> {
    let before = digits(mrz);
    if before.iter().all(|digit| *digit != Wrong) {
        return None;
    }
    let mut best: Option<(f32, Place, Mrz)> = None;
    for place in uncertain_places(mrz, lines) {
        let Some(changed) = with_alternative(mrz, place, lines) else { continue };
        let after = digits(&changed);
        let fixes = before.iter().zip(after).any(|(b, a)| *b == Wrong && a == Valid);
        let breaks = before.iter().zip(after).any(|(b, a)| *b != Wrong && a == Wrong);
        let cell = &lines[place.line].cells[place.from];
        let odds = cell.second.1 / cell.probability.max(1e-6);
        if fixes && !breaks && best.as_ref().is_none_or(|(most, _, _)| odds > *most) {
            best = Some((odds, place, changed));
        }
    }
    best.map(|(_, place, changed)| (place, changed))
}

fn digits(mrz: &Mrz) -> [CheckDigit; 5] {
    mrz.check_digits().all()
}

/// Returns the uncertain, unchanged characters that check digits cover, except
/// those of the expiry.
fn uncertain_places(mrz: &Mrz, lines: &[ReadLine]) -> Vec<Place> {
    let layout = mrz.layout();
    let mut places = vec![layout.number.field, layout.number.digit];
    places.extend([layout.birth.field, layout.birth.digit]);
    places.extend(layout.optional);
    places.extend(layout.optional_digit);
    places.extend(layout.composite_digit);
    let single = |place: Place| {
        (place.from..place.to).map(move |from| Place { from, to: from + 1, ..place })
    };
    let uncertain = |place: &Place| {
        let cell = lines.get(place.line).and_then(|line| line.cells.get(place.from));
        cell.is_some_and(|cell| !cell.changed && cell.second.1 >= UNCERTAIN)
    };
    places.into_iter().flat_map(single).filter(uncertain).collect()
}

fn with_alternative(mrz: &Mrz, place: Place, lines: &[ReadLine]) -> Option<Mrz> {
    let second = lines[place.line].cells[place.from].second.0;
    let mut text: Vec<String> = mrz.lines().iter().map(|line| line.as_str().to_owned()).collect();
    let line = text.get_mut(place.line)?;
    line.replace_range(place.from..place.to, char::from(second).encode_utf8(&mut [0; 4]));
    Mrz::parse(&text.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::super::zone::Cell;
    use super::*;
    use crate::passport::find::TextLine;
    use crate::passport::line::{Orientation, Strip};

    const FIRST: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    const SECOND: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

    /// The standard's specimen as read, with wrong likeliest characters at some places
    /// of its second line: place, character read, its probability, true character.
    fn read(doubts: &[(usize, u8, f32, u8)]) -> (Mrz, Vec<ReadLine>) {
        let line = TextLine { from: [0.0, 0.0], to: [440.0, 0.0], height: 10.0 };
        let strip = Strip::new(&line, 44, Orientation { reversed: false, mirrored: false });
        let cell = |byte| Cell {
            byte,
            probability: 1.0,
            second: (b'<', 0.0),
            changed: false,
            hidden: false,
        };
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
            lines[1].cells[*at] = Cell { byte, probability, second, changed: false, hidden: false };
        }
        let text: Vec<String> = lines.iter().map(ReadLine::text).collect();
        (Mrz::parse(&text.join("\n")).unwrap(), lines)
    }

    fn changed(lines: &[ReadLine]) -> usize {
        lines.iter().flat_map(|line| &line.cells).filter(|cell| cell.changed).count()
    }

    #[test]
    fn an_uncertain_character_is_changed_to_satisfy_its_digit() {
        let (mrz, mut lines) = read(&[(1, b'B', 0.6, b'8')]);
        let fixed = repair(mrz, &mut lines);
        assert_eq!(fixed.lines()[1].as_str(), SECOND);
        assert_eq!(changed(&lines), 1);
    }

    #[test]
    fn a_clear_character_stays_as_printed() {
        let (mrz, mut lines) = read(&[(1, b'B', 0.995, b'8')]);
        let unchanged = repair(mrz.clone(), &mut lines);
        assert!(unchanged == mrz && changed(&lines) == 0);
    }

    #[test]
    fn the_expiry_and_its_digit_are_never_changed() {
        for (at, wrong, truth) in [(21, b'7', b'1'), (26, b'6', b'5'), (27, b'4', b'9')] {
            let (mrz, mut lines) = read(&[(at, wrong, 0.51, truth)]);
            let unchanged = repair(mrz, &mut lines);
            assert_eq!(unchanged.lines()[1].as_str().as_bytes()[at], wrong, "{at}");
        }
    }

    #[test]
    fn at_most_two_characters_are_changed() {
        let doubts = [(1, b'B', 0.6, b'8'), (13, b'1', 0.6, b'7'), (28, b'2', 0.6, b'Z')];
        let (mrz, mut lines) = read(&doubts);
        repair(mrz, &mut lines);
        assert!(changed(&lines) <= MAX_CHANGES);
    }
}
