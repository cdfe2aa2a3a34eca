//! The search of the visual zone for the values of the machine readable zone.

use super::boxes::TextBox;
use super::field::{Agreement, VisualField};
use super::line_text::LineText;
use super::recognised_line::RecognisedLine;
use super::sheet::Sheet;
use super::target::SearchTarget;
use super::words;
use crate::engines::tesseract::{Line, Missing, Recogniser, Symbol};
use crate::examination::FieldName;
use crate::passport::field_places::is_hidden;
use crate::passport::mrz::dates::ShortDate;
use crate::passport::read::ReadZone;

/// Number of boxes that may be recognised.
const MAX_BOXES: usize = 20;
/// The same once the expiry is found: names and numbers decide nothing.
const MAX_BOXES_AFTER: usize = 11;
/// Sum of the widths of boxes that may be recognised, in heights.
const MAX_WIDTH: f32 = 190.0;
/// Boxes with a greater mismatch are not recognised.
const MAX_MISMATCH: f32 = 0.75;
/// Height of a line in pixels: the input height of the recogniser's network.
pub(super) const ROWS: usize = 36;
/// Margins around a line in cap heights, of the first and the second recognition.
const MARGINS: [f32; 2] = [0.3, 0.55];
/// Number of digits with which a line is recognised a second time.
const DATE_DIGITS: usize = 3;

/// A search of the visual zone for the values of the machine readable zone.
pub(super) struct VisualSearch<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    recogniser: Recogniser,
    pub(super) expiry: Option<ShortDate>,
    pub(super) birth: Option<ShortDate>,
    pub(super) number: String,
    surname: Vec<String>,
    given: Vec<String>,
    pub(super) lines: Vec<RecognisedLine>,
    boxes: usize,
    width: f32,
}

impl<'a> VisualSearch<'a> {
    pub(super) fn new(
        sheet: &'a Sheet<'a>,
        zone: &ReadZone,
        language: &str,
    ) -> Result<Self, Missing> {
        let names = zone.mrz.names();
        let words = |field: FieldName, name: &str| {
            // a part of a name is not searched
            let name = if is_hidden(zone, field) { "" } else { name };
            name.split(' ').map(str::to_owned).filter(|w| !w.is_empty()).collect()
        };
        let number = zone.mrz.raw(FieldName::DocumentNumber);
        let hidden = is_hidden(zone, FieldName::DocumentNumber);
        Ok(Self {
            sheet,
            recogniser: Recogniser::new(language)?,
            expiry: zone.mrz.date_of_expiry().known(),
            birth: zone.mrz.date_of_birth().known(),
            number: if hidden { String::new() } else { number },
            surname: words(FieldName::Surname, &names.primary),
            given: words(FieldName::GivenNames, &names.secondary),
            lines: Vec::new(),
            boxes: 0,
            width: 0.0,
        })
    }

    /// Recognises the likeliest box first, until everything is found or the budget is
    /// spent.
    pub(super) fn read_likeliest(&mut self, boxes: &[TextBox]) {
        let mut left: Vec<TextBox> = boxes.to_vec();
        loop {
            let targets = self.targets();
            let scale = self.sheet.scale;
            let mismatch = |one: &TextBox| {
                let each = targets.iter().map(|target| target.mismatch(one, scale));
                each.fold(f32::MAX, f32::min)
            };
            // of equals the lower one: the date of expiry is below the other dates
            let next = (0..left.len())
                .min_by(|a, b| mismatch(&left[*a]).total_cmp(&mismatch(&left[*b])).then(b.cmp(a)));
            let Some(next) = next.filter(|next| mismatch(&left[*next]) < MAX_MISMATCH) else {
                return;
            };
            let place = left.swap_remove(next);
            left.sort_by(|a, b| a.rect.top.total_cmp(&b.rect.top));
            if !self.spend(&place) {
                return;
            }
            let symbols = self.recognise(&place, MARGINS[0]);
            let mut line = RecognisedLine { place, symbols, second: Vec::new() };
            self.recognise_again(&mut line);
            self.lines.push(line);
        }
    }

    /// Charges a box to the budget; false if the budget is exhausted.
    fn spend(&mut self, place: &TextBox) -> bool {
        self.boxes += 1;
        self.width += place.rect.width() / place.height;
        let max_boxes = if self.has_expiry() { MAX_BOXES_AFTER } else { MAX_BOXES };
        self.boxes <= max_boxes && self.width <= MAX_WIDTH
    }

    /// Recognises a line with digits that is not a known date a second time: two equal
    /// results are hardly wrong.
    fn recognise_again(&mut self, line: &mut RecognisedLine) {
        let known = [self.expiry, self.birth].into_iter().flatten();
        let date = known.into_iter().any(|date| line.find_date(date).is_some());
        let number = words::find_number(&line.symbols, &self.number).is_some();
        let digits = LineText::new(&line.symbols).digits();
        if !date && !number && digits >= DATE_DIGITS && self.spend(&line.place) {
            line.second = self.recognise(&line.place, MARGINS[1]);
        }
    }

