//! Names and numbers in a line of print.

use unicode_normalization::UnicodeNormalization;

use crate::engines::tesseract::Symbol;

/// Numbers shorter than this stand anywhere by chance.
const SHORTEST_NUMBER: usize = 5;
/// Words shorter than this must stand alone.
const SHORTEST_WORD: usize = 3;

/// A capital without marks: `Û` as `U`.
pub(super) fn unmarked(letter: char) -> char {
    let base = letter.nfd().next().unwrap_or(letter);
    // Й and Ї are letters of their own
    let base = if ('\u{400}'..'\u{530}').contains(&letter) { letter } else { base };
    let mut upper = base.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(letter), None) => letter,
        _ => base,
    }
}

/// Whether a document number stands in a line, letters and digits that
/// resemble each other taken as one, and how surely.
pub(super) fn number(symbols: &[Symbol], number: &str) -> Option<f32> {
    let wanted: Vec<char> = number.chars().filter(|c| *c != '<').map(alike).collect();
    let line: Vec<(char, f32)> = symbols
        .iter()
        .map(|symbol| (alike(unmarked(symbol.letter)), symbol.confidence))
        .filter(|(letter, _)| letter.is_ascii_alphanumeric())
        .collect();
    if wanted.len() < SHORTEST_NUMBER {
        return None;
    }
    line.windows(wanted.len())
        .find(|part| part.iter().zip(&wanted).all(|((letter, _), wanted)| letter == wanted))
        .map(least)
}

fn alike(letter: char) -> char {
    match letter {
        'O' | 'Q' | 'D' => '0',
        'I' | 'L' => '1',
        'Z' => '2',
        'S' => '5',
        'G' => '6',
        'B' => '8',
        letter => letter,
    }
}

/// Whether a word of a name stands in a line, and how surely. `Ä`, `Ö`, `Ü`
/// and others may be written with two letters in the zone (part 3, 6).
pub(super) fn word(symbols: &[Symbol], word: &str) -> Option<f32> {
    let wanted: Vec<char> = word.chars().collect();
    if wanted.is_empty() {
        return None;
    }
    [false, true].into_iter().find_map(|long| {
        let line = spelled(symbols, long);
        (0..line.len()).find_map(|from| {
            let part = line.get(from..from + wanted.len())?;
            let same = part.iter().zip(&wanted).all(|((letter, _), wanted)| letter == wanted);
            let edge = |at: Option<&(char, f32)>| at.is_none_or(|(letter, _)| *letter == ' ');
            let before = from.checked_sub(1).and_then(|at| line.get(at));
            let alone = edge(before) && edge(line.get(from + wanted.len()));
            (same && (alone || wanted.len() > SHORTEST_WORD)).then(|| least(part))
        })
    })
}

/// Capitals, spaces between words and none for apostrophes; letters with a
/// second form in that form.
fn spelled(symbols: &[Symbol], long: bool) -> Vec<(char, f32)> {
    let mut line = Vec::new();
    for symbol in symbols {
        if symbol.starts_word {
            line.push((' ', 1.0));
        }
        let upper: String = symbol.letter.to_uppercase().collect();
        let spelled = match upper.as_str() {
            "SS" | "ẞ" => "SS",
            "Æ" => "AE",
            "Œ" => "OE",
            "Þ" => "TH",
            "Ä" if long => "AE",
            "Ö" | "Ø" if long => "OE",
            "Ü" if long => "UE",
            "Å" if long => "AA",
            "Ø" => "O",
            "Đ" | "Ð" => "D",
            "Ł" => "L",
            "Ə" => "A",
            "'" | "’" | "`" => "",
            _ => {
                let letter = unmarked(symbol.letter);
                line.push((if letter.is_alphanumeric() { letter } else { ' ' }, symbol.confidence));
                continue;
            }
        };
        line.extend(spelled.chars().map(|letter| (letter, symbol.confidence)));
    }
    line
}

fn least(part: &[(char, f32)]) -> f32 {
    part.iter().fold(1.0, |least, (_, confidence)| least.min(*confidence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(line: &str) -> Vec<Symbol> {
        let letters = line.chars();
        letters.map(|letter| Symbol { letter, confidence: 0.9, starts_word: false }).collect()
    }

    #[test]
    fn names_are_found_without_their_marks() {
        for (line, name) in [
            ("ERIKSSON", "ERIKSSON"),
            ("Müller", "MUELLER"),
            ("MÜLLER", "MULLER"),
            ("O'SULLIVAN", "OSULLIVAN"),
            ("ЕРИКСОН/ERIKSON", "ERIKSON"),
            ("ANNA MARIA", "MARIA"),
            ("LI WEI", "LI"),
            ("WEIß", "WEISS"),
        ] {
            assert!(word(&symbols(line), name).is_some(), "{line}");
        }
        for (line, name) in [("LIMA", "LI"), ("ERIKSON", "ERIKSSON"), ("", "LI"), ("X", "")] {
            assert!(word(&symbols(line), name).is_none(), "{line}");
        }
    }

    #[test]
    fn a_number_is_found_with_letters_for_digits() {
        assert!(number(&symbols("No L8989O2C3"), "L898902C3").is_some());
        assert!(number(&symbols("L898 902 C3"), "L898902C3").is_some());
        assert!(number(&symbols("L898902C4"), "L898902C3").is_none());
        assert!(number(&symbols("1234"), "1234<<<<<").is_none());
    }
}
