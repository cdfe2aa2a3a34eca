//! Names of glyphs to characters: those of the Adobe Glyph List, `uni0041`, `u1F600`, and
//! numbers as in `a80` or `G4A`.

use std::collections::BTreeMap;
use std::sync::Arc;

use hayro::hayro_syntax::object::{Array, Dict, FromBytes, Object};
use hayro_font::{CMapResolverFn, FontCache, FontGlyph, FontResolverFn};

use super::cmap::bf_characters;
use super::meaning::Meaning;

/// A range of codes that begins at most here names its glyphs by number only: such fonts
/// have glyphs in the order of first use, or of the characters.
const FIRST_NUMBERED: i64 = 5;

/// The names that a font gives to its codes: `Differences` of its encoding.
#[derive(Default)]
pub(super) struct GlyphNames {
    names: BTreeMap<u8, String>,
    /// Where each range begins.
    starts: Vec<i64>,
}

impl GlyphNames {
    pub(super) fn read(font: &Dict<'_>) -> Self {
        let mut read = Self::default();
        let differences = font
            .get::<Dict<'_>>("Encoding")
            .and_then(|encoding| encoding.get::<Array<'_>>("Differences"));
        let mut code = 0;
        for item in differences.iter().flat_map(Array::iter::<Object<'_>>) {
            match item {
                Object::Number(start) => {
                    code = start.as_i64();
                    read.starts.push(code);
                }
                Object::Name(name) => {
                    if let Ok(code) = u8::try_from(code) {
                        read.names.insert(code, String::from_utf8_lossy(&name).into_owned());
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
        read
    }

    /// Returns the meanings of the named codes.
    ///
    /// What `pdftotext` does, found by trying: a name of the list means its character.
    /// If all names are a letter or two and a number, and their ranges begin at the lowest
    /// codes, the number is the character; else a code is its own character. Only where
    /// name and code agree, the character counts as stated.
    pub(super) fn meanings(&self) -> BTreeMap<u8, Meaning> {
        let listed = self.listed();
        let numbers = self.numbers();
        let is_numbered = self.starts.iter().all(|start| *start <= FIRST_NUMBERED)
            && !self.starts.is_empty()
            && self.names.keys().all(|code| numbers.contains_key(code));
        self.names
            .iter()
            .filter(|(_, name)| *name != ".notdef")
            .map(|(code, name)| {
                let listed = listed.get(code).cloned().or_else(|| unicode_name(name));
                let meaning = listed.as_deref().and_then(Meaning::stated);
                let number = numbers.get(code).copied();
                (*code, meaning.unwrap_or_else(|| numbered(*code, number, is_numbered)))
            })
            .collect()
    }

    /// Returns the characters of the names in the Adobe Glyph List. `hayro-font` has it,
    /// and looks names up for fonts alone: this asks for a font with these names.
    fn listed(&self) -> BTreeMap<u8, String> {
        let mut font = b"<</Subtype/Type3/Encoding<</Differences[".to_vec();
        for (code, name) in &self.names {
            font.extend(format!("{code}/").bytes());
            for byte in name.bytes() {
                font.extend(format!("#{byte:02x}").bytes());
            }
            font.push(b' ');
        }
        font.extend(b"]>>>>");
        let font = Dict::from_bytes(&font);
        let cache = FontCache::new();
        let (fonts, cmaps): (FontResolverFn, CMapResolverFn) =
            (Arc::new(|_| None), Arc::new(|_| None));
        let font = font.and_then(|font| cache.font(&font, &fonts, &cmaps));
        let character = |code: u8| {
            let font = font.as_ref()?;
            match font.glyph(font.map_code(code.into()), code.into()) {
                FontGlyph::Outline(glyph) => glyph.as_unicode(),
                FontGlyph::Type3(glyph) => glyph.as_unicode(),
            }
        };
        let characters = |code: &u8| Some((*code, bf_characters(character(*code)?)));
        self.names.keys().filter_map(characters).collect()
    }

    /// Returns the numbers in the names, hexadecimal if one of them has such a digit.
    fn numbers(&self) -> BTreeMap<u8, u32> {
        let is_hex = self.names.values().any(|name| is_hexadecimal(name.as_bytes()));
        let number = |(code, name): (&u8, &String)| Some((*code, number(name, is_hex)?));
        self.names.iter().filter_map(number).collect()
    }
}

/// Whether a name has a hexadecimal number for sure: two digits after at most one letter,
/// and not one that may be a letter and a decimal number.
fn is_hexadecimal(name: &[u8]) -> bool {
    let is_letter = |digit: &u8| digit.is_ascii_hexdigit() && digit.is_ascii_alphabetic();
    match name {
        [first, second] => first.is_ascii_hexdigit() && is_letter(second),
        [letter, digits @ ..] => {
            letter.is_ascii_alphabetic()
                && digits.len() == 2
                && digits.iter().all(u8::is_ascii_hexdigit)
                && digits.iter().any(is_letter)
        }
        [] => false,
    }
}

/// Returns the number of a name: up to two letters, digits, and marks after them.
fn number(name: &str, is_hex: bool) -> Option<u32> {
    let name = name.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let digits = if is_hex {
        // two digits, so that a letter before them is none
        let digits = name.get(name.len().checked_sub(2)?..)?;
        let before = name.strip_suffix(digits)?;
        (before.len() < 2 && before.bytes().all(|b| b.is_ascii_alphabetic())).then_some(digits)?
    } else {
        let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count().min(2);
        name.get(letters..)?
    };
    u32::from_str_radix(digits, if is_hex { 16 } else { 10 }).ok()
}

/// Returns the meaning of a name that is in no list.
fn numbered(code: u8, number: Option<u32>, is_numbered: bool) -> Meaning {
    let agrees = number == Some(code.into());
    let character = if is_numbered { number } else { Some(code.into()) };
    let character = character.and_then(char::from_u32).map(String::from);
    match character.as_deref().and_then(Meaning::stated) {
        Some(Meaning::Stated(characters)) if !agrees => Meaning::Guessed(characters),
        meaning => meaning.unwrap_or(Meaning::Unknown),
    }
}

/// Returns the characters of `uni0041`, `u1F600` and the like with small digits, which
/// the list's convention does not have.
fn unicode_name(name: &str) -> Option<String> {
    let name = name.split('.').next()?;
    let scalar = |digits: &str| char::from_u32(u32::from_str_radix(digits, 16).ok()?);
    match name.strip_prefix("uni") {
        Some(digits) if !digits.is_empty() && digits.len() % 4 == 0 && digits.is_ascii() => {
            (0..digits.len()).step_by(4).map(|at| scalar(&digits[at..at + 4])).collect()
        }
        _ => {
            let digits = name.strip_prefix('u')?;
            (4..=6).contains(&digits.len()).then(|| scalar(digits)).flatten().map(String::from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(starts: &[i64], names: &[(u8, &str)]) -> Vec<Meaning> {
        let names = names.iter().map(|(code, name)| (*code, (*name).to_owned())).collect();
        GlyphNames { names, starts: starts.to_vec() }.meanings().into_values().collect()
    }

    fn stated(characters: &[&str]) -> Vec<Meaning> {
        characters.iter().map(|c| Meaning::Stated((*c).to_owned())).collect()
    }

    #[test]
    fn names_of_the_list_and_of_unicode_mean_their_characters() {
        let names = ["A", "afii10017", "uni0416.alt", "u1F600", "f_i", "T_h", "uniabcd"];
        let names: Vec<(u8, &str)> = (65..).zip(names).collect();
        let characters = ["A", "А", "Ж", "\u{1f600}", "fi", "Th", "\u{abcd}"];
        assert_eq!(meanings(&[65], &names), stated(&characters));
    }

    #[test]
    fn numbers_that_agree_with_codes_are_stated() {
        assert_eq!(meanings(&[80], &[(80, "a80"), (111, "a111")]), stated(&["P", "o"]));
        assert_eq!(meanings(&[65], &[(65, "G41"), (74, "G4A")]), stated(&["A", "J"]));
    }

    #[test]
    fn other_numbers_are_guesses() {
        let guessed = |c: &str| Meaning::Guessed(c.to_owned());
        assert_eq!(meanings(&[0], &[(0, "a80"), (1, "a81")]), [guessed("P"), guessed("Q")]);
        assert_eq!(meanings(&[33], &[(33, "g1"), (34, "g2")]), [guessed("!"), guessed("\"")]);
        assert_eq!(meanings(&[1], &[(1, "x"), (2, "foo")])[1], Meaning::Unknown);
    }
}
