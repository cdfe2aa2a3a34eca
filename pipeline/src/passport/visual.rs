//! The visual zone: the print above a zone, looked at for what the zone says.
//!
//! Nothing is read that cannot matter: lines of print are found cheaply, the
//! likeliest are recognised one by one, and it ends when everything is found or
//! the budget is spent. The budget counts print, not time, so that the same
//! page reads the same on every machine.

mod boxes;
mod dates;
mod differ;
mod months;
mod sheet;
mod wanted;
mod words;

use super::mrz::dates::ShortDate;
use super::read::ReadZone;
use crate::engines::tesseract::{Line, Missing, Recogniser, Symbol};
use crate::examination::{FieldName, Polygon};
use crate::open::Picture;
use boxes::TextBox;
use dates::Text;
use sheet::Sheet;
use wanted::Wanted;

/// What a look at the visual zone gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Visual {
    /// What was found, one for each field at most; what is not here was not read.
    pub(crate) found: Vec<Found>,
    /// Why nothing could be recognised on this machine.
    pub(crate) missing: Option<Missing>,
}

/// One field of the visual zone.
#[derive(Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) name: FieldName,
    /// In plain form: a date as `YYYY-MM-DD`, or `YY-MM-DD` where the page
    /// prints two digits.
    pub(crate) value: String,
    /// As recognised.
    pub(crate) raw: String,
    /// Around the line that holds it.
    pub(crate) polygon: Polygon,
    /// The least certain of its characters, as the recogniser says.
    pub(crate) confidence: f32,
    pub(crate) agreement: Agreement,
}

crate::hidden::hidden_debug!(Found);

/// What the visual zone says to the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    Agrees,
    Differs,
    /// The zone does not hold this field.
    Alone,
}

/// Print that is recognised at most: boxes, and their widths in heights.
const MOST_BOXES: usize = 20;
/// The same once the expiry is found: names and numbers decide nothing.
const MOST_AFTER: usize = 11;
const MOST_WIDTH: f32 = 190.0;
/// Boxes less like what is wanted are not worth recognising.
const WORTH: f32 = 0.75;
/// Height of a line for the recogniser, whose network sees 36 rows.
const ROWS: usize = 36;
/// Around a line, in heights of its capitals; twice, as the edges matter.
const MARGINS: [f32; 2] = [0.3, 0.55];
/// Digits that make a line worth a second look.
const DATE_DIGITS: usize = 3;

/// Looks at the page of a zone for what the zone says.
pub(crate) fn look(picture: &Picture, zone: &ReadZone) -> Visual {
    let Some(sheet) = Sheet::above(&picture.rgb, zone) else { return Visual::default() };
    let boxes = boxes::boxes(&sheet);
    if boxes.is_empty() {
        return Visual::default();
    }
    let mut look = match Look::new(&sheet, zone, "eng") {
        Ok(look) => look,
        Err(missing) => return Visual { missing: Some(missing), ..Visual::default() },
    };
    look.read_likeliest(&boxes);
    if let (None, Some(language)) = (look.expiry(), national(zone)) {
        look.read_again(language);
    }
    Visual { found: look.into_found(), missing: None }
}

/// Every language that a page may be read in.
const LANGUAGES: [&str; 3] = ["eng", "kaz", "rus"];

/// Loads every language for this thread, and reads a line of bars in each.
pub(super) fn warm() {
    const WIDTH: usize = 8 * ROWS;
    let bars: Vec<u8> = (0..WIDTH * ROWS)
        .map(|at| {
            let (x, y) = (at % WIDTH, at / WIDTH);
            let ink = x % 12 < 3 && (6..30).contains(&y) && x % 60 < 40;
            if ink { 0 } else { 255 }
        })
        .collect();
    for language in LANGUAGES {
        // a machine without it examines without it
        if let Ok(mut recogniser) = Recogniser::keep(language) {
            let _ = recogniser.read(&Line { width: WIDTH, pixels: &bars });
        }
    }
}

/// The language whose letters a state prints beside or instead of Latin ones.
fn national(zone: &ReadZone) -> Option<&'static str> {
    match zone.mrz.issuing_state() {
        "KAZ" => Some("kaz"),
        "RUS" | "BLR" | "KGZ" | "UKR" | "BGR" | "SRB" | "MKD" | "MNG" | "TJK" => Some("rus"),
        _ => None,
    }
}

