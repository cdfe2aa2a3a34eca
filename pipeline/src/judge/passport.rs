//! The passport: is there a zone, does it hold together, how long is it valid?

use jiff::Span;
use jiff::civil::Date;

use super::checks::{bare, not_run};
use super::{Judging, dates};
use crate::application::Document;
use crate::examination::{CheckDigit, Examination, Field, FieldName, Source, Zone, ZoneFormat};
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::Check;

pub(super) fn judge(judging: &Judging<'_>, document: &Document, seen: &Examination) -> Vec<Check> {
    let required = judging.required(document);
    if seen.pages.is_empty() {
        return not_seen(document, required);
    }
    let mut checks = vec![zone(seen, required)];
    if !seen.zones.is_empty() {
        checks.push(visual(document, seen));
    }
    if let Some(zone) = seen.zones.first() {
        checks.push(check_digits(zone, required));
        checks.push(plausible(seen, required));
        let kind = kind_of_document(seen);
        // the date of a visa or a card says nothing of a passport
        if kind.reasons.iter().any(|reason| reason.code == Code::PassportTypeWrong) {
            checks.push(not_run("passport.validity", required, "passport.document"));
        } else {
            checks.extend(validity(judging, document, seen, required));
        }
        checks.push(kind);
    } else {
        let after = |id| not_run(id, required, "passport.zone");
        checks.extend(["passport.check_digits", "passport.dates", "passport.validity"].map(after));
    }
    checks.into_iter().map(|check| check.about(document)).collect()
}

/// The checks of a passport whose file could not be looked at.
pub(super) fn not_seen(document: &Document, required: bool) -> Vec<Check> {
    let ids = ["passport.zone", "passport.check_digits", "passport.dates", "passport.validity"];
    ids.map(|id| not_run(id, required, "file.opens").about(document)).into()
}

fn of_examination(seen: &Examination, codes: &[Code]) -> Vec<Reason> {
    seen.reasons.iter().filter(|reason| codes.contains(&reason.code)).cloned().collect()
}

fn zone(seen: &Examination, required: bool) -> Check {
    let mut reasons = of_examination(
        seen,
        &[Code::MrzNotFound, Code::MrzUnreadable, Code::MrzLength, Code::MrzSeveral],
    );
    if seen.zones.is_empty() && reasons.is_empty() {
        reasons.push(bare(Code::MrzNotFound));
    }
    let check = Check::of_reasons("passport.zone", required, reasons);
    Check { confidence: seen.zones.first().map(|zone| zone.confidence), ..check }
}

fn check_digits(zone: &Zone, required: bool) -> Check {
    let digits = &zone.check_digits;
    let all = [
        (digits.document_number, Code::MrzCheckNumber),
        (digits.date_of_birth, Code::MrzCheckBirth),
        (digits.date_of_expiry, Code::MrzCheckExpiry),
        (digits.personal_number, Code::MrzCheckPersonal),
        (digits.composite, Code::MrzCheckComposite),
    ];
    let wrong = all.iter().filter(|(digit, _)| *digit == CheckDigit::Wrong);
    let mut reasons: Vec<Reason> = wrong.map(|(_, code)| bare(*code)).collect();
    if zone.changed > 0 {
        reasons.push(bare(Code::MrzRepaired).with("changed", zone.changed));
    }
    let count = |outcome| all.iter().filter(|(digit, _)| *digit == outcome).count();
    Check::of_reasons("passport.check_digits", required, reasons).expects(
        "none wrong",
        format!("{} valid, {} wrong", count(CheckDigit::Valid), count(CheckDigit::Wrong)),
    )
}

fn plausible(seen: &Examination, required: bool) -> Check {
    let codes = [Code::MrzDateImpossible, Code::MrzDatesImplausible];
    Check::of_reasons("passport.dates", required, of_examination(seen, &codes))
}

/// Whether the print above the zone says the same; where it could not be read,
/// there is nothing to compare.
fn visual(document: &Document, seen: &Examination) -> Check {
    let codes = [Code::ExpSourcesDisagree, Code::XchkVisual, Code::SysReaderMissing];
    let reasons = of_examination(seen, &codes);
    let read = seen.fields.iter().any(|field| field.source == Source::Visual);
    if !read && reasons.is_empty() {
        return Check::new("passport.visual", Status::NotApplicable, false);
    }
    let check = Check::of_reasons("passport.visual", false, reasons);
    let expiry = seen.fields.iter().filter(|field| field.name == FieldName::DateOfExpiry);
    let pictures = ["zone-date_of_expiry", "visual-date_of_expiry"];
    let shown = seen.evidence.iter().filter(|one| pictures.contains(&one.id.as_str()));
    let shown: Vec<&str> = shown.map(|one| one.id.as_str()).collect();
    let basis = expiry.clone().find_map(|field| field.basis);
    let least = expiry.map(|field| field.confidence).reduce(f64::min);
    Check { confidence: least, basis, ..check }.shown_by(document, &shown)
}

