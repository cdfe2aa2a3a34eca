//! Checks of the passport: its machine readable zone and its dates.

use super::check_builder::{check_pages_read, is_zone_damaged, not_run, reasons_among};
use super::context::CheckContext;
use super::passport_validity::{check_validity, validity_not_run};
use super::visual_zone::check_visual_zone;
use crate::application::Document;
use crate::examination::{CheckDigit, Examination, Zone, ZoneFormat};
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
        return unexamined_checks(context, document);
    }
    let mut checks = vec![check_zone(examination, required)];
    checks.extend(check_other_pages(examination));
    if !examination.zones.is_empty() {
        checks.push(check_visual_zone(context, document, examination));
    }
    if let Some(zone) = examination.zones.first() {
        let part = is_zone_damaged(examination);
        checks.push(unless_partial(verify_check_digits(zone, required), part));
        checks.push(unless_partial(check_plausibility(examination, required), part));
        let document_type = check_document_type(examination);
        // the date of a visa or a card does not apply to the passport
        if is_passport(&document_type) {
            checks.extend(check_validity(context, document, examination, required));
        } else {
            checks.extend(validity_not_run(context, required, "passport.document"));
        }
        checks.push(document_type);
    } else {
        let after = |id| not_run(id, required, "passport.zone");
        checks.extend(["passport.check_digits", "passport.dates"].map(after));
        checks.extend(validity_not_run(context, required, "passport.zone"));
    }
    checks.into_iter().map(|check| check.for_document(document)).collect()
}

/// Returns the checks of a passport without examined pages.
pub(super) fn unexamined_checks(context: &CheckContext<'_>, document: &Document) -> Vec<Check> {
    let required = context.is_required(document);
    let ids = ["passport.zone", "passport.check_digits", "passport.dates"];
    let mut checks: Vec<Check> = ids.map(|id| not_run(id, required, "file.opens")).into();
    checks.extend(validity_not_run(context, required, "file.opens"));
    checks.into_iter().map(|check| check.for_document(document)).collect()
}

fn check_zone(examination: &Examination, required: bool) -> Check {
    let mut reasons = reasons_among(
        examination,
        &[
            Code::MrzNotFound,
            Code::MrzUnreadable,
            Code::MrzCovered,
            Code::MrzCut,
            Code::MrzLength,
            Code::MrzSeveral,
        ],
    );
    if examination.zones.is_empty() && reasons.is_empty() {
        reasons.push(Reason::new(Code::MrzNotFound));
    }
    let check = Check::from_reasons("passport.zone", required, reasons);
    Check { confidence: examination.zones.first().map(|zone| zone.confidence), ..check }
}

/// Names the pages without a zone beside those with one: nothing on them was read.
fn check_other_pages(examination: &Examination) -> Option<Check> {
    let has_zone = |page| examination.zones.iter().any(|zone| zone.page == page);
    let pages = || check_pages_read("passport.other_pages", examination, has_zone);
    (!examination.zones.is_empty()).then(pages)?
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

/// The reasons for which it is not known that the document is a passport, or known that it
/// is none.
const NOT_A_PASSPORT: [Code; 4] =
    [Code::PassportTypeWrong, Code::MrzUnreadable, Code::MrzCovered, Code::MrzCut];

/// Checks that the zone is that of a passport. Passes only if the zone says so clearly and
/// no part of it is missing.
fn check_document_type(examination: &Examination) -> Check {
    let mut reasons = reasons_among(examination, &NOT_A_PASSPORT);
    if reasons.is_empty()
        && let Some(zone) = examination.zones.first()
    {
        let code = zone.lines.first().and_then(|line| line.get(..2)).unwrap_or_default();
        if zone.format != ZoneFormat::Td3 || !code.starts_with('P') {
            let code = code.replace('<', "");
            reasons.push(Reason::new(Code::PassportTypeWrong).with("document_type", code));
        }
    }
    let others = [Code::MrzCountryUnknown, Code::MrzNameTruncated];
    reasons.extend(reasons_among(examination, &others));
    Check::from_reasons("passport.document", false, reasons)
}

/// Whether the check of the document's type found a passport.
fn is_passport(document_type: &Check) -> bool {
    !document_type.reasons.iter().any(|reason| NOT_A_PASSPORT.contains(&reason.code))
}

/// Returns a check of the zone, which is not run where nothing is wrong with the rest of a
/// zone of which a part is hidden.
fn unless_partial(check: Check, part_is_hidden: bool) -> Check {
    if part_is_hidden && check.status == Status::Pass {
        return not_run(&check.id, check.required, "passport.zone");
    }
    check
}