/// One line as recognised, and again with more around it where that was worth it.
struct Reading {
    place: TextBox,
    symbols: Vec<Symbol>,
    again: Vec<Symbol>,
}

impl Reading {
    fn both(&self) -> impl Iterator<Item = &Vec<Symbol>> {
        [&self.symbols, &self.again].into_iter().filter(|symbols| !symbols.is_empty())
    }

    fn shows(&self, date: ShortDate) -> Option<(f32, &Vec<Symbol>)> {
        self.both().find_map(|symbols| Some((Text::new(symbols).shows(date)?, symbols)))
    }
}

/// A look in progress.
struct Look<'a> {
    sheet: &'a Sheet<'a>,
    recogniser: Recogniser,
    expiry: Option<ShortDate>,
    birth: Option<ShortDate>,
    number: String,
    surname: Vec<String>,
    given: Vec<String>,
    readings: Vec<Reading>,
    boxes: usize,
    width: f32,
}

impl<'a> Look<'a> {
    fn new(sheet: &'a Sheet<'a>, zone: &ReadZone, language: &str) -> Result<Self, Missing> {
        let names = zone.mrz.names();
        let words =
            |name: &str| name.split(' ').map(str::to_owned).filter(|w| !w.is_empty()).collect();
        Ok(Self {
            sheet,
            recogniser: Recogniser::new(language)?,
            expiry: zone.mrz.date_of_expiry().known(),
            birth: zone.mrz.date_of_birth().known(),
            number: zone.mrz.raw(FieldName::DocumentNumber),
            surname: words(&names.primary),
            given: words(&names.secondary),
            readings: Vec::new(),
            boxes: 0,
            width: 0.0,
        })
    }

    /// The likeliest box first, until everything is found or the budget spent.
    fn read_likeliest(&mut self, boxes: &[TextBox]) {
        let mut left: Vec<TextBox> = boxes.to_vec();
        loop {
            let wanted = self.wanted();
            let scale = self.sheet.scale;
            let mismatch = |one: &TextBox| {
                let each = wanted.iter().map(|wanted| wanted.mismatch(one, scale));
                each.fold(f32::MAX, f32::min)
            };
            // of equals the lower: dates of expiry stand below the others
            let next = (0..left.len())
                .min_by(|a, b| mismatch(&left[*a]).total_cmp(&mismatch(&left[*b])).then(b.cmp(a)));
            let Some(next) = next.filter(|next| mismatch(&left[*next]) < WORTH) else { return };
            let place = left.swap_remove(next);
            left.sort_by(|a, b| a.rect.top.total_cmp(&b.rect.top));
            if !self.afford(&place) {
                return;
            }
            let symbols = self.recognise(&place, MARGINS[0]);
            let mut reading = Reading { place, symbols, again: Vec::new() };
            self.look_closer(&mut reading);
            self.readings.push(reading);
        }
    }

    fn afford(&mut self, place: &TextBox) -> bool {
        self.boxes += 1;
        self.width += place.rect.width() / place.height;
        let most = if self.expiry().is_some() { MOST_AFTER } else { MOST_BOXES };
        self.boxes <= most && self.width <= MOST_WIDTH
    }

    /// A line with digits that is no known date is recognised once more: what
    /// is read twice in the same way is hardly misread.
    fn look_closer(&mut self, reading: &mut Reading) {
        let known = [self.expiry, self.birth].into_iter().flatten();
        let date = known.into_iter().any(|date| reading.shows(date).is_some());
        let number = words::number(&reading.symbols, &self.number).is_some();
        let digits = Text::new(&reading.symbols).digits();
        if !date && !number && digits >= DATE_DIGITS && self.afford(&reading.place) {
            reading.again = self.recognise(&reading.place, MARGINS[1]);
        }
    }

    /// Lines with digits in another language, for months in national words.
    fn read_again(&mut self, language: &str) {
        let Ok(recogniser) = Recogniser::new(language) else { return };
        self.recogniser = recogniser;
        for at in 0..self.readings.len() {
            let reading = &self.readings[at];
            let place = reading.place;
            if reading.both().any(|symbols| Text::new(symbols).digits() >= DATE_DIGITS)
                && self.afford(&place)
            {
                let symbols = self.recognise(&place, MARGINS[0]);
                self.readings.push(Reading { place, symbols, again: Vec::new() });
            }
        }
    }