fn kind_of_document(seen: &Examination) -> Check {
    let codes = [Code::PassportTypeWrong, Code::MrzCountryUnknown, Code::MrzNameTruncated];
    let mut reasons = of_examination(seen, &codes);
    let other = seen.zones.first().filter(|zone| zone.format != ZoneFormat::Td3);
    if let Some(zone) = other.filter(|_| !reasons.iter().any(|r| r.code == Code::PassportTypeWrong))
    {
        let code = zone.lines.first().and_then(|line| line.get(..2)).unwrap_or_default();
        reasons.push(bare(Code::PassportTypeWrong).with("document_type", code.replace('<', "")));
    }
    Check::of_reasons("passport.document", false, reasons)
}

/// The rule that the mission turns on, and whether the passport ran out since.
fn validity(
    judging: &Judging<'_>,
    document: &Document,
    seen: &Examination,
    required: bool,
) -> Vec<Check> {
    let check = base(judging, required);
    let Some(field) = seen.fields.iter().find(|f| f.name == FieldName::DateOfExpiry) else {
        let none = of_examination(seen, &[Code::ExpNoExpiryPrinted]).pop();
        return vec![check.because(none.unwrap_or_else(|| bare(Code::ExpDateUnreadable)))];
    };
    let check = check.seen_in(document, field);
    match expiry(judging, seen, field) {
        Err(reason) => vec![check.because(reason)],
        Ok(date) => {
            vec![enough_days(judging, check, date), still_valid(judging, document, field, date)]
        }
    }
}

fn base(judging: &Judging<'_>, required: bool) -> Check {
    let rule = &judging.programme.rules.passport_validity;
    Check::new("passport.validity", Status::Pass, required)
        .by(judging, "passport_validity", rule, &rule.source)
        .after(&["passport.check_digits", "passport.dates"])
}

/// The date, if it may decide a rule.
fn expiry(judging: &Judging<'_>, seen: &Examination, field: &Field) -> Result<Date, Reason> {
    let disagree = |reason: &&Reason| reason.code == Code::ExpSourcesDisagree;
    if let Some(reason) = seen.reasons.iter().find(disagree) {
        return Err(reason.clone());
    }
    let other_zone = seen.reasons.iter().any(|reason| reason.code == Code::MrzUnreadable);
    if !field.sure || several_expiries(seen) || other_zone {
        return Err(bare(Code::ExpDateUnreadable));
    }
    let rule = &judging.programme.rules.expiry_window;
    let on = judging.application_date;
    let far = || bare(Code::ExpFarAhead).with("years_ahead", rule.unsure_beyond_years);
    let date = dates::resolve(field, &[], on, &judging.window()).ok_or_else(far)?;
    let horizon = on.saturating_add(Span::new().years(rule.unsure_beyond_years));
    if date > horizon { Err(far()) } else { Ok(date) }
}

/// Two passports in one file: which of their dates is meant is for a person to say.
pub(super) fn several_expiries(seen: &Examination) -> bool {
    let passports = seen.zones.iter().filter(|zone| zone.format == ZoneFormat::Td3);
    let mut dates = passports.filter_map(|zone| zone.lines.get(1)?.get(21..27));
    dates.next().is_some_and(|first| dates.any(|other| other != first))
}

fn enough_days(judging: &Judging<'_>, check: Check, expiry: Date) -> Check {
    let rule = &judging.programme.rules.passport_validity;
    let on = judging.application_date;
    let days = dates::days_between(on, expiry);
    let least = rule.more_than_days + 1;
    let spare = days - least;
    #[expect(clippy::cast_precision_loss, reason = "days of a calendar are few")]
    let check = check
        .expects(format!("> {} days", rule.more_than_days), format!("{days} days"))
        .margin(spare as f64);
    let say = |code| {
        bare(code)
            .with("days", days)
            .with("more_than", rule.more_than_days)
            .with("expiry", expiry.to_string())
            .with("on", on.to_string())
            .with("first_accepted", on.saturating_add(Span::new().days(least)).to_string())
    };
    if days < 0 {
        check.because(say(Code::ExpExpired))
    } else if days == rule.more_than_days {
        check.because(say(Code::ExpBoundary180))
    } else if days < rule.more_than_days {
        check.because(say(Code::ExpNotEnoughDays))
    } else if spare < rule.close_days {
        check.because(say(Code::ExpClose))
    } else {
        check
    }
}

/// Expired at submission and expired while waiting are different things to put right.
fn still_valid(judging: &Judging<'_>, document: &Document, field: &Field, expiry: Date) -> Check {
    let on = judging.case.on;
    let check = Check::new("passport.still_valid", Status::Pass, false)
        .seen_in(document, field)
        .expects(format!("on or after {on}"), expiry.to_string());
    if expiry < judging.application_date {
        Check { status: Status::NotApplicable, ..check }
    } else if expiry < on {
        let reason = bare(Code::ExpExpiredWhileWaiting);
        check.because(reason.with("expiry", expiry.to_string()).with("on", on.to_string()))
    } else {
        check
    }
}
