//! The text of a recognised line, and the dates in it.
//!
//! Known and unknown dates are searched differently. For a known date a letter
//! counts as the digit that it resembles, because `O7 JUN 2O14` is never printed;
//! a digit never counts as another digit. An unknown date counts only exactly as
//! recognised.

use super::months;
use super::printed_date::PrintedDate;
use crate::engines::tesseract::Symbol;
use crate::passport::mrz::dates::ShortDate;

/// Number of letters between day and year that need not belong to a known word.
const MOST_FILLER: usize = 14;

/// Upper-case characters with their confidence; a space replaces everything that is
/// neither a letter nor a digit.
pub(super) struct LineText(Vec<(char, f32)>);

impl LineText {
    pub(super) fn new(symbols: &[Symbol]) -> Self {
        let mut text = Vec::new();
        for symbol in symbols {
            if symbol.starts_word {
                text.push((' ', 1.0));
            }
            let letter = super::words::without_diacritics(symbol.letter);
            let letter = if letter.is_alphanumeric() { letter } else { ' ' };
            text.push((letter, symbol.confidence));
        }
        Self(text)
    }

    fn character(&self, at: usize) -> char {
        self.0.get(at).map_or(' ', |(letter, _)| *letter)
    }

    /// Returns the least confidence of a part.
    fn least_confidence(&self, from: usize, to: usize) -> f32 {
        self.0[from..to].iter().fold(1.0, |least, (_, confidence)| least.min(*confidence))
    }

    /// Returns the number of digits, as recognised.
    pub(super) fn digits(&self) -> usize {
        self.0.iter().filter(|(letter, _)| letter.is_ascii_digit()).count()
    }

    /// Returns the confidence of a known date; `None` if the line does not show it.
    pub(super) fn find_date(&self, date: ShortDate) -> Option<f32> {
        (0..self.0.len()).find_map(|from| {
            let to = self.day_first(from, date).or_else(|| self.year_first(from, date))?;
            Some(self.least_confidence(from, to))
        })
    }

    fn day_first(&self, from: usize, date: ShortDate) -> Option<usize> {
        if from > 0 && self.character(from - 1).is_ascii_digit() {
            return None;
        }
        let day = self.number(from, date.day.into(), 2).or_else(|| {
            let short = date.day < 10 && as_digit(self.character(from)) == Some(date.day);
            short.then_some(from + 1)
        })?;
        let month = self.numeric_month(day, date.month);
        let year = month.and_then(|after| self.year(self.spaces(after)?, date.year));
        year.or_else(|| self.word_month(day, date))
    }

    fn year_first(&self, from: usize, date: ShortDate) -> Option<usize> {
        let year = self.number(from, 1900 + u32::from(date.year), 4);
        let year = year.or_else(|| self.number(from, 2000 + u32::from(date.year), 4))?;
        let month = self.numeric_month(year, date.month)?;
        let end = self.number(self.spaces(month)?, date.day.into(), 2)?;
        (!self.character(end).is_ascii_digit()).then_some(end)
    }

    fn numeric_month(&self, from: usize, month: u8) -> Option<usize> {
        self.number(self.spaces(from)?, month.into(), 2)
    }

    /// Matches a word of the month, with other letters around it, and the year.
    fn word_month(&self, from: usize, date: ShortDate) -> Option<usize> {
        for start in from..=from + MOST_FILLER {
            let ends = months::words(date.month).iter().filter_map(|word| self.word(start, word));
            for end in ends {
                for year in end..=end + MOST_FILLER {
                    if let Some(to) = self.year(year, date.year) {
                        return Some(to);
                    }
                    if self.character(year).is_ascii_digit() {
                        break;
                    }
                }
            }
            if self.character(start).is_ascii_digit() {
                break;
            }
        }
        None
    }

    fn year(&self, from: usize, year: u8) -> Option<usize> {
        let whole = [1900, 2000].map(|century| self.number(from, century + u32::from(year), 4));
        let end = whole[0].or(whole[1]).or_else(|| self.number(from, year.into(), 2))?;
        (!self.character(end).is_ascii_digit()).then_some(end)
    }

    /// Matches one to four spaces.
    fn spaces(&self, from: usize) -> Option<usize> {
        let spaces = (from..self.0.len()).take_while(|at| self.character(*at) == ' ').count();
        (1..=4).contains(&spaces).then_some(from + spaces)
    }

    fn number(&self, from: usize, number: u32, digits: usize) -> Option<usize> {
        let wanted = format!("{number:0digits$}");
        let same = wanted
            .bytes()
            .enumerate()
            .all(|(i, wanted)| as_digit(self.character(from + i)) == Some(wanted - b'0'));
        same.then_some(from + digits)
    }

    fn word(&self, from: usize, word: &str) -> Option<usize> {
        let letters = word.chars().count();
        let same = word
            .chars()
            .enumerate()
            .all(|(i, letter)| as_letter(self.character(from + i)) == letter);
        same.then_some(from + letters)
    }

