//! The days on which an application is judged again or its deadline is reported.

use jiff::civil::Date;
use pipeline::verdict::Body;

use crate::registry::Schedule;

/// Returns the next days of an application. A reminder that is due and was not
/// sent stays due, whichever process judges meanwhile.
pub(super) fn schedule(body: &Body, on: Date, known: &Schedule) -> Schedule {
    let due = body.dates.due;
    let is_known = known.due_on == Some(due);
    Schedule {
        due_on: Some(due),
        accepted_on: Some(body.dates.application_date),
        next_judge_on: on.tomorrow().ok(),
        next_reminder_on: if is_known { known.next_reminder_on } else { first_reminder(due, on) },
    }
}

/// Days before the deadline on which its portal is reminded; -1 is the day after.
const REMINDERS: [i64; 3] = [10, 3, -1];

fn reminders(due: Date) -> impl DoubleEndedIterator<Item = Date> {
    REMINDERS.into_iter().filter_map(move |days| due.checked_sub(jiff::Span::new().days(days)).ok())
}

/// Returns the latest reminder whose day has come, or else the next one: an
/// application that arrives late gets a late reminder.
fn first_reminder(due: Date, on: Date) -> Option<Date> {
    reminders(due).rev().find(|day| *day <= on).or_else(|| reminders(due).next())
}

/// Returns the schedule after the reminder of a day was sent.
pub(crate) fn after_reminder(known: &Schedule, on: Date) -> Schedule {
    let next = |due| reminders(due).find(|day| *day > on);
    Schedule { next_reminder_on: known.due_on.and_then(next), ..known.clone() }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn each_reminder_is_sent_once_and_none_is_skipped() {
        let due = date(2026, 3, 20);
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
            assert_eq!(first_reminder(due, on), first, "{on}");
            assert_eq!(after_reminder(&known(first), on).next_reminder_on, then, "{on}");
        }
    }
}
