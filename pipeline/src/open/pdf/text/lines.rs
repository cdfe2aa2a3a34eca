//! Words of a page to lines of text.

use std::collections::HashMap;

use super::direction::{in_reading_order, runs_right_to_left};
use super::words::{SAME_ACROSS, SAME_ALONG, Turn, Word};

/// Step across the line that begins another one, as a share of the font's size.
const NEW_LINE: f64 = 0.5;
/// Gap up to which a word is a part of a line that was drawn earlier: columns are further
/// apart.
const BESIDE: f64 = 0.5;
/// The same for a word before the line drawn last.
const BEFORE: f64 = 1.0;
/// Lines that a word is compared with, from the last one.
const NEAR: usize = 64;
/// Words of a line between which another word is searched a place.
const SEARCHED: usize = 256;
/// Earlier words with the same letters that a word is compared with.
const SAME: usize = 64;

/// Gap that parts words of more than one letter.
const WORD_GAP: f64 = 0.03;
/// In a line of single letters: gap as a multiple of the least one, and at most this
/// share of the font's size.
const SPACED_GAP: f64 = 1.3;
const MAX_SPACED_GAP: f64 = 0.4;

/// Words side by side.
struct Line {
    words: Vec<Word>,
    start: f64,
    end: f64,
}

/// Returns the text of a page: a line for each line, in drawing order, and words that
/// were drawn twice once.
pub(super) fn text(words: Vec<Word>) -> String {
    let is_right_to_left = runs_right_to_left(words.iter().map(|word| word.text.as_str()));
    let mut lines: Vec<Line> = Vec::new();
    for word in without_copies(words) {
        let near = lines.len().saturating_sub(NEAR);
        let last = lines.len().saturating_sub(1);
        let found = (near..lines.len()).rev().find(|at| lines[*at].takes(&word, *at == last));
        match found {
            Some(at) => lines[at].add(word),
            None => {
                lines.push(Line { start: word.place.start, end: word.place.end, words: vec![word] })
            }
        }
    }
    let lines: Vec<String> =
        lines.into_iter().map(|line| in_reading_order(&line.visual(), is_right_to_left)).collect();
    lines.join("\n")
}

/// Leaves out a word at the place of an equal one.
fn without_copies(words: Vec<Word>) -> Vec<Word> {
    /// Start, end and base.
    type Met = Vec<(f64, f64, f64)>;
    let mut places: HashMap<(String, Turn), Met> = HashMap::new();
    let is_first = |word: &Word| {
        let place = word.place;
        let met = places.entry((word.text.clone(), place.turn)).or_default();
        let is_copy = |(start, end, base): &(f64, f64, f64)| {
            let along = SAME_ALONG * place.size;
            (start - place.start).abs() < along
                && (end - place.end).abs() < along
                && (base - place.base).abs() < SAME_ACROSS * place.size
        };
        let is_first = !met.iter().rev().take(SAME).any(is_copy);
        met.push((place.start, place.end, place.base));
        is_first
    };
    words.into_iter().filter(is_first).collect()
}

impl Line {
    /// Whether a word stands in this line: after the last word drawn, or close to a word
    /// and over none.
    fn takes(&self, word: &Word, is_last: bool) -> bool {
        let Some(Word { place: first, .. }) = self.words.first() else { return false };
        let place = word.place;
        let size = first.size.max(place.size);
        if first.turn != place.turn || (first.base - place.base).abs() > NEW_LINE * size {
            return false;
        }
        let overlap = SAME_ALONG * size;
        if place.start >= self.end - overlap {
            return is_last || place.start - self.end < BESIDE * size;
        }
        if place.end <= self.start + overlap {
            let beside = if is_last { BEFORE } else { BESIDE };
            return self.start - place.end < beside * size;
        }
        self.words.len() <= SEARCHED
            && self.words.iter().all(|other| {
                place.start >= other.place.end - overlap || place.end <= other.place.start + overlap
            })
    }

    fn add(&mut self, word: Word) {
        self.start = self.start.min(word.place.start);
        self.end = self.end.max(word.place.end);
        self.words.push(word);
    }

    fn visual(mut self) -> String {
        self.words.sort_by(|one, other| one.place.start.total_cmp(&other.place.start));
        let least = self.least_gap();
        let mut visual = String::new();
        let mut before: Option<&Word> = None;
        for word in &self.words {
            if before.is_some_and(|before| word.place.start - before.place.end >= least) {
                visual.push(' ');
            }
            visual.push_str(&word.text);
            before = Some(word);
        }
        visual
    }

    /// Returns the gap from which on words are parted: letters may be spaced.
    fn least_gap(&self) -> f64 {
        let [first, second, ..] = self.words.as_slice() else { return 0.0 };
        let size = first.place.size;
        let gaps = self.words.windows(2).map(|pair| pair[1].place.start - pair[0].place.end);
        let is_spaced = first.length == 1
            && second.length == 1
            && self.words.iter().skip(2).all(|word| word.length == 1);
        let least = if is_spaced { gaps.fold(f64::INFINITY, f64::min) } else { 0.0 };
        if least <= 0.0 { WORD_GAP * size } else { (SPACED_GAP * least).min(MAX_SPACED_GAP * size) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::{Place, Words};
    use super::*;

    fn text_of(letters: &[(&str, f64, f64)]) -> String {
        let mut words = Words::default();
        for (characters, start, base) in letters {
            let end = start + 5.0 * characters.chars().count() as f64;
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
        text(words.finish())
    }

    #[test]
    fn gaps_become_spaces_and_steps_become_lines() {
        assert_eq!(text_of(&[("ab", 0.0, 0.0), ("cd", 10.3, 0.0)]), "abcd");
        assert_eq!(text_of(&[("ab", 0.0, 0.0), ("cd", 12.0, 0.0)]), "ab cd");
        assert_eq!(text_of(&[("ab", 0.0, 0.0), ("cd", 0.0, 12.0)]), "ab\ncd");
    }

    #[test]
    fn spaced_letters_are_one_word() {
        let spaced = [("c", 0.0, 0.0), ("a", 8.0, 0.0), ("t", 16.0, 0.0)];
        assert_eq!(text_of(&spaced), "cat");
    }

    #[test]
    fn words_printed_twice_are_there_once() {
        assert_eq!(text_of(&[("bold", 0.0, 0.0), ("bold", 0.4, 0.0)]), "bold");
        let letters = [("a", 0.0, 0.0), ("a", 0.4, 0.0), ("b", 5.0, 0.0), ("b", 5.4, 0.0)];
        assert_eq!(text_of(&letters), "ab");
    }

    #[test]
    fn a_word_between_others_is_in_their_line() {
        let drawn = [("ab", 0.0, 0.0), ("ef", 30.0, 0.0), ("gh", 0.0, 12.0), ("cd", 15.0, 0.0)];
        assert_eq!(text_of(&drawn), "ab cd ef\ngh");
    }
}
