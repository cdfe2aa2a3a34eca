//! Checks of the passport's date of expiry: the rule of the stage, a warning by the
//! rule of a later stage, and whether the passport has expired.

use jiff::Span;
use jiff::civil::Date;
use serde_json::json;

use super::calendar;
use super::check_builder::{not_run, reasons_among};
use super::context::CheckContext;
use crate::application::Document;
use crate::examination::{Examination, Field, FieldName, ZoneFormat};
use crate::programme::PassportValidity;
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// A rule on the remaining validity.
enum ValidityRule<'a> {
    /// The rule of this stage; it may fail.
    Own(&'a PassportValidity),
    /// The rule of a later stage, with its name; it only warns.
    Later(&'a str, &'a PassportValidity),
}

impl<'a> ValidityRule<'a> {
    /// Returns the rule of the stage, the one of a later stage, or none.
    fn of(context: &CheckContext<'a>) -> Option<Self> {
        let stage = context.stage;
        if let Some(rule) = &stage.passport_validity {
            return Some(Self::Own(rule));
        }
        let later = stage.early_passport_validity.as_ref()?.for_stage.as_str();
        let rule = context.programme.stages.get(later)?.passport_validity.as_ref()?;
        Some(Self::Later(later, rule))
    }

    fn check_id(&self) -> &'static str {
        match self {
            Self::Own(_) => "passport.validity",
            Self::Later(..) => "passport.next_stage",
        }
    }

    /// Nothing in this stage depends on the rule of a later one.
    fn is_required(&self, required: bool) -> bool {
        required && matches!(self, Self::Own(_))
    }

    /// Returns a check that passes, with the rule and its numbers.
    fn new_check(&self, context: &CheckContext<'_>, required: bool) -> Check {
        let check = Check::new(self.check_id(), Status::Pass, self.is_required(required))
            .depending_on(&["passport.check_digits", "passport.dates"]);
        let stage = format!("stages/{}", context.case.application.stage);
        match self {
            Self::Own(rule) => {
                let id = format!("{stage}/passport_validity");
                check.with_rule(context, &id, rule, &rule.source)
            }
            Self::Later(name, rule) => {
                let table = json!({
                    "for_stage": name,
                    "more_than_days": rule.more_than_days,
                    "close_days": rule.close_days,
                });
                let id = format!("{stage}/early_passport_validity");
                check.with_rule(context, &id, &table, &rule.source)
            }
        }
    }
}

/// Returns the check of the validity where `precondition` has no result.
pub(super) fn validity_not_run(
    context: &CheckContext<'_>,
    required: bool,
    precondition: &str,
) -> Option<Check> {
    let rule = ValidityRule::of(context)?;
    Some(not_run(rule.check_id(), rule.is_required(required), precondition))
}

/// Checks the validity by the rule of the stage, the most important rule, and
/// whether the passport has expired.
pub(super) fn check_validity(
    context: &CheckContext<'_>,
    document: &Document,
    examination: &Examination,
    required: bool,
) -> Vec<Check> {
    let rule = ValidityRule::of(context);
    let field = examination.fields.iter().find(|field| field.name == FieldName::DateOfExpiry);
    let with_field = |check: Check| match field {
        Some(field) => check.with_field(document, field),
        None => check,
    };
    let still_valid = with_field(Check::new("passport.still_valid", Status::Pass, false));
    let check = rule.as_ref().map(|rule| with_field(rule.new_check(context, required)));
    let expiry = match field {
        Some(field) => reliable_expiry(context, examination, field),
        None => Err(reasons_among(examination, &[Code::ExpNoExpiryPrinted])
            .pop()
            .unwrap_or_else(|| Reason::new(Code::ExpDateUnreadable))),
    };
    match (expiry, rule.as_ref().zip(check)) {
        (Err(reason), Some((_, check))) => vec![check.with_reason(reason)],
        (Err(reason), None) => vec![still_valid.with_reason(reason)],
        (Ok(date), Some((rule, check))) => vec![
            check_remaining_days(context, rule, check, date),
            check_still_valid(context, still_valid, date),
        ],
        (Ok(date), None) => vec![check_still_valid(context, still_valid, date)],
    }
}

