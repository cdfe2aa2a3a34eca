//! Checks of the passport: its machine readable zone, its dates and its validity.

use jiff::Span;
use jiff::civil::Date;

use super::calendar;
use super::check_builder::not_run;
use super::context::CheckContext;
use super::visual_zone::check_visual_zone;
use crate::application::Document;
use crate::examination::{CheckDigit, Examination, Field, FieldName, Zone, ZoneFormat};
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

/// Checks an examined passport.
pub(super) fn check_passport(
    context: &CheckContext<'_>,
    document: &Document,
    examination: &Examination,
) -> Vec<Check> {
    let required = context.is_required(document);
    if examination.pages.is_empty() {
        return unexamined_checks(document, required);
    }
    let mut checks = vec![check_zone(examination, required)];
    if !examination.zones.is_empty() {
        checks.push(check_visual_zone(context, document, examination));
    }
    if let Some(zone) = examination.zones.first() {
        checks.push(verify_check_digits(zone, required));
        checks.push(check_plausibility(examination, required));
        let document_type = check_document_type(examination);
        // the date of a visa or a card does not apply to the passport
        if document_type.reasons.iter().any(|reason| reason.code == Code::PassportTypeWrong) {
            checks.push(not_run("passport.validity", required, "passport.document"));
        } else {
            checks.extend(check_validity(context, document, examination, required));
        }
        checks.push(document_type);
    } else {
        let after = |id| not_run(id, required, "passport.zone");
        checks.extend(["passport.check_digits", "passport.dates", "passport.validity"].map(after));
    }
    checks.into_iter().map(|check| check.for_document(document)).collect()
}

/// Returns the checks of a passport without examined pages.
pub(super) fn unexamined_checks(document: &Document, required: bool) -> Vec<Check> {
    let ids = ["passport.zone", "passport.check_digits", "passport.dates", "passport.validity"];
    ids.map(|id| not_run(id, required, "file.opens").for_document(document)).into()
}

fn reasons_among(examination: &Examination, codes: &[Code]) -> Vec<Reason> {
    examination.reasons.iter().filter(|reason| codes.contains(&reason.code)).cloned().collect()
}

fn check_zone(examination: &Examination, required: bool) -> Check {
    let mut reasons = reasons_among(
        examination,
        &[Code::MrzNotFound, Code::MrzUnreadable, Code::MrzLength, Code::MrzSeveral],
    );
    if examination.zones.is_empty() && reasons.is_empty() {
        reasons.push(Reason::new(Code::MrzNotFound));
    }
    let check = Check::from_reasons("passport.zone", required, reasons);
    Check { confidence: examination.zones.first().map(|zone| zone.confidence), ..check }
}

fn verify_check_digits(zone: &Zone, required: bool) -> Check {
    let digits = &zone.check_digits;
    let all = [
        (digits.document_number, Code::MrzCheckNumber),
        (digits.date_of_birth, Code::MrzCheckBirth),
        (digits.date_of_expiry, Code::MrzCheckExpiry),
        (digits.personal_number, Code::MrzCheckPersonal),
        (digits.composite, Code::MrzCheckComposite),
    ];
    let wrong = all.iter().filter(|(digit, _)| *digit == CheckDigit::Wrong);
    let mut reasons: Vec<Reason> = wrong.map(|(_, code)| Reason::new(*code)).collect();
    if zone.changed > 0 {
        reasons.push(Reason::new(Code::MrzRepaired).with("changed", zone.changed));
    }
    let count = |outcome| all.iter().filter(|(digit, _)| *digit == outcome).count();
    Check::from_reasons("passport.check_digits", required, reasons).with_expected(
        "none wrong",
        format!("{} valid, {} wrong", count(CheckDigit::Valid), count(CheckDigit::Wrong)),
    )
}

fn check_plausibility(examination: &Examination, required: bool) -> Check {
    let codes = [Code::MrzDateImpossible, Code::MrzDatesImplausible];
    Check::from_reasons("passport.dates", required, reasons_among(examination, &codes))
}

