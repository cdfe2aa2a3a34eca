//! Dates of the page that are not in the machine readable zone: the date of issue,
//! and a date of expiry or birth that differs.
//!
//! A page prints three dates. A date is reported to differ only if the other two
//! are identified, if two recognitions gave the same clear result, and if no digit
//! that is often confused would explain it. Otherwise it counts as not read.

use jiff::civil::Date;

use super::field::{Agreement, VisualField};
use super::line_text::LineText;
use super::printed_date::PrintedDate;
use super::recognised_line::RecognisedLine;
use super::search::VisualSearch;
use crate::engines::tesseract::Symbol;
use crate::examination::FieldName;
use crate::passport::mrz::dates::ShortDate;

/// Least confidence of every character of a differing date or a date of issue.
const CLEAR: f32 = 0.88;
/// With this confidence in two recognitions a date is not a misread one.
const CERTAIN: f32 = 0.95;
/// Days of validity of passports: 11 months to 16 years (some are valid for ten and
/// a half years).
const VALID_DAYS: std::ops::Range<i32> = 330..5900;

/// A date that is neither the zone's expiry nor its birth.
struct Other<'a> {
    line: &'a RecognisedLine,
    symbols: &'a [Symbol],
    printed: PrintedDate,
    date: Date,
    confidence: f32,
    twice: bool,
}

impl VisualSearch<'_> {
    /// Returns the date of issue: the one other date, between birth and expiry.
    pub(super) fn date_of_issue(&self) -> Option<VisualField> {
        let others = self.others();
        let [issue] = &others[..] else { return None };
        let expiry = self.expiry.filter(|expiry| self.find_date(*expiry).is_some())?;
        let apart =
            |date: ShortDate| i32::from(date.year) + 100 - i32::from(issue.printed.to_short().year);
        // years of validity, whatever the century
        let years = apart(expiry).rem_euclid(100);
        (issue.confidence >= CLEAR && years <= 16)
            .then(|| self.field(FieldName::DateOfIssue, issue, Agreement::VisualOnly))
    }

    /// Returns the printed date of expiry or birth that differs from the zone's.
    pub(super) fn differing_date(&self) -> Option<VisualField> {
        let (expiry, birth) = (self.expiry?, self.birth?);
        let others = self.others();
        let [first, second] = &others[..] else { return None };
        let (early, late) =
            if first.date < second.date { (first, second) } else { (second, first) };
        let clear = |other: &Other<'_>| other.twice && other.confidence >= CLEAR;
        if !clear(early) || !clear(late) || self.has_unclear_date() {
            return None;
        }
        let days = |from: Date, to: Date| to.duration_since(from).as_hours() / 24;
        let apart = i32::try_from(days(early.date, late.date)).ok()?;
        match (self.find_date(expiry).is_some(), self.find_date(birth).is_some()) {
            // the birth is found, and the others may be issue and expiry
            (false, true)
                if VALID_DAYS.contains(&apart)
                    && (late.confidence >= CERTAIN || !late.printed.may_be_misread(expiry))
                    && !early.printed.may_be_misread(expiry) =>
            {
                Some(self.field(FieldName::DateOfExpiry, late, Agreement::Differs))
            }
            // the expiry is found; the later of the others is the issue
            (true, false)
                if !VALID_DAYS.contains(&apart)
                    && !early.printed.may_be_misread(birth)
                    && early.printed.year >= 100 =>
            {
                Some(self.field(FieldName::DateOfBirth, early, Agreement::Differs))
            }
            _ => None,
        }
    }

    /// Whether a line may contain a date that was not identified.
    fn has_unclear_date(&self) -> bool {
        self.lines.iter().any(|line| {
            let known = [self.expiry, self.birth].into_iter().flatten();
            let identified = known.into_iter().any(|date| line.find_date(date).is_some())
                || line.results().all(|symbols| LineText::new(symbols).unknown_date().is_some())
                || super::words::find_number(&line.symbols, &self.number).is_some();
            let like_date = line.results().any(|symbols| is_like_date(&LineText::new(symbols)));
            !identified && like_date
        })
    }

    /// Returns every other date once.
    fn others(&self) -> Vec<Other<'_>> {
        let mut others: Vec<Other<'_>> = Vec::new();
        for line in &self.lines {
            let known = [self.expiry, self.birth].into_iter().flatten();
            if known.into_iter().any(|date| line.find_date(date).is_some()) {
                continue;
            }
            let mut results = line.results().map(|s| (s, LineText::new(s).unknown_date()));
            let Some((symbols, Some((printed, confidence)))) = results.next() else { continue };
            let again = results.next().map(|(_, printed)| printed);
            let same = matches!(&again, Some(Some((other, _))) if *other == printed);
            if again.is_some() && !same {
                continue;
            }
            let Some(date) = printed.date() else { continue };
            if others.iter().any(|other| other.printed.to_short() == printed.to_short()) {
                continue;
            }
            others.push(Other { line, symbols, printed, date, confidence, twice: same });
        }
        others
    }

    fn field(&self, name: FieldName, other: &Other<'_>, agreement: Agreement) -> VisualField {
        let outline = self.sheet.outline(&other.line.place.rect);
        let value = other.printed.to_plain();
        VisualField::new(name, value, other.symbols, outline, other.confidence, agreement)
    }
}

/// Whether the number of digits is that of a date, one or two of them lost or added.
fn is_like_date(text: &LineText) -> bool {
    (3..=9).contains(&text.digits())
}
