//! Dates of a zone: six characters, two of them for the year (part 3, 4.8).
//!
//! The standard has no rule for the century. Therefore the two digits and the
//! possible years are kept; `judge` chooses one by the programme.

use jiff::civil::Date;

use crate::hidden::hidden_debug;

/// The six characters of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ZoneDate {
    /// A day that exists in at least one century.
    Known(ShortDate),
    /// Some parts are fillers: allowed for a birth that is not fully known.
    Partial,
    /// Fillers alone: nothing is printed.
    Unprinted,
    /// Not a calendar day, or characters that are not allowed in a date.
    Impossible,
}

/// Year without century, month and day; the day exists in at least one of
/// [`ShortDate::possible_years`].
#[derive(Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the type's comment names all three")]
pub struct ShortDate {
    pub year: u8,
    pub month: u8,
    pub day: u8,
}

hidden_debug!(ZoneDate, ShortDate);

impl ZoneDate {
    /// Parses six characters.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let bytes = text.as_bytes();
        if bytes.len() != 6 {
            return Self::Impossible;
        }
        if bytes == b"<<<<<<" {
            return Self::Unprinted;
        }
        match [parse_part(&bytes[..2]), parse_part(&bytes[2..4]), parse_part(&bytes[4..])] {
            [Some(Some(year)), Some(Some(month)), Some(Some(day))] => {
                let date = ShortDate { year, month, day };
                if date.possible_years().is_empty() { Self::Impossible } else { Self::Known(date) }
            }
            [Some(_), Some(month), Some(day)]
                if month.is_none_or(|m| (1..=12).contains(&m))
                    && day.is_none_or(|d| (1..=31).contains(&d)) =>
            {
                Self::Partial
            }
            _ => Self::Impossible,
        }
    }

    /// Returns the day, if one is printed.
    #[must_use]
    pub fn known(self) -> Option<ShortDate> {
        match self {
            Self::Known(date) => Some(date),
            _ => None,
        }
    }
}

/// Whether month or day is `00`, as some states print for a birth that is not fully
/// known, where the standard wants fillers (part 3, 4.8).
#[must_use]
pub fn is_unknown_as_zeros(text: &str) -> bool {
    let parts: Vec<&str> = [0..2, 2..4, 4..6].into_iter().filter_map(|i| text.get(i)).collect();
    let [year, month, day] = parts[..] else { return false };
    let part = |part: &str| if part == "00" { "<<".to_owned() } else { part.to_owned() };
    let fillers = format!("{year}{}{}", part(month), part(day));
    (month == "00" || day == "00")
        && text.len() == 6
        && ZoneDate::parse(&fillers) == ZoneDate::Partial
}

/// Parses two characters: a number, unknown (`Some(None)`), or neither.
fn parse_part(bytes: &[u8]) -> Option<Option<u8>> {
    match bytes {
        b"<<" => Some(None),
        [tens @ b'0'..=b'9', units @ b'0'..=b'9'] => Some(Some((tens - b'0') * 10 + units - b'0')),
        _ => None,
    }
}

impl ShortDate {
    /// Returns the years of the last and the present century in which the day exists.
    #[must_use]
    pub fn possible_years(self) -> Vec<i16> {
        [1900, 2000]
            .into_iter()
            .map(|century| century + i16::from(self.year))
            .filter(|year| self.in_year(*year).is_some())
            .collect()
    }

    /// Formats the date as `YY-MM-DD`.
    #[must_use]
    pub fn to_plain(self) -> String {
        format!("{:02}-{:02}-{:02}", self.year, self.month, self.day)
    }

    fn in_year(self, year: i16) -> Option<Date> {
        let (month, day) = (i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?);
        Date::new(year, month, day).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(text: &str) -> ShortDate {
        ZoneDate::parse(text).known().unwrap()
    }

    #[test]
    fn six_characters_are_a_day_or_have_a_reason_why_not() {
        for text in ["310315", "000229", "991231", "110101"] {
            assert!(ZoneDate::parse(text).known().is_some(), "{text}");
        }
        // 29 February 1911 and 2011 alike: printed on some specimens
        for text in ["110229", "311301", "310431", "310100", "3103A5", "3<0315", "31031"] {
            assert!(ZoneDate::parse(text) == ZoneDate::Impossible, "{text}");
        }
        for text in ["74<<<<", "7408<<", "<<0812", "74<<12"] {
            assert!(ZoneDate::parse(text) == ZoneDate::Partial, "{text}");
        }
        assert!(ZoneDate::parse("74<<32") == ZoneDate::Impossible);
        assert!(ZoneDate::parse("<<<<<<") == ZoneDate::Unprinted);
    }

    #[test]
    fn zeros_for_an_unknown_month_or_day_are_told_from_impossible_dates() {
        for (text, unknown) in [
            ("880000", true),
            ("880700", true),
            ("880012", true),
            ("880712", false),
            ("881300", false),
            ("88<<<<", false),
            ("8800", false),
            ("88000000", false),
        ] {
            assert_eq!(is_unknown_as_zeros(text), unknown, "{text}");
        }
    }

    #[test]
    fn the_possible_years_are_those_in_which_the_day_exists() {
        assert_eq!(short("310315").possible_years(), [1931, 2031]);
        assert_eq!(short("000229").possible_years(), [2000]);
    }
}
