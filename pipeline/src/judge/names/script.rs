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

/// Returns the letter of the wanted script that looks like this capital letter.
pub(super) fn lookalike(c: char, wanted: Script) -> Option<char> {
    match wanted {
        Script::Cyrillic => ALIKE.iter().find(|(latin, _)| *latin == c).map(|(_, other)| *other),
        Script::Latin => ALIKE.iter().find(|(_, other)| *other == c).map(|(latin, _)| *latin),
        _ => None,
    }
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
