//! A date as printed.

use jiff::civil::Date;

use crate::passport::mrz::dates::ShortDate;

/// A date as printed; its year has two or four digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct PrintedDate {
    pub(super) year: i16,
    pub(super) month: u8,
    pub(super) day: u8,
}

impl PrintedDate {
    /// Returns the day if the calendar has it; a year of two digits is of this century.
    pub(super) fn date(self) -> Option<Date> {
        let year = if self.year < 100 { 2000 + self.year } else { self.year };
        let real = (1900..2100).contains(&year);
        let (month, day) = (i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?);
        Date::new(year, month, day).ok().filter(|_| real)
    }

    /// Returns the date without its century.
    pub(super) fn to_short(self) -> ShortDate {
        ShortDate { year: (self.year % 100) as u8, month: self.month, day: self.day }
    }

    /// Formats the date as `YYYY-MM-DD` or `YY-MM-DD`.
    pub(super) fn to_plain(self) -> String {
        let digits = if self.year < 100 { 2 } else { 4 };
        format!("{:0digits$}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// Whether this may be a misread image of another date: equal except for one digit
    /// that is often confused, or with day and month exchanged.
    pub(super) fn may_be_misread(self, other: ShortDate) -> bool {
        let swapped = ShortDate { month: other.day, day: other.month, ..other };
        let digits = |date: ShortDate| format!("{:02}{:02}{:02}", date.year, date.month, date.day);
        let (a, b) = (digits(self.to_short()), digits(other));
        let unlike: Vec<(u8, u8)> = a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).collect();
        let alike = |pair: &(u8, u8)| {
            LOOKALIKES.iter().any(|group| group.contains(&pair.0) && group.contains(&pair.1))
        };
        self.to_short() == swapped || (unlike.len() <= 1 && unlike.iter().all(alike))
    }
}

/// Digits that are confused with each other, especially at low resolution.
const LOOKALIKES: [&[u8]; 6] = [b"147", b"3589", b"0689", b"56", b"27", b"069"];
