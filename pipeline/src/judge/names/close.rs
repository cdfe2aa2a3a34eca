//! Spellings that are close: what sounds alike, and initials.

use super::automaton::first_spelling;
use super::schemes::Scheme;
use super::text::Token;

/// Fewest consonants that say enough about a name.
const CONSONANTS: usize = 3;

/// Groups of letters that one sound is written with, longest first, and the sound.
const SOUNDS: &[(&str, char)] = &[
    ("SHCH", '4'),
    ("DZH", '3'),
    ("TCH", '2'),
    ("TSH", '2'),
    ("SCH", '4'),
    ("DJ", '3'),
    ("SH", '4'),
    ("CH", '2'),
    ("ZH", '3'),
    ("KH", 'H'),
    ("GH", 'G'),
    ("PH", 'F'),
    ("TH", 'T'),
    ("TS", '5'),
    ("TC", '5'),
    ("TZ", '5'),
    ("CK", 'K'),
    ("C", 'K'),
    ("Q", 'K'),
    ("W", 'V'),
    ("J", '3'),
];

/// Groups of letters that are written for one another, and one of them.
const SPELLINGS: &[(&str, &str)] = &[
    ("KH", "H"),
    ("GH", "G"),
    ("PH", "F"),
    ("TC", "TS"),
    ("TZ", "TS"),
    ("CK", "K"),
    ("X", "KS"),
    ("Q", "K"),
    ("W", "V"),
    ("J", "I"),
    ("Y", "I"),
];

/// What is compared of a token's sound.
pub(super) struct Sound {
    /// Consonants, double ones once.
    skeleton: String,
    ends_in_vowel: bool,
    /// Letters with spellings made alike, double ones once.
    folded: String,
}

impl Sound {
    pub(super) fn of(token: &Token, scheme: Option<&Scheme>) -> Self {
        let text: String = first_spelling(token, scheme).into_iter().map(|(c, _)| c).collect();
        Self {
            skeleton: skeleton(&text),
            ends_in_vowel: text.chars().last().is_some_and(is_vowel),
            folded: once(&replaced(&text)),
        }
    }

    /// Whether two tokens sound alike: the same letters but for habits of spelling, or
    /// the same consonants, if there are enough of them, and the same kind of ending.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let enough = self.skeleton.chars().count() >= CONSONANTS;
        let alike =
            enough && self.skeleton == other.skeleton && self.ends_in_vowel == other.ends_in_vowel;
        alike || (!self.folded.is_empty() && self.folded == other.folded)
    }
}

fn skeleton(text: &str) -> String {
    let mut sounds = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let group = SOUNDS.iter().find(|(letters, _)| rest.starts_with(letters));
        let (length, sound) = group.map_or((c.len_utf8(), c), |(letters, s)| (letters.len(), *s));
        rest = &rest[length..];
        if c == 'X' {
            sounds.push('K');
            sounds.push('S');
        } else if !is_vowel(sound) {
            sounds.push(sound);
        }
    }
    once(&sounds)
}

fn replaced(text: &str) -> String {
    SPELLINGS.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// Returns the text with double letters once.
fn once(text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    letters.dedup();
    letters.into_iter().collect()
}

fn is_vowel(c: char) -> bool {
    "AEIOUY".contains(c)
}

/// Returns whether the token is a single letter.
pub(super) fn is_initial(token: &Token) -> bool {
    token.letters.len() == 1
}
