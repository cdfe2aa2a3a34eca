//! Terms of an authority: in calendar days, and in working days by a table of holidays.

use jiff::Span;
use jiff::civil::Date;

use crate::programme::{DayUnit, Holidays};

/// Returns the last day of a term whose first day is the day after `from`; `None`
/// where the table of holidays does not cover it.
pub(super) fn last_day(
    from: Date,
    days: i64,
    unit: DayUnit,
    holidays: Option<&Holidays>,
) -> Option<Date> {
    match unit {
        DayUnit::CalendarDays => from.checked_add(Span::new().days(days)).ok(),
        DayUnit::WorkingDays => add_working_days(from, days, holidays?),
    }
}

fn add_working_days(from: Date, days: i64, holidays: &Holidays) -> Option<Date> {
    let mut day = from;
    let mut left = days;
    while left > 0 {
        day = day.tomorrow().ok()?;
        left -= i64::from(holidays.is_working_day(day)?);
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: &str, days: i64, last: Option<&str>) {
        let holidays = Holidays::built_in("kz");
        let found = last_day(from.parse().unwrap(), days, DayUnit::WorkingDays, holidays);
        assert_eq!(found.map(|day| day.to_string()).as_deref(), last, "{days} from {from}");
    }

    #[test]
    fn weekends_are_not_counted() {
        check("2026-02-02", 3, Some("2026-02-05"));
        check("2026-02-05", 3, Some("2026-02-10"));
        // applied on a Saturday or Sunday: Monday is the first day
        check("2026-02-07", 3, Some("2026-02-11"));
        check("2026-02-08", 1, Some("2026-02-09"));
        check("2026-02-05", 0, Some("2026-02-05"));
    }

    #[test]
    fn holidays_and_moved_days_are_not_counted() {
        // the end of the year, with Christmas on 7 January
        check("2025-12-30", 3, Some("2026-01-06"));
        check("2026-01-05", 3, Some("2026-01-09"));
        // 8 March is a Sunday
        check("2026-03-06", 1, Some("2026-03-10"));
        // Nauryz from Saturday to Monday is continued on Tuesday and Wednesday
        check("2026-03-19", 3, Some("2026-03-27"));
        check("2026-03-20", 1, Some("2026-03-26"));
        // 2 January 2027 is a Saturday
        check("2026-12-31", 3, Some("2027-01-08"));
        // Kurban Ait on a Sunday is not moved
        check("2024-06-14", 1, Some("2024-06-17"));
    }

    #[test]
    fn an_exchanged_weekend_day_is_counted() {
        // Saturday 4 May 2024 was worked for Wednesday 8 May
        check("2024-05-03", 1, Some("2024-05-04"));
        check("2024-05-06", 1, Some("2024-05-10"));
        // Sunday 5 January 2025 for Friday 3 January
        check("2024-12-31", 1, Some("2025-01-05"));
        check("2025-01-04", 2, Some("2025-01-06"));
    }

    #[test]
    fn no_day_is_invented_beyond_the_table() {
        check("2027-12-28", 3, Some("2027-12-31"));
        check("2027-12-29", 3, None);
        check("2028-02-01", 1, None);
        check("2023-12-29", 1, None);
        let from = "2026-02-02".parse().unwrap();
        assert_eq!(last_day(from, 3, DayUnit::WorkingDays, None), None);
    }

    #[test]
    fn calendar_days_need_no_table() {
        for (from, due) in [("2026-03-15", "2026-04-29"), ("2025-12-03", "2026-01-17")] {
            let found = last_day(from.parse().unwrap(), 45, DayUnit::CalendarDays, None);
            assert_eq!(found.unwrap().to_string(), due);
        }
    }
}