    fn recognise(&mut self, place: &TextBox, margin: f32) -> Vec<Symbol> {
        let rect = place.rect.grown(margin * place.height, margin * place.height);
        let width = (rect.width() * ROWS as f32 / rect.height()).round().max(4.0) as usize;
        let pixels = self.sheet.sampled(rect, width, ROWS);
        self.recogniser.read(&Line { width, pixels: &pixels })
    }

    /// What has not been found yet.
    fn wanted(&self) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        let missing = |date: Option<ShortDate>| date.is_some_and(|date| self.date(date).is_none());
        if missing(self.expiry) || missing(self.birth) || self.issue().is_none() {
            wanted.push(Wanted::Date);
        }
        if self.number_found().is_none() {
            wanted.push(Wanted::Text { letters: self.number.len() });
        }
        for name in [&self.surname, &self.given] {
            if !name.is_empty() && self.name(name).is_none() {
                let letters = name.iter().map(|word| word.len() + 1).sum::<usize>() - 1;
                wanted.push(Wanted::Text { letters });
            }
        }
        wanted
    }

    fn date(&self, date: ShortDate) -> Option<(&Reading, f32, &Vec<Symbol>)> {
        self.readings.iter().find_map(|reading| {
            let (confidence, symbols) = reading.shows(date)?;
            Some((reading, confidence, symbols))
        })
    }

    fn expiry(&self) -> Option<f32> {
        self.date(self.expiry?).map(|(_, confidence, _)| confidence)
    }

    fn number_found(&self) -> Option<(&Reading, f32, &Vec<Symbol>)> {
        self.readings.iter().find_map(|reading| {
            let mut both = reading.both();
            both.find_map(|s| Some((reading, words::number(s, &self.number)?, s)))
        })
    }

    /// Where the first word of a name stands, if every word stands somewhere.
    fn name(&self, words: &[String]) -> Option<(&Reading, f32, &Vec<Symbol>)> {
        let mut first = None;
        for word in words {
            let found = self.readings.iter().find_map(|reading| {
                let mut both = reading.both();
                both.find_map(|s| Some((reading, words::word(s, word)?, s)))
            })?;
            first = first.or(Some(found));
        }
        first
    }

    fn into_found(self) -> Vec<Found> {
        let mut found = Vec::new();
        let mut add = |name, hit: Option<(&Reading, f32, &Vec<Symbol>)>, value: String| {
            found.extend(hit.map(|(reading, confidence, symbols)| {
                let outline = self.sheet.outline(&reading.place.rect);
                Found::new(name, value, symbols, outline, confidence, Agreement::Agrees)
            }));
        };
        if !self.surname.is_empty() {
            add(FieldName::Surname, self.name(&self.surname), self.surname.join(" "));
        }
        if !self.given.is_empty() {
            add(FieldName::GivenNames, self.name(&self.given), self.given.join(" "));
        }
        add(FieldName::DocumentNumber, self.number_found(), self.number.replace('<', ""));
        for (name, date) in
            [(FieldName::DateOfBirth, self.birth), (FieldName::DateOfExpiry, self.expiry)]
        {
            if let Some(date) = date {
                let hit = self.date(date);
                // with its century where the page prints one
                let printed = hit.and_then(|(_, _, symbols)| Text::new(symbols).printed());
                let value = printed.filter(|(printed, _)| printed.short() == date);
                add(name, hit, value.map_or_else(|| date.plain(), |(printed, _)| printed.plain()));
            }
        }
        found.extend(self.differing());
        found.extend(self.issue());
        found
    }
}

impl Found {
    fn new(
        name: FieldName,
        value: String,
        symbols: &[Symbol],
        polygon: Polygon,
        confidence: f32,
        agreement: Agreement,
    ) -> Self {
        let mut raw = String::new();
        for symbol in symbols {
            if symbol.starts_word && !raw.is_empty() {
                raw.push(' ');
            }
            raw.push(symbol.letter);
        }
        Self { name, value, raw, polygon, confidence, agreement }
    }
}
