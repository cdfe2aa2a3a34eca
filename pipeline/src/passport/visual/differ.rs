//! Dates of the page that the zone does not hold: the day of issue, and a day
//! of expiry or birth that differs.
//!
//! A page prints three dates. One is said to differ only when the other two
//! are told from it, when it was read twice in the same way and clearly, and
//! when no digit that is often misread would explain it. In doubt it was not
//! read.

use jiff::civil::Date;

use super::dates::{Printed, Text};
use super::{Agreement, Found, Look, Reading};
use crate::engines::tesseract::Symbol;
use crate::examination::FieldName;
use crate::passport::mrz::dates::ShortDate;

/// Every character of a date that differs, or of the day of issue, is so sure.
const CLEAR: f32 = 0.88;
/// A date read twice this surely is no other with a glyph misread.
const CERTAIN: f32 = 0.95;
/// Passports are issued for 11 months to 16 years (some run ten and a half).
const VALID_DAYS: std::ops::Range<i32> = 330..5900;

/// A date that is neither the zone's expiry nor its birth.
struct Other<'a> {
    reading: &'a Reading,
    symbols: &'a [Symbol],
    printed: Printed,
    date: Date,
    confidence: f32,
    twice: bool,
}

impl Look<'_> {
    /// The day of issue: the one other date, between birth and expiry.
    pub(super) fn issue(&self) -> Option<Found> {
        let others = self.others();
        let [issue] = &others[..] else { return None };
        let expiry = self.expiry.filter(|expiry| self.date(*expiry).is_some())?;
        let apart =
            |date: ShortDate| i32::from(date.year) + 100 - i32::from(issue.printed.short().year);
        // years of validity, whatever the century
        let years = apart(expiry).rem_euclid(100);
        (issue.confidence >= CLEAR && years <= 16)
            .then(|| self.found(FieldName::DateOfIssue, issue, Agreement::Alone))
    }

    /// The expiry that the page prints where it is not the zone's, or the birth.
    pub(super) fn differing(&self) -> Option<Found> {
        let (expiry, birth) = (self.expiry?, self.birth?);
        let others = self.others();
        let [first, second] = &others[..] else { return None };
        let (early, late) =
            if first.date < second.date { (first, second) } else { (second, first) };
        let clear = |other: &Other<'_>| other.twice && other.confidence >= CLEAR;
        if !clear(early) || !clear(late) || self.doubtful() {
            return None;
        }
        let days = |from: Date, to: Date| to.duration_since(from).as_hours() / 24;
        let apart = i32::try_from(days(early.date, late.date)).ok()?;
        match (self.date(expiry).is_some(), self.date(birth).is_some()) {
            // birth is there, and a pair like issue and expiry
            (false, true)
                if VALID_DAYS.contains(&apart)
                    && (late.confidence >= CERTAIN || !late.printed.may_be(expiry))
                    && !early.printed.may_be(expiry) =>
            {
                Some(self.found(FieldName::DateOfExpiry, late, Agreement::Differs))
            }
            // expiry is there; of the two others the later was the issue
            (true, false)
                if !VALID_DAYS.contains(&apart)
                    && !early.printed.may_be(birth)
                    && early.printed.year >= 100 =>
            {
                Some(self.found(FieldName::DateOfBirth, early, Agreement::Differs))
            }
            _ => None,
        }
    }

    /// Whether some line may hold a date that could not be told.
    fn doubtful(&self) -> bool {
        self.readings.iter().any(|reading| {
            let known = [self.expiry, self.birth].into_iter().flatten();
            let told = known.into_iter().any(|date| reading.shows(date).is_some())
                || reading.both().all(|symbols| Text::new(symbols).printed().is_some())
                || super::words::number(&reading.symbols, &self.number).is_some();
            let like = reading.both().any(|symbols| date_like(&Text::new(symbols)));
            !told && like
        })
    }

    /// Each other date once.
    fn others(&self) -> Vec<Other<'_>> {
        let mut others: Vec<Other<'_>> = Vec::new();
        for reading in &self.readings {
            let known = [self.expiry, self.birth].into_iter().flatten();
            if known.into_iter().any(|date| reading.shows(date).is_some()) {
                continue;
            }
            let mut read = reading.both().map(|s| (s, Text::new(s).printed()));
            let Some((symbols, Some((printed, confidence)))) = read.next() else { continue };
            let again = read.next().map(|(_, printed)| printed);
            let same = matches!(&again, Some(Some((other, _))) if *other == printed);
            if again.is_some() && !same {
                continue;
            }
            let Some(date) = printed.date() else { continue };
            if others.iter().any(|other| other.printed.short() == printed.short()) {
                continue;
            }
            others.push(Other { reading, symbols, printed, date, confidence, twice: same });
        }
        others
    }

    fn found(&self, name: FieldName, other: &Other<'_>, agreement: Agreement) -> Found {
        let outline = self.sheet.outline(&other.reading.place.rect);
        let value = other.printed.plain();
        Found::new(name, value, other.symbols, outline, other.confidence, agreement)
    }
}

/// As many digits as a date has, one or two of them lost.
fn date_like(text: &Text) -> bool {
    (3..=9).contains(&text.digits())
}