    /// Returns the one date in the line, exactly as recognised, with its confidence;
    /// `None` if it contains anything but separators and words of that month.
    pub(super) fn unknown_date(&self) -> Option<(PrintedDate, f32)> {
        let text: String = self.0.iter().map(|(letter, _)| *letter).collect();
        let parts: Vec<&str> = text.split_whitespace().collect();
        let number = |part: &str, digits: &[usize]| -> Option<i16> {
            let plain = part.bytes().all(|b| b.is_ascii_digit()) && digits.contains(&part.len());
            plain.then(|| part.parse().ok()).flatten()
        };
        let (first, rest) = parts.split_first()?;
        let (last, between) = rest.split_last()?;
        let (year, month, day) = match between {
            [middle] if number(middle, &[2]).is_some() => {
                let month = number(middle, &[2])?;
                match number(first, &[4]) {
                    Some(year) => (year, month, number(last, &[2])?),
                    None => (number(last, &[2, 4])?, month, number(first, &[1, 2])?),
                }
            }
            words => {
                let mut months = words.iter().filter_map(|word| months::month_of(word));
                let month = months.next()?;
                let letters = words.iter().all(|word| word.chars().all(char::is_alphabetic));
                if !letters || months.any(|other| other != month) {
                    return None;
                }
                (number(last, &[2, 4])?, month.into(), number(first, &[1, 2])?)
            }
        };
        let printed =
            PrintedDate { year, month: month.try_into().ok()?, day: day.try_into().ok()? };
        printed.date()?;
        Some((printed, self.least_confidence(0, self.0.len())))
    }
}

/// Returns a digit, or the digit that a letter resembles.
fn as_digit(letter: char) -> Option<u8> {
    match letter {
        '0'..='9' => Some(letter as u8 - b'0'),
        'O' | 'Q' | 'D' => Some(0),
        'I' | 'L' => Some(1),
        'Z' => Some(2),
        'S' => Some(5),
        'G' => Some(6),
        'B' => Some(8),
        _ => None,
    }
}

fn as_letter(letter: char) -> char {
    match letter {
        '0' => 'O',
        '1' => 'I',
        '5' => 'S',
        '8' => 'B',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> LineText {
        let letters = line.chars();
        let symbols: Vec<Symbol> =
            letters.map(|letter| Symbol { letter, confidence: 0.9, starts_word: false }).collect();
        LineText::new(&symbols)
    }

    fn shows(line: &str, yy_mm_dd: (u8, u8, u8)) -> bool {
        let (year, month, day) = yy_mm_dd;
        text(line).find_date(ShortDate { year, month, day }).is_some()
    }

    #[test]
    fn a_known_date_is_found_in_the_forms_that_passports_print() {
        for line in [
            "15 MAR/MARS 10",
            "15 MAR 2010",
            "15.03.2010",
            "15/03/2010",
            "15 03 2010",
            "15 МАР/MAR 2010",
            "15.MAR /MAR 10.",
            "l5 MAR 2OlO",
            "2010-03-15",
            "15 march 2010",
            "15MAR2010",
            "Date 15 03 10",
            "15 QQQ/MAR 2010",
        ] {
            assert!(shows(line, (10, 3, 15)), "{line}");
        }
        assert!(shows("12 AUG /AOÛT 2019", (19, 8, 12)) && shows("5 JAN 2019", (19, 1, 5)));
    }

    #[test]
    fn a_digit_never_counts_as_another() {
        for line in [
            "15 MAR 2011",
            "45 MAR 2010",
            "16.03.2010",
            "15.04.2010",
            "115 MAR 2010",
            "15 MAR 20101",
            "15 APR 2010",
            "150310",
            "",
            "15",
            "15 MAR",
        ] {
            assert!(!shows(line, (10, 3, 15)), "{line}");
        }
    }

    #[test]
    fn an_unknown_date_counts_only_when_every_part_is_clear() {
        let read = |line: &str| text(line).unknown_date().map(|(date, _)| date.to_plain());
        assert_eq!(read("15 MAR/MARS 10").as_deref(), Some("10-03-15"));
        assert_eq!(read("31.12.2016.").as_deref(), Some("2016-12-31"));
        assert_eq!(read("15 АПР/APR 2012").as_deref(), Some("2012-04-15"));
        for line in [
            "45 APR 2012",
            "O5 APR 2012",
            "15 APR/MAY 2012",
            "31.02.2016",
            "12.12.7826",
            "a 15.04.2012",
            "15 04 2012 3",
            "15.04",
            "CT 98",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn a_date_with_one_often_confused_digit_is_not_another_date() {
        let printed = |line: &str| text(line).unknown_date().unwrap().0;
        let date = ShortDate { year: 31, month: 4, day: 15 };
        assert!(printed("15.04.2034").may_be_misread(date));
        assert!(printed("15.04.2037").may_be_misread(date));
        assert!(!printed("15.04.2033").may_be_misread(date));
        assert!(!printed("16.05.2031").may_be_misread(date));
        let exchanged = ShortDate { year: 31, month: 4, day: 5 };
        assert!(printed("04.05.2031").may_be_misread(exchanged));
    }
}
