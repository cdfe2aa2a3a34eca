//! The days on which an application is judged again or its deadline is reported.

use jiff::civil::Date;
use pipeline::verdict::Body;

use crate::registry::Schedule;

/// Returns the next days of an application. A reminder that is due and was not
/// sent stays due, whichever process judges meanwhile.
pub(super) fn schedule(body: &Body, on: Date, known: &Schedule) -> Schedule {
    let applied = body.dates.application_date;
    let due_on = body.dates.due;
    let first = |due| first_reminder(due, applied, on);
    let is_known = known.due_on == due_on;
    Schedule {
        due_on,
        accepted_on: Some(applied),
        next_judge_on: on.tomorrow().ok(),
        next_reminder_on: if is_known { known.next_reminder_on } else { due_on.and_then(first) },
    }
}

/// Days before the deadline on which its portal is reminded; -1 is the day after.
const REMINDERS: [i64; 3] = [10, 3, -1];

/// Returns the days of reminders. A short time limit has none on the day of application
/// or before it.
fn reminders(due: Date, applied: Date) -> impl DoubleEndedIterator<Item = Date> {
    let day = move |days| due.checked_sub(jiff::Span::new().days(days)).ok();
    REMINDERS.into_iter().filter_map(day).filter(move |day| *day > applied)
}

/// Returns the latest reminder whose day has come, or else the next one: an
/// application that arrives late gets a late reminder.
fn first_reminder(due: Date, applied: Date, on: Date) -> Option<Date> {
    let past = reminders(due, applied).rev().find(|day| *day <= on);
    past.or_else(|| reminders(due, applied).next())
}

/// Returns the schedule after the reminder of a day was sent.
pub(crate) fn after_reminder(known: &Schedule, on: Date) -> Schedule {
    let applied = known.accepted_on.unwrap_or(Date::MIN);
    let next = |due| reminders(due, applied).find(|day| *day > on);
    Schedule { next_reminder_on: known.due_on.and_then(next), ..known.clone() }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use pipeline::Case;
    use pipeline::application::Application;
    use pipeline::programme::Programme;

    use super::*;

    #[test]
    fn each_reminder_is_sent_once_and_none_is_skipped() {
        let due = date(2026, 3, 20);
        let applied = date(2026, 2, 3);
        let known =
            |next| Schedule { due_on: Some(due), next_reminder_on: next, ..Schedule::default() };
        let (ten, three, over) = (date(2026, 3, 10), date(2026, 3, 17), date(2026, 3, 21));
        for (on, first, then) in [
            (date(2026, 2, 1), Some(ten), Some(ten)),
            (ten, Some(ten), Some(three)),
            (date(2026, 3, 16), Some(ten), Some(three)),
            (three, Some(three), Some(over)),
            (due, Some(three), Some(over)),
            (over, Some(over), None),
            (date(2027, 1, 1), Some(over), None),
        ] {
            assert_eq!(first_reminder(due, applied, on), first, "{on}");
            assert_eq!(after_reminder(&known(first), on).next_reminder_on, then, "{on}");
        }
    }

    fn body(accepted_on: &str) -> Body {
        let application = serde_json::json!({
            "application_id": "A", "stage": "ministry-petition",
            "accepted_at": format!("{accepted_on}T06:00:00Z"),
            "documents": [{"document_id": "D", "kind": "cv", "file": "cv.pdf"}],
        });
        let application = Application::parse(application.to_string().as_bytes()).unwrap();
        let on = accepted_on.parse().unwrap();
        pipeline::judge(&Case {
            application: &application,
            examinations: BTreeMap::new(),
            guessed_kinds: BTreeMap::new(),
            programmes: Programme::built_in(),
            received_at: jiff::Timestamp::UNIX_EPOCH,
            on,
        })
        .unwrap()
    }

    #[test]
    fn a_stage_without_a_time_limit_has_no_reminder() {
        let on = date(2025, 6, 2);
        let known = Schedule {
            due_on: Some(date(2025, 7, 17)),
            next_reminder_on: Some(date(2025, 7, 7)),
            ..Schedule::default()
        };
        let next = schedule(&body("2025-06-02"), on, &known);
        assert_eq!((next.due_on, next.next_reminder_on), (None, None));
        assert_eq!((next.accepted_on, next.next_judge_on), (Some(on), Some(date(2025, 6, 3))));
        // three working days in 2026
        let next = schedule(&body("2026-02-02"), date(2026, 2, 2), &known);
        assert_eq!(next.due_on, Some(date(2026, 2, 5)));
        assert_eq!(next.next_reminder_on, Some(date(2026, 2, 6)));
    }

    #[test]
    fn a_short_time_limit_has_no_reminder_before_it_begins() {
        let due = date(2026, 2, 5);
        let over = Some(date(2026, 2, 6));
        // three working days from a Monday; from a Friday, three days before are a Monday
        assert_eq!(first_reminder(due, date(2026, 2, 2), date(2026, 2, 2)), over);
        assert_eq!(
            first_reminder(due, date(2026, 1, 30), date(2026, 1, 30)),
            Some(date(2026, 2, 2))
        );
        let known = Schedule {
            due_on: Some(due),
            accepted_on: Some(date(2026, 2, 4)),
            ..Schedule::default()
        };
        assert_eq!(after_reminder(&known, date(2026, 1, 1)).next_reminder_on, over);
    }
}