fn check_document_type(examination: &Examination) -> Check {
    let codes = [Code::PassportTypeWrong, Code::MrzCountryUnknown, Code::MrzNameTruncated];
    let mut reasons = reasons_among(examination, &codes);
    let other = examination.zones.first().filter(|zone| zone.format != ZoneFormat::Td3);
    if let Some(zone) = other.filter(|_| !reasons.iter().any(|r| r.code == Code::PassportTypeWrong))
    {
        let code = zone.lines.first().and_then(|line| line.get(..2)).unwrap_or_default();
        reasons.push(
            Reason::new(Code::PassportTypeWrong).with("document_type", code.replace('<', "")),
        );
    }
    Check::from_reasons("passport.document", false, reasons)
}

/// Checks the validity on the day of application, the most important rule, and
/// whether the passport has expired since.
fn check_validity(
    context: &CheckContext<'_>,
    document: &Document,
    examination: &Examination,
    required: bool,
) -> Vec<Check> {
    let check = validity_check(context, required);
    let Some(field) = examination.fields.iter().find(|f| f.name == FieldName::DateOfExpiry) else {
        let none = reasons_among(examination, &[Code::ExpNoExpiryPrinted]).pop();
        return vec![
            check.with_reason(none.unwrap_or_else(|| Reason::new(Code::ExpDateUnreadable))),
        ];
    };
    let check = check.with_field(document, field);
    match reliable_expiry(context, examination, field) {
        Err(reason) => vec![check.with_reason(reason)],
        Ok(date) => {
            vec![
                check_remaining_days(context, check, date),
                check_still_valid(context, document, field, date),
            ]
        }
    }
}

fn validity_check(context: &CheckContext<'_>, required: bool) -> Check {
    let rule = &context.programme.rules.passport_validity;
    Check::new("passport.validity", Status::Pass, required)
        .with_rule(context, "passport_validity", rule, &rule.source)
        .depending_on(&["passport.check_digits", "passport.dates"])
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

fn check_remaining_days(context: &CheckContext<'_>, check: Check, expiry: Date) -> Check {
    let rule = &context.programme.rules.passport_validity;
    let on = context.application_date;
    let days = calendar::days_between(on, expiry);
    let least = rule.more_than_days + 1;
    let spare = days - least;
    #[expect(clippy::cast_precision_loss, reason = "a number of calendar days is small")]
    let check = check
        .with_expected(format!("> {} days", rule.more_than_days), format!("{days} days"))
        .with_margin(spare as f64);
    let reason = |code| {
        Reason::new(code)
            .with("days", days)
            .with("more_than", rule.more_than_days)
            .with("expiry", expiry.to_string())
            .with("on", on.to_string())
            .with("first_accepted", on.saturating_add(Span::new().days(least)).to_string())
    };
    if days < 0 {
        check.with_reason(reason(Code::ExpExpired))
    } else if days == rule.more_than_days {
        check.with_reason(reason(Code::ExpBoundary180))
    } else if days < rule.more_than_days {
        check.with_reason(reason(Code::ExpNotEnoughDays))
    } else if spare < rule.close_days {
        check.with_reason(reason(Code::ExpClose))
    } else {
        check
    }
}

/// Checks that the passport has not expired since the application. A passport that
/// had expired before is another problem for the applicant.
fn check_still_valid(
    context: &CheckContext<'_>,
    document: &Document,
    field: &Field,
    expiry: Date,
) -> Check {
    let on = context.case.on;
    let check = Check::new("passport.still_valid", Status::Pass, false)
        .with_field(document, field)
        .with_expected(format!("on or after {on}"), expiry.to_string());
    if expiry < context.application_date {
        Check { status: Status::NotApplicable, ..check }
    } else if expiry < on {
        let reason = Reason::new(Code::ExpExpiredWhileWaiting);
        check.with_reason(reason.with("expiry", expiry.to_string()).with("on", on.to_string()))
    } else {
        check
    }
}
