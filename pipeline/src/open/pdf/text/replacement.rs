//! `ActualText`: the text that a part of the content stands for (ISO 32000-1 14.9.4).

use super::meaning::Meaning;
use super::words::{Place, Words};

/// Content that is being read, and what it stands for.
pub(super) struct Replacement {
    text: String,
    place: Option<Place>,
}

impl Replacement {
    pub(super) fn new(untrusted: &[u8]) -> Self {
        let text = text_string(untrusted);
        let text = Meaning::stated(&text).map_or_else(String::new, |m| m.characters().to_owned());
        Self { text, place: None }
    }

    /// Extends the place by that of a glyph inside.
    pub(super) fn cover(&mut self, place: Place) {
        match &mut self.place {
            None => self.place = Some(place),
            Some(covered) if covered.turn == place.turn => {
                covered.start = covered.start.min(place.start);
                covered.end = covered.end.max(place.end);
            }
            Some(_) => {}
        }
    }

    /// Adds the text at the place of what it stands for, if that is anywhere.
    pub(super) fn finish(self, words: &mut Words) {
        let Some(mut place) = self.place else { return };
        let letters = self.text.chars().count();
        let step = (place.end - place.start) / letters.max(1) as f64;
        for (index, part) in self.text.split_whitespace().enumerate() {
            if index > 0 || self.text.starts_with(char::is_whitespace) {
                words.end_word();
                place.start += step;
            }
            place.end = place.start + step * part.chars().count() as f64;
            words.add(part, place);
            place.start = place.end;
        }
        if self.text.ends_with(char::is_whitespace) {
            words.end_word();
        }
    }
}

/// Returns a text string: UTF-16 or UTF-8 with a mark, else `PDFDocEncoding`, of which the
/// part that is Latin-1 is read (ISO 32000-1 7.9.2.2).
fn text_string(untrusted: &[u8]) -> String {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.as_chunks().0.iter().map(|bytes| unit(*bytes));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match untrusted {
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => untrusted.iter().map(|byte| char::from(*byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_are_decoded() {
        assert_eq!(text_string(b"\xfe\xff\x04\x16\xd8\x3d\xde\x00"), "Ж\u{1f600}");
        assert_eq!(text_string(b"\xef\xbb\xbf\xd0\x96"), "Ж");
        assert_eq!(text_string(b"caf\xe9"), "café");
    }
}