/// Returns the date of expiry if it may decide a rule.
fn reliable_expiry(
    context: &CheckContext<'_>,
    examination: &Examination,
    field: &Field,
) -> Result<Date, Reason> {
    let disagree = |reason: &&Reason| reason.code == Code::ExpSourcesDisagree;
    if let Some(reason) = examination.reasons.iter().find(disagree) {
        return Err(reason.clone());
    }
    let other_zone = examination.reasons.iter().any(|reason| reason.code == Code::MrzUnreadable);
    if !field.sure || has_several_expiries(examination) || other_zone {
        return Err(Reason::new(Code::ExpDateUnreadable));
    }
    let rule = &context.programme.rules.expiry_window;
    let on = context.application_date;
    let too_far = || Reason::new(Code::ExpFarAhead).with("years_ahead", rule.unsure_beyond_years);
    let date =
        calendar::resolve_date(field, &[], on, &context.expiry_years()).ok_or_else(too_far)?;
    let horizon = on.saturating_add(Span::new().years(rule.unsure_beyond_years));
    if date > horizon { Err(too_far()) } else { Ok(date) }
}

/// Returns whether the file has passports with different dates of expiry: a person
/// has to decide which date counts.
pub(super) fn has_several_expiries(examination: &Examination) -> bool {
    let passports = examination.zones.iter().filter(|zone| zone.format == ZoneFormat::Td3);
    let mut dates = passports.filter_map(|zone| zone.lines.get(1)?.get(21..27));
    dates.next().is_some_and(|first| dates.any(|other| other != first))
}

fn check_remaining_days(
    context: &CheckContext<'_>,
    rule: &ValidityRule<'_>,
    check: Check,
    expiry: Date,
) -> Check {
    // a later stage counts from its own day of application, which is today at the earliest
    let (numbers, on) = match rule {
        ValidityRule::Own(numbers) => (numbers, context.application_date),
        ValidityRule::Later(_, numbers) => (numbers, context.application_date.max(context.case.on)),
    };
    let days = calendar::days_between(on, expiry);
    let least = numbers.more_than_days + 1;
    let spare = days - least;
    #[expect(clippy::cast_precision_loss, reason = "a number of calendar days is small")]
    let check = check
        .with_expected(format!("> {} days", numbers.more_than_days), format!("{days} days"))
        .with_margin(spare as f64);
    let reason = |code| {
        Reason::new(code)
            .with("days", days)
            .with("more_than", numbers.more_than_days)
            .with("expiry", expiry.to_string())
            .with("on", on.to_string())
    };
    let first_accepted = on.saturating_add(Span::new().days(least)).to_string();
    let short =
        |code| check.clone().with_reason(reason(code).with("first_accepted", first_accepted));
    match rule {
        // a person without a passport of today needs a new one for every stage
        ValidityRule::Later(..) if days < 0 => Check { status: Status::NotApplicable, ..check },
        ValidityRule::Later(stage, numbers) if spare < numbers.close_days => {
            let last_day = expiry.saturating_sub(Span::new().days(least)).to_string();
            let reason = reason(Code::ExpTooShortForNextStage).with("stage", *stage);
            check.with_reason(reason.with("last_day", last_day))
        }
        ValidityRule::Own(_) if days < 0 => short(Code::ExpExpired),
        ValidityRule::Own(_) if days == numbers.more_than_days => short(Code::ExpBoundary180),
        ValidityRule::Own(_) if days < numbers.more_than_days => short(Code::ExpNotEnoughDays),
        ValidityRule::Own(_) if spare < numbers.close_days => short(Code::ExpClose),
        _ => check,
    }
}

/// Checks that the passport has not expired. Where it had before the application, the
/// rule of the stage says so; a stage without a rule only warns.
fn check_still_valid(context: &CheckContext<'_>, check: Check, expiry: Date) -> Check {
    let on = context.case.on;
    // the year of the date of expiry is resolved by this rule
    let window = &context.programme.rules.expiry_window;
    let check = check.with_expected(format!("on or after {on}"), expiry.to_string()).with_rule(
        context,
        "expiry_window",
        window,
        &window.source,
    );
    let reason = |code, on: Date| {
        Reason::new(code).with("expiry", expiry.to_string()).with("on", on.to_string())
    };
    if expiry < context.application_date {
        if context.stage.passport_validity.is_some() {
            return Check { status: Status::NotApplicable, ..check };
        }
        check.with_reason(reason(Code::ExpExpiredNoRule, context.application_date))
    } else if expiry < on {
        check.with_reason(reason(Code::ExpExpiredWhileWaiting, on))
    } else {
        check
    }
}
