//! What a new day means for an application that nothing else has changed.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use jiff::Span;
use jiff::civil::Date;

use super::context::JudgeContext;
use super::revision::has_same_findings;
use super::schedule::schedule;
use super::subject::Subject;
use super::unchanged;
use crate::registry::{ApplicationState, GroupMember};
use crate::verdicts::VerdictError;

/// Days until an application is judged again although no day before changes its findings:
/// then it is judged by the rules of the day. They differ between applications, so that not
/// all are judged on the same day.
const LEAST_DAYS: i64 = 7;
const MOST_DAYS: i64 = 14;

/// Returns the day on which an application is to be judged next, if it has nothing to report
/// today: no other findings than its latest revision, and no reminder.
///
/// # Errors
/// When no programme has the stage.
pub(crate) fn next_judge_day(
    member: &GroupMember,
    context: &JudgeContext<'_>,
) -> Result<Option<Date>, VerdictError> {
    let GroupMember { record, latest } = member;
    let (known, on) = (&record.schedule, context.on);
    let is_reminded = known.next_reminder_on.is_some_and(|day| day <= on);
    let Some((digest, judged_on)) = latest.as_ref().filter(|_| !is_reminded) else {
        return Ok(None);
    };
    let Some(subject) = Subject::find(record, None) else { return Ok(None) };
    if record.state != ApplicationState::Submitted {
        return Ok(None);
    }
    let body = subject.judge(record, context, on)?;
    let Some(stored) = unchanged(&subject, record, context, (digest, *judged_on), &body)? else {
        return Ok(None);
    };
    let next = schedule(&stored, on, known);
    let is_same_deadline = (next.due_on, next.accepted_on, next.next_reminder_on)
        == (known.due_on, known.accepted_on, known.next_reminder_on);
    if !is_same_deadline {
        return Ok(None);
    }
    let changes = |day| Ok(!has_same_findings(&subject.judge(record, context, day)?, &body));
    first_change(on, days_ahead(&record.key), changes).map(Some)
}

fn days_ahead(application_id: &str) -> i64 {
    let mut hasher = DefaultHasher::new();
    application_id.hash(&mut hasher);
    let spread = hasher.finish() % (MOST_DAYS - LEAST_DAYS + 1).unsigned_abs();
    LEAST_DAYS + spread as i64
}

/// Returns the first of some days after `on` on which findings change, or the last of them.
/// No finding comes back once a day has changed it (a test of the rules says so), so if the
/// last day changes nothing, no day before does.
fn first_change<E>(
    on: Date,
    days: i64,
    changes: impl Fn(Date) -> Result<bool, E>,
) -> Result<Date, E> {
    let day = |days| on.saturating_add(Span::new().days(days));
    let (mut same, mut changed) = (0, days);
    if !changes(day(days))? {
        return Ok(day(days));
    }
    while changed - same > 1 {
        let middle = i64::midpoint(same, changed);
        if changes(day(middle))? { changed = middle } else { same = middle }
    }
    Ok(day(changed))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_first_day_that_changes_findings_is_found() {
        let on = date(2026, 3, 1);
        let after = |days| on.saturating_add(Span::new().days(days));
        for days in [1, 7, 14] {
            for change in 1..=20 {
                let found = first_change(on, days, |day| Ok::<_, ()>(day >= after(change)));
                assert_eq!(found, Ok(after(change.min(days))), "{change} of {days}");
            }
        }
        assert_eq!(first_change(on, 7, |_| Err("judging failed")), Err("judging failed"));
    }

    #[test]
    fn applications_are_spread_over_days() {
        let days: std::collections::BTreeSet<i64> =
            (0..100).map(|n| days_ahead(&format!("A-{n}"))).collect();
        assert_eq!(days, (LEAST_DAYS..=MOST_DAYS).collect());
    }
}