    /// Recognises lines with digits in another language, for months in national words.
    pub(super) fn read_in_language(&mut self, language: &str) {
        let Ok(recogniser) = Recogniser::new(language) else { return };
        self.recogniser = recogniser;
        for at in 0..self.lines.len() {
            let line = &self.lines[at];
            let place = line.place;
            if line.results().any(|symbols| LineText::new(symbols).digits() >= DATE_DIGITS)
                && self.spend(&place)
            {
                let symbols = self.recognise(&place, MARGINS[0]);
                self.lines.push(RecognisedLine { place, symbols, second: Vec::new() });
            }
        }
    }

    fn recognise(&mut self, place: &TextBox, margin: f32) -> Vec<Symbol> {
        let rect = place.rect.grown(margin * place.height, margin * place.height);
        let width = (rect.width() * ROWS as f32 / rect.height()).round().max(4.0) as usize;
        let pixels = self.sheet.sample(rect, width, ROWS);
        self.recogniser.recognise(&Line { width, pixels: &pixels })
    }

    /// Returns the values that have not been found yet.
    fn targets(&self) -> Vec<SearchTarget> {
        let mut targets = Vec::new();
        let missing =
            |date: Option<ShortDate>| date.is_some_and(|date| self.find_date(date).is_none());
        if missing(self.expiry) || missing(self.birth) || self.date_of_issue().is_none() {
            targets.push(SearchTarget::Date);
        }
        if !self.number.is_empty() && self.find_number().is_none() {
            targets.push(SearchTarget::Text { letters: self.number.len() });
        }
        for name in [&self.surname, &self.given] {
            if !name.is_empty() && self.find_name(name).is_none() {
                let letters = name.iter().map(|word| word.len() + 1).sum::<usize>() - 1;
                targets.push(SearchTarget::Text { letters });
            }
        }
        targets
    }

    /// Returns the line that shows a date, with confidence and symbols.
    pub(super) fn find_date(
        &self,
        date: ShortDate,
    ) -> Option<(&RecognisedLine, f32, &Vec<Symbol>)> {
        self.lines.iter().find_map(|line| {
            let (confidence, symbols) = line.find_date(date)?;
            Some((line, confidence, symbols))
        })
    }

    /// Whether the date of expiry has been found.
    pub(super) fn has_expiry(&self) -> bool {
        self.expiry.is_some_and(|date| self.find_date(date).is_some())
    }

    fn find_number(&self) -> Option<(&RecognisedLine, f32, &Vec<Symbol>)> {
        self.lines.iter().find_map(|line| {
            let mut results = line.results();
            results.find_map(|s| Some((line, words::find_number(s, &self.number)?, s)))
        })
    }

    /// Returns the line with the first word of a name, if every word is found.
    fn find_name(&self, words: &[String]) -> Option<(&RecognisedLine, f32, &Vec<Symbol>)> {
        let mut first = None;
        for word in words {
            let found = self.lines.iter().find_map(|line| {
                let mut results = line.results();
                results.find_map(|s| Some((line, words::find_word(s, word)?, s)))
            })?;
            first = first.or(Some(found));
        }
        first
    }

    /// Returns the fields that were found.
    pub(super) fn into_fields(self) -> Vec<VisualField> {
        let mut fields = Vec::new();
        let mut add = |name, hit: Option<(&RecognisedLine, f32, &Vec<Symbol>)>, value: String| {
            fields.extend(hit.map(|(line, confidence, symbols)| {
                let outline = self.sheet.outline(&line.place.rect);
                VisualField::new(name, value, symbols, outline, confidence, Agreement::Agrees)
            }));
        };
        if !self.surname.is_empty() {
            add(FieldName::Surname, self.find_name(&self.surname), self.surname.join(" "));
        }
        if !self.given.is_empty() {
            add(FieldName::GivenNames, self.find_name(&self.given), self.given.join(" "));
        }
        add(FieldName::DocumentNumber, self.find_number(), self.number.replace('<', ""));
        for (name, date) in
            [(FieldName::DateOfBirth, self.birth), (FieldName::DateOfExpiry, self.expiry)]
        {
            if let Some(date) = date {
                let hit = self.find_date(date);
                // with its century where it is printed
                let printed = hit.and_then(|(_, _, symbols)| LineText::new(symbols).unknown_date());
                let value = printed.filter(|(printed, _)| printed.to_short() == date);
                add(
                    name,
                    hit,
                    value.map_or_else(|| date.to_plain(), |(printed, _)| printed.to_plain()),
                );
            }
        }
        fields.extend(self.differing_date());
        fields.extend(self.date_of_issue());
        fields
    }
}
