//! Searches names and numbers in a recognised line.

use unicode_normalization::UnicodeNormalization;

use crate::engines::tesseract::Symbol;

/// Shorter numbers match by chance.
const SHORTEST_NUMBER: usize = 5;

/// Returns a capital without diacritics: `U` for `Û`.
pub(super) fn without_diacritics(letter: char) -> char {
    let base = letter.nfd().next().unwrap_or(letter);
    // Й and Ї are letters of their own
    let base = if ('\u{400}'..'\u{530}').contains(&letter) { letter } else { base };
    let mut upper = base.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(letter), None) => letter,
        _ => base,
    }
}

/// Searches a document number in a line and returns its confidence. Letters and
/// digits that resemble each other count as equal.
pub(super) fn find_number(symbols: &[Symbol], number: &str) -> Option<f32> {
    let wanted: Vec<char> = number.chars().filter(|c| *c != '<').map(canonical).collect();
    let line: Vec<(char, f32)> = symbols
        .iter()
        .map(|symbol| (canonical(without_diacritics(symbol.letter)), symbol.confidence))
        .filter(|(letter, _)| letter.is_ascii_alphanumeric())
        .collect();
    if wanted.len() < SHORTEST_NUMBER {
        return None;
    }
    line.windows(wanted.len())
        .find(|part| part.iter().zip(&wanted).all(|((letter, _), wanted)| letter == wanted))
        .map(least_confidence)
}

fn canonical(letter: char) -> char {
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

/// Searches a whole word of a name in a line and returns its confidence. `Ä`, `Ö`, `Ü`
/// and others may be written with two letters in the zone (part 3, 6).
pub(super) fn find_word(symbols: &[Symbol], word: &str) -> Option<f32> {
    let wanted: Vec<char> = word.chars().collect();
    if wanted.is_empty() {
        return None;
    }
    [false, true].into_iter().find_map(|long| {
        let line = spell(symbols, long);
        (0..line.len()).find_map(|from| {
            let part = line.get(from..from + wanted.len())?;
            let same = part.iter().zip(&wanted).all(|((letter, _), wanted)| letter == wanted);
            let edge = |at: Option<&(char, f32)>| at.is_none_or(|(letter, _)| *letter == ' ');
            let before = from.checked_sub(1).and_then(|at| line.get(at));
            let alone = edge(before) && edge(line.get(from + wanted.len()));
            (same && alone).then(|| least_confidence(part))
        })
    })
}

/// Returns the line in capitals, with spaces between words and without apostrophes;
/// with `long`, letters that have a form of two letters are in that form.
fn spell(symbols: &[Symbol], long: bool) -> Vec<(char, f32)> {
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
                let letter = without_diacritics(symbol.letter);
                line.push((if letter.is_alphanumeric() { letter } else { ' ' }, symbol.confidence));
                continue;
            }
        };
        line.extend(spelled.chars().map(|letter| (letter, symbol.confidence)));
    }
    line
}

fn least_confidence(part: &[(char, f32)]) -> f32 {
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
    fn names_are_found_without_their_diacritics() {
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
            assert!(find_word(&symbols(line), name).is_some(), "{line}");
        }
        for (line, name) in
            [("LIMA", "LI"), ("ERIKSON", "ERIKSSON"), ("IVANOVA", "IVANOV"), ("", "LI"), ("X", "")]
        {
            assert!(find_word(&symbols(line), name).is_none(), "{line}");
        }
    }

    #[test]
    fn a_number_is_found_with_letters_for_digits() {
        assert!(find_number(&symbols("No L8989O2C3"), "L898902C3").is_some());
        assert!(find_number(&symbols("L898 902 C3"), "L898902C3").is_some());
        assert!(find_number(&symbols("L898902C4"), "L898902C3").is_none());
        assert!(find_number(&symbols("1234"), "1234<<<<<").is_none());
    }
}
