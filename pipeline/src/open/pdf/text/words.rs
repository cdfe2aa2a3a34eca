//! Characters on a page to words, by their places.
//!
//! The rules and their shares of the font's size are those of `pdftotext`, found in its
//! behaviour, so that words are the same.

use super::direction::is_right_to_left;
use super::meaning::is_space;

/// Gap that ends a word.
const WORD_GAP: f64 = 0.1;
/// Overlap that ends a word.
const OVERLAP: f64 = 0.1;
/// Steps along and across the line within which a character is the same one again: bold
/// print made by printing twice.
pub(super) const SAME_ALONG: f64 = 0.1;
pub(super) const SAME_ACROSS: f64 = 0.2;
/// Points across the line that end a word.
const STEP: f64 = 0.5;

/// A character on the page, in points of the upright page, y down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Where it starts and ends along the line.
    pub(super) start: f64,
    pub(super) end: f64,
    /// Where the line is, across it.
    pub(super) base: f64,
    /// Height of the font.
    pub(super) size: f64,
    /// The direction of the line.
    pub(super) turn: Turn,
    /// The number of the font.
    pub(super) font: usize,
}

/// The angle of a line, in tenths of a degree clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Turn(i16);

impl Turn {
    /// Returns the turn of a line along a vector.
    pub(super) fn of(x: f64, y: f64) -> Self {
        let tenths = (10.0 * y.atan2(x).to_degrees()).round() as i16;
        Self(if tenths == -1800 { 1800 } else { tenths })
    }

    /// Returns a point along the line and across it, downwards.
    pub(super) fn along(self, x: f64, y: f64) -> (f64, f64) {
        match self.0 {
            0 => (x, y),
            900 => (y, -x),
            1800 => (-x, -y),
            -900 => (-y, x),
            tenths => {
                let (sin, cos) = (f64::from(tenths) / 10.0).to_radians().sin_cos();
                (x * cos + y * sin, y * cos - x * sin)
            }
        }
    }
}

/// Characters without a gap.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// In the order of places along the line.
    pub(super) text: String,
    pub(super) place: Place,
    /// Number of characters.
    pub(super) length: usize,
    /// Where the last character starts.
    last: f64,
}

/// The words of a page, in drawing order.
#[derive(Default)]
pub(super) struct Words {
    finished: Vec<Word>,
    open: Option<Word>,
    overlapped: bool,
    /// Bytes of text.
    bytes: usize,
}

impl Words {
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn finish(mut self) -> Vec<Word> {
        self.end_word();
        self.finished
    }

    /// Adds the characters of one glyph.
    pub(super) fn add(&mut self, characters: &str, mut place: Place) {
        let mut letters = characters.chars();
        if let (Some(only), None) = (letters.next(), letters.next())
            && is_space(only)
        {
            self.end_word();
            return;
        }
        let is_backwards = place.end < place.start;
        if is_backwards {
            (place.start, place.end) = (place.end, place.start);
        }
        if self.parts(place) || is_backwards {
            self.end_word();
        }
        if characters.is_empty() {
            return;
        }
        self.bytes += characters.len();
        let word = self.open.get_or_insert_with(|| Word {
            text: String::new(),
            place,
            length: 0,
            last: place.start,
        });
        push_in_places(&mut word.text, characters);
        word.length += characters.chars().count();
        word.place.end = place.end;
        word.last = place.start;
    }

    /// Whether a character at `place` begins another word.
    fn parts(&mut self, place: Place) -> bool {
        let Some(Word { place: word, last, .. }) = &self.open else {
            self.overlapped = false;
            return false;
        };
        let across = (place.base - word.base).abs();
        let gap = place.start - word.end;
        let overlaps =
            (place.start - last).abs() < SAME_ALONG * word.size && across < SAME_ACROSS * word.size;
        let parts = overlaps
            || self.overlapped
            || gap < -OVERLAP * word.size
            || gap > WORD_GAP * word.size
            || across > STEP
            || (place.size - word.size).abs() > 1e-3 * word.size
            || place.turn != word.turn;
        self.overlapped = overlaps;
        parts
    }

    pub(super) fn end_word(&mut self) {
        self.finished.extend(self.open.take());
    }
}

/// Appends characters of one glyph in the order of places: a ligature of letters that run
/// from right to left has its first letter at the right.
fn push_in_places(text: &mut String, characters: &str) {
    if characters.chars().all(is_right_to_left) {
        text.extend(characters.chars().rev());
    } else {
        text.push_str(characters);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(letters: &[(&str, f64, f64)]) -> Vec<String> {
        let mut words = Words::default();
        for (characters, start, base) in letters {
            let end = start + 5.0;
            let place = Place {
                start: *start,
                end,
                base: *base,
                size: 10.0,
                turn: Turn::of(1.0, 0.0),
                font: 1,
            };
            words.add(characters, place);
        }
        words.finish().into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn words_end_at_gaps_spaces_and_steps() {
        assert_eq!(words(&[("a", 0.0, 0.0), ("b", 5.0, 0.0), ("c", 10.9, 0.4)]), ["abc"]);
        assert_eq!(words(&[("a", 0.0, 0.0), ("b", 6.1, 0.0)]), ["a", "b"]);
        assert_eq!(words(&[("a", 0.0, 0.0), (" ", 5.0, 0.0), ("b", 5.0, 0.0)]), ["a", "b"]);
        assert_eq!(words(&[("a", 0.0, 0.0), ("b", 5.0, 0.6)]), ["a", "b"]);
    }

    #[test]
    fn letters_printed_twice_stand_alone() {
        let twice = [("a", 0.0, 0.0), ("a", 0.3, 0.0), ("b", 5.0, 0.0), ("b", 5.3, 0.0)];
        assert_eq!(words(&twice), ["a", "a", "b", "b"]);
    }

    #[test]
    fn a_ligature_of_arabic_letters_is_in_the_order_of_places() {
        assert_eq!(words(&[("\u{644}\u{627}", 0.0, 0.0)]), ["\u{627}\u{644}"]);
    }

    #[test]
    fn turns_follow_the_line() {
        assert_eq!(Turn::of(-1.0, -0.0), Turn::of(-1.0, 0.0));
        assert_eq!(Turn::of(0.0, -1.0).along(3.0, 7.0), (-7.0, 3.0));
        let (along, across) = Turn::of(3.0, 3.0).along(2.0, 2.0);
        assert!((along - 8f64.sqrt()).abs() < 1e-9 && across.abs() < 1e-9);
    }
}
