//! Civil days: the local day of an instant, and the meaning of two-digit years.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::examination::{Field, FieldName};
use crate::programme::ExpiryWindow;

/// Returns the civil day of an instant in a zone of the built-in tz database,
/// never in the machine's own zone. A zone that does not exist is UTC, but
/// programme files are checked for that.
#[must_use]
pub fn local_day(instant: Timestamp, timezone: &str) -> Date {
    instant.to_zoned(TimeZone::get(timezone).unwrap_or(TimeZone::UTC)).date()
}

/// Years around the application in which a two-digit year of expiry is interpreted.
#[derive(Clone, Copy, Debug)]
pub struct ExpiryYears {
    /// Years before the application.
    pub back: i16,
    /// Years after the application.
    pub ahead: i16,
}

impl ExpiryYears {
    /// Takes the years from a programme's rule.
    #[must_use]
    pub fn from_rule(rule: &ExpiryWindow) -> Self {
        Self { back: rule.years_back, ahead: rule.years_ahead }
    }
}

/// Returns the date of expiry within the years around a day; `None` when no year
/// fits or the day does not exist.
#[must_use]
pub fn resolve_expiry(possible: &[Date], around: Date, years: &ExpiryYears) -> Option<Date> {
    let first = around.checked_sub(Span::new().years(years.back)).ok()?;
    let last = around.checked_add(Span::new().years(years.ahead)).ok()?;
    possible.iter().copied().find(|date| (first..=last).contains(date))
}

/// Returns the latest possible date of birth that is not after the day.
#[must_use]
pub fn resolve_birth(possible: &[Date], not_after: Date) -> Option<Date> {
    possible.iter().copied().filter(|date| *date <= not_after).max()
}

/// Returns the full date of a date field; `None` for other fields and for dates
/// that cannot be resolved. Nobody is born after the document expires.
#[must_use]
pub fn resolve_date(
    field: &Field,
    fields: &[Field],
    on: Date,
    years: &ExpiryYears,
) -> Option<Date> {
    let dates = possible_dates(field);
    match field.name {
        FieldName::DateOfExpiry => resolve_expiry(&dates, on, years),
        FieldName::DateOfBirth | FieldName::DateOfIssue => {
            let expiry = fields.iter().find(|f| f.name == FieldName::DateOfExpiry);
            let expiry = expiry.and_then(|f| resolve_expiry(&possible_dates(f), on, years));
            resolve_birth(&dates, expiry.map_or(on, |expiry| expiry.min(on)))
        }
        _ => None,
    }
}

/// Returns the calendar dates that a field can mean: one for `YYYY-MM-DD`, and for
/// `YY-MM-DD` one for each possible year in which the day exists.
fn possible_dates(field: &Field) -> Vec<Date> {
    if let Ok(date) = field.value.parse() {
        return vec![date];
    }
    let mut parts = field.value.split('-').skip(1).map(str::parse::<i8>);
    let (Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next()) else { return Vec::new() };
    field.possible_years.iter().filter_map(|year| Date::new(*year, month, day).ok()).collect()
}

/// Returns the calendar days from one civil day to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    (to - from).get_days().into()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const ALMATY: &str = "Asia/Almaty";

    #[track_caller]
    fn local(instant: &str) -> Date {
        local_day(instant.parse().unwrap(), ALMATY)
    }

    #[test]
    fn the_local_day_is_that_of_almaty() {
        assert_eq!(local("2026-01-01T18:59:59Z"), date(2026, 1, 1));
        assert_eq!(local("2026-01-01T19:00:00Z"), date(2026, 1, 2));
        // UTC+6 until the end of February 2024, UTC+5 since
        assert_eq!(local("2024-02-28T18:00:00Z"), date(2024, 2, 29));
        assert_eq!(local("2024-03-01T18:00:00Z"), date(2024, 3, 1));
        // the last day of February had 25 hours
        assert_eq!(local("2024-02-29T18:30:00Z"), date(2024, 2, 29));
        assert_eq!(local("2024-02-29T19:00:00Z"), date(2024, 3, 1));
    }

    #[test]
    fn a_two_digit_year_of_expiry_is_interpreted_around_the_application() {
        let years = ExpiryYears { back: 30, ahead: 20 };
        let on = date(2026, 1, 1);
        let both = |yy: i16| [date(1900 + yy, 6, 30), date(2000 + yy, 6, 30)];
        assert_eq!(resolve_expiry(&both(31), on, &years), Some(date(2031, 6, 30)));
        assert_eq!(resolve_expiry(&both(98), on, &years), Some(date(1998, 6, 30)));
        assert_eq!(resolve_expiry(&both(45), on, &years), Some(date(2045, 6, 30)));
        assert_eq!(resolve_expiry(&both(46), on, &years), None);
        assert_eq!(resolve_expiry(&both(95), on, &years), None);
    }

    #[test]
    fn a_date_of_birth_is_the_latest_possible_one() {
        let both = [date(1920, 5, 1), date(2020, 5, 1)];
        assert_eq!(resolve_birth(&both, date(2026, 1, 1)), Some(date(2020, 5, 1)));
        assert_eq!(resolve_birth(&both, date(2019, 1, 1)), Some(date(1920, 5, 1)));
    }
}
