//! A recognised line of the visual zone.

use super::boxes::TextBox;
use super::line_text::LineText;
use crate::engines::tesseract::Symbol;
use crate::passport::mrz::dates::ShortDate;

/// The symbols of one line.
pub(super) struct RecognisedLine {
    pub(super) place: TextBox,
    pub(super) symbols: Vec<Symbol>,
    /// The result of a second recognition with a wider margin; empty if there was none.
    pub(super) second: Vec<Symbol>,
}

impl RecognisedLine {
    /// Returns the results of one or two recognitions.
    pub(super) fn results(&self) -> impl Iterator<Item = &Vec<Symbol>> {
        [&self.symbols, &self.second].into_iter().filter(|symbols| !symbols.is_empty())
    }

    /// Returns the confidence and symbols of a date, if the line shows it.
    pub(super) fn find_date(&self, date: ShortDate) -> Option<(f32, &Vec<Symbol>)> {
        self.results().find_map(|symbols| Some((LineText::new(symbols).find_date(date)?, symbols)))
    }
}
