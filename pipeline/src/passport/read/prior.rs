//! Prior probabilities of the characters of a zone.
//!
//! A clear character outweighs every prior; priors decide between two that look
//! alike. `0`, `O` and `U`, or `<`, `K` and `A`, have equal weight in check digits
//! too, which therefore cannot distinguish them.

use crate::examination::ZoneFormat;
use crate::passport::line::{ALPHABET, ClassProbabilities};
use crate::passport::mrz::format::{Layout, Place};
use crate::passport::mrz::states;

/// Codes that Doc 9303 lists are this many times as likely as others.
const LISTED: f32 = 20.0;
/// Letters of a document number beyond its first two characters to digits: one
/// in twenty of them on real pages, one in five or so where the network learned.
const LETTER_IN_NUMBER: f32 = 0.5;
/// Lines of 44 begin with `P` or `V` this many times as often as with another letter.
const PASSPORT_OR_VISA: f32 = 20.0;
/// Number of fillers after which a field has ended.
const RUN: usize = 3;
/// Relative probability of anything but a filler after them.
const AFTER_RUN: f32 = 0.02;

/// Multiplies the class probabilities of each line by their priors.
pub(super) fn apply_priors(format: ZoneFormat, lines: &mut [Vec<ClassProbabilities>]) {
    let layout = format.layout();
    if let Some(first) = lines.first_mut().and_then(|line| line.first_mut()) {
        favour_passports(layout, first);
    }
    for code in [layout.issuer, layout.nationality] {
        if let Some(cells) = cells(lines, code) {
            favour_listed_code(cells);
        }
    }
    if let Some(number) = cells(lines, layout.number.field) {
        number
            .iter_mut()
            .skip(2)
            .for_each(|probabilities| scale(probabilities, LETTER_IN_NUMBER, is_letter));
    }
    let ending = [Some(layout.names), layout.optional_digit.and(layout.optional.first()).copied()];
    for place in ending.into_iter().flatten() {
        if let Some(cells) = cells(lines, place) {
            favour_final_fillers(cells, |byte| {
                layout.alphabet(place.line, place.from).allows(byte)
            });
        }
    }
}

/// Favours the first letters that lines of this length usually have.
pub(super) fn favour_passports(layout: &Layout, first: &mut ClassProbabilities) {
    if layout.length == 44 {
        scale(first, 1.0 / PASSPORT_OR_VISA, |byte| !matches!(byte, b'P' | b'V'));
    }
}

fn cells(lines: &mut [Vec<ClassProbabilities>], place: Place) -> Option<&mut [ClassProbabilities]> {
    lines.get_mut(place.line)?.get_mut(place.from..place.to)
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_uppercase()
}

fn scale(probabilities: &mut ClassProbabilities, by: f32, which: impl Fn(u8) -> bool) {
    let scaled = probabilities.iter_mut().zip(ALPHABET).filter(|(_, byte)| which(**byte));
    scaled.for_each(|(share, _)| *share *= by);
}

/// Favours the likeliest code that Doc 9303 lists.
fn favour_listed_code(cells: &mut [ClassProbabilities]) {
    let share = |probabilities: &ClassProbabilities, byte: u8| {
        ALPHABET.iter().position(|known| *known == byte).map_or(0.0, |class| probabilities[class])
    };
    let likelihood = |code: &str| -> f32 {
        code.bytes()
            .zip(cells.iter())
            .map(|(byte, probabilities)| share(probabilities, byte))
            .product()
    };
    let listed = states::codes().map(|code| (code, likelihood(code)));
    let Some((code, _)) = listed.max_by(|a, b| a.1.total_cmp(&b.1)) else { return };
    for (byte, probabilities) in code.bytes().zip(cells) {
        scale(probabilities, 1.0 / LISTED, |other| other != byte);
    }
}

/// Favours fillers after a run of fillers: names and optional data end there.
fn favour_final_fillers(cells: &mut [ClassProbabilities], allows: impl Fn(u8) -> bool) {
    let mut run = 0;
    for probabilities in cells {
        if run >= RUN {
            scale(probabilities, AFTER_RUN, |byte| byte != b'<');
        }
        let allowed = ALPHABET.iter().zip(probabilities.iter()).filter(|(byte, _)| allows(**byte));
        let best = allowed.max_by(|a, b| a.1.total_cmp(b.1));
        run = if best.is_some_and(|(byte, _)| *byte == b'<') { run + 1 } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passport::line::CLASSES;

    const SECOND: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    const FIRST: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";

    /// Reads the standard's specimen, where `doubts` show another character
    /// than the true one, with this probability.
    #[track_caller]
    fn check(doubts: &[(usize, usize, u8, f32)], line: usize, expected: &str) {
        let class = |byte: u8| ALPHABET.iter().position(|known| *known == byte).unwrap();
        let mut lines: Vec<Vec<ClassProbabilities>> = [FIRST, SECOND]
            .map(|text| text.bytes().map(|byte| one(class(byte), 1.0)).collect())
            .into();
        for (line, at, byte, share) in doubts {
            let truth = lines[*line][*at].iter().position(|share| *share == 1.0).unwrap();
            lines[*line][*at] = one(truth, 1.0 - share);
            lines[*line][*at][class(*byte)] = *share;
        }
        apply_priors(ZoneFormat::Td3, &mut lines);
        let best = |probabilities: &ClassProbabilities| {
            (0..37).max_by(|a, b| probabilities[*a].total_cmp(&probabilities[*b]))
        };
        let read: String = lines[line]
            .iter()
            .map(|probabilities| char::from(ALPHABET[best(probabilities).unwrap()]))
            .collect();
        assert_eq!(read, expected);
    }

    fn one(class: usize, share: f32) -> ClassProbabilities {
        let mut probabilities = [0.0; CLASSES];
        probabilities[class] = share;
        probabilities
    }

    #[test]
    fn an_uncertain_code_becomes_a_listed_one_and_a_clear_one_stays() {
        check(&[(1, 10, b'J', 0.9)], 1, SECOND);
        check(&[(1, 10, b'J', 0.99)], 1, &SECOND.replacen("UTO", "JTO", 1));
    }

    #[test]
    fn an_uncertain_first_letter_becomes_a_passport_s_and_a_clear_one_stays() {
        check(&[(0, 0, b'D', 0.9)], 0, FIRST);
        check(&[(0, 0, b'I', 0.98)], 0, &FIRST.replacen('P', "I", 1));
    }

    #[test]
    fn an_uncertain_letter_of_a_number_becomes_a_digit_and_a_clear_one_stays() {
        check(&[(1, 5, b'O', 0.65)], 1, SECOND);
        check(&[(1, 5, b'O', 0.9)], 1, &SECOND.replacen("902", "9O2", 1));
        check(&[(1, 0, b'1', 0.4)], 1, SECOND);
    }

    #[test]
    fn only_a_clear_character_follows_three_fillers() {
        check(&[(0, 34, b'K', 0.9)], 0, FIRST);
        check(&[(0, 13, b'K', 0.9)], 0, &FIRST.replacen("<<ANNA", "K<ANNA", 1));
        let clear = format!("{}K{}", &FIRST[..34], &FIRST[35..]);
        check(&[(0, 34, b'K', 0.995)], 0, &clear);
    }
}
