//! Splits a name into tokens of capital letters that know their place.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::script::{Script, lookalike};

/// Most letters of a name that are compared: a zone has 39, and a longer text is no name.
pub(super) const LETTERS: usize = 128;
/// Most tokens of a name that are compared.
pub(super) const TOKENS: usize = 16;
/// Most bytes that are looked at.
const BYTES: usize = 1024;

/// One capital letter.
#[derive(Clone, Copy)]
pub(super) struct Letter {
    pub(super) c: char,
    /// Its place in the text, counted in characters.
    pub(super) at: usize,
}

/// A word of a name.
#[derive(Clone, Default)]
pub(super) struct Token {
    pub(super) letters: Vec<Letter>,
    /// Whether the source says that it is of the surname.
    pub(super) is_surname: bool,
    /// Whether the form says that it is a patronymic.
    pub(super) is_patronymic: bool,
    /// Places of the letters of another script that look like the script of the rest.
    pub(super) foreign: Vec<usize>,
}

impl Token {
    pub(super) fn script(&self) -> Script {
        let mut scripts = self.letters.iter().map(|l| Script::of(l.c));
        scripts.find(|script| *script != Script::None).unwrap_or(Script::None)
    }

    pub(super) fn text(&self) -> String {
        self.letters.iter().map(|letter| letter.c).collect()
    }

    /// Replaces look-alikes of the rarer script, where the letters have two scripts.
    fn unmix(&mut self) {
        let count = |script| self.letters.iter().filter(|l| Script::of(l.c) == script).count();
        let (latin, cyrillic) = (count(Script::Latin), count(Script::Cyrillic));
        let wanted = if latin > cyrillic { Script::Latin } else { Script::Cyrillic };
        if latin + cyrillic == 0 {
            return;
        }
        for letter in &mut self.letters {
            let alike = lookalike(letter.c, wanted);
            let is_foreign = match Script::of(letter.c) {
                Script::Latin | Script::Cyrillic => Script::of(letter.c) != wanted,
                _ => alike.is_some(),
            };
            if is_foreign {
                self.foreign.push(letter.at);
                letter.c = alike.unwrap_or(letter.c);
            }
        }
    }
}

/// Why a text is not a name that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoName {
    Empty,
    TooLong,
}

/// The tokens of a name.
pub(super) struct NameText {
    pub(super) tokens: Vec<Token>,
}

impl NameText {
    /// Reads a name; what is before character `surname` is of the surname, and what begins at
    /// character `patronymic` is one.
    pub(super) fn read(
        text: &str,
        surname: usize,
        patronymic: Option<usize>,
    ) -> Result<Self, NoName> {
        if text.len() > BYTES {
            return Err(NoName::TooLong);
        }
        let mut tokens = vec![Token::default()];
        let mut letters = 0;
        for (at, c) in text.nfc().enumerate() {
            if is_apostrophe(c) || is_combining_mark(c) {
                continue;
            }
            if c.is_alphanumeric() {
                if let Some(token) = tokens.last_mut() {
                    token.is_surname = at < surname;
                    token.is_patronymic = patronymic.is_some_and(|from| at >= from);
                    push_capital(&mut token.letters, c, at);
                }
                letters += 1;
            } else if tokens.last().is_some_and(|token| !token.letters.is_empty()) {
                tokens.push(Token::default());
            }
            if letters > LETTERS || tokens.len() > TOKENS + 1 {
                return Err(NoName::TooLong);
            }
        }
        tokens.retain(|token| !token.letters.is_empty());
        tokens.iter_mut().for_each(Token::unmix);
        match tokens.len() {
            0 => Err(NoName::Empty),
            n if n > TOKENS => Err(NoName::TooLong),
            _ => Ok(Self { tokens }),
        }
    }

    /// Places of letters that are of another script than the rest of their token.
    pub(super) fn foreign(&self) -> impl Iterator<Item = usize> {
        self.tokens.iter().flat_map(|token| token.foreign.iter().copied())
    }
}

/// Signs inside a word that are printed or not: apostrophes, and the turned comma
/// of Uzbek `o‘` and `g‘`, ayn and hamza; and the raised letters of abbreviations.
fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '’'
            | '‘'
            | '‛'
            | 'ʻ'
            | 'ʼ'
            | 'ʽ'
            | 'ʾ'
            | 'ʿ'
            | 'ʹ'
            | 'ʺ'
            | '`'
            | '´'
            | '′'
            | '＇'
            | 'ª'
            | 'º'
    )
}

fn push_capital(letters: &mut Vec<Letter>, c: char, at: usize) {
    match c {
        'ß' => letters.push(Letter { c: 'ẞ', at }),
        // the capitals of Georgian are for headlines, names have none
        '\u{10a0}'..='\u{10ff}' => letters.push(Letter { c, at }),
        '\u{1c90}'..='\u{1cbf}' => {
            letters.extend(c.to_lowercase().map(|c| Letter { c, at }));
        }
        c => letters.extend(c.to_uppercase().map(|c| Letter { c, at })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        NameText::read(text, 0, None).map_or_else(
            |fault| vec![format!("{fault:?}")],
            |name| name.tokens.iter().map(Token::text).collect(),
        )
    }

    #[test]
    fn a_name_is_words_of_capital_letters() {
        assert_eq!(words("O’Hara-Whitfield Siobhan"), ["OHARA", "WHITFIELD", "SIOBHAN"]);
        assert_eq!(words("Yo‘ldosheva"), ["YOLDOSHEVA"]);
        assert_eq!(words("Сафронов Т.О."), ["САФРОНОВ", "Т", "О"]);
        assert_eq!(words("ERIKSSON<<ANNA<<<"), ["ERIKSSON", "ANNA"]);
        assert_eq!(words("Weißmüller"), ["WEIẞMÜLLER"]);
        assert_eq!(words("u\u{308}ber"), ["ÜBER"]);
        assert_eq!(words("ნინო"), ["ნინო"]);
    }

    #[test]
    fn what_is_no_name_says_so() {
        assert_eq!(words(""), ["Empty"]);
        assert_eq!(words(" <<. "), ["Empty"]);
        assert_eq!(words(&"A".repeat(129)), ["TooLong"]);
        assert_eq!(words(&"A ".repeat(17)), ["TooLong"]);
        assert_eq!(words(&"\u{301}".repeat(100_000)), ["TooLong"]);
        assert_eq!(words(&"A ".repeat(16)).len(), 16);
    }

    #[test]
    fn letters_of_two_scripts_in_one_word_are_found() {
        let name = NameText::read("КИМ АНHА", 0, None).unwrap_or_else(|_| unreachable!());
        assert_eq!(name.foreign().collect::<Vec<_>>(), [6]);
        assert_eq!(name.tokens[1].text(), "АННА");
        let two_words = NameText::read("ИВАНОВ IVAN", 0, None).unwrap_or_else(|_| unreachable!());
        assert_eq!(two_words.foreign().count(), 0);
    }
}
