//! Scripts of letters, and letters of two scripts that look the same.

/// The script of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Cyrillic,
    Georgian,
    Armenian,
    /// A script without a table here.
    Other,
    /// Digits: no script of their own.
    None,
}

impl Script {
    /// Returns the script of a letter.
    pub(super) fn of(c: char) -> Self {
        match c {
            '0'..='9' => Self::None,
            'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{259}' | '\u{1e00}'..='\u{1eff}' => {
                Self::Latin
            }
            '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' => Self::Cyrillic,
            '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' => Self::Georgian,
            '\u{530}'..='\u{58f}' => Self::Armenian,
            _ => Self::Other,
        }
    }
}

/// Capital letters that look the same, Latin and Cyrillic.
const ALIKE: [(char, char); 16] = [
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('J', 'Ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Y', 'У'),
    ('Ə', 'Ә'),
];

/// Capital letters that look the same, Latin and Greek.
const GREEK: [(char, char); 14] = [
    ('A', 'Α'),
    ('B', 'Β'),
    ('E', 'Ε'),
    ('Z', 'Ζ'),
    ('H', 'Η'),
    ('I', 'Ι'),
    ('K', 'Κ'),
    ('M', 'Μ'),
    ('N', 'Ν'),
    ('O', 'Ο'),
    ('P', 'Ρ'),
    ('T', 'Τ'),
    ('Y', 'Υ'),
    ('X', 'Χ'),
];

/// Returns the letter of the wanted script that looks like this capital letter of another.
pub(super) fn lookalike(c: char, wanted: Script) -> Option<char> {
    let latin = |pairs: &[(char, char)]| pairs.iter().find(|(_, o)| *o == c).map(|(l, _)| *l);
    let greek = || latin(&GREEK).or_else(|| full_width(c));
    match wanted {
        Script::Latin => latin(&ALIKE).or_else(greek),
        Script::Cyrillic => {
            let c = greek().unwrap_or(c);
            ALIKE.iter().find(|(latin, _)| *latin == c).map(|(_, other)| *other)
        }
        _ => None,
    }
}

/// Returns the Latin capital of a letter as wide as a Chinese character.
fn full_width(c: char) -> Option<char> {
    let offset = u32::from(c).checked_sub(u32::from('Ａ'))?;
    (offset < 26).then(|| char::from_u32(u32::from('A') + offset)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pairs_are_of_two_scripts() {
        for (latin, cyrillic) in ALIKE {
            assert_eq!(Script::of(latin), Script::Latin, "{latin}");
            assert_eq!(Script::of(cyrillic), Script::Cyrillic, "{cyrillic}");
        }
    }

    #[test]
    fn greek_and_wide_letters_look_like_others() {
        for (letter, latin, cyrillic) in
            [('Ο', Some('O'), Some('О')), ('Ｖ', Some('V'), None), ('Ω', None, None)]
        {
            assert_eq!(lookalike(letter, Script::Latin), latin, "{letter}");
            assert_eq!(lookalike(letter, Script::Cyrillic), cyrillic, "{letter}");
        }
        assert!(GREEK.iter().all(|(_, greek)| Script::of(*greek) == Script::Other));
    }

    #[test]
    fn each_letter_has_its_script() {
        for (letters, script) in [
            ("AzÜßəƏİıŁẞ", Script::Latin),
            ("АяЁўҚқӘһ", Script::Cyrillic),
            ("აჰ", Script::Georgian),
            ("Աև", Script::Armenian),
            ("محمد李ΑΩ", Script::Other),
        ] {
            for c in letters.chars() {
                assert_eq!(Script::of(c), script, "{c}");
            }
        }
    }
}
