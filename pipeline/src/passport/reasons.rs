//! The reasons that follow from the zones of a page.

use super::certainty::are_plausible;
use super::mrz::Mrz;
use super::mrz::dates::ZoneDate;
use super::mrz::names::fillers_to_spaces;
use super::mrz::states::is_known;
use super::read::ReadZone;
use super::visual::{Agreement, VisualZone};
use crate::examination::{CheckDigit, FieldName};
use crate::reason::{Code, Reason};

/// Returns the reasons about the best zone, and about further zones.
pub(crate) fn zone_reasons(zones: &[ReadZone]) -> Vec<Reason> {
    let Some(best) = zones.first() else { return Vec::new() };
    let mut reasons = document_reasons(best);
    reasons.extend(mrz_reasons(best));
    if best.changed() > 0 {
        reasons.push(Reason::new(Code::MrzRepaired).with("changed", best.changed()));
    }
    let others = zones.iter().filter(|zone| are_different(&zone.mrz, &best.mrz)).count();
    if others > 0 {
        reasons.push(Reason::new(Code::MrzSeveral).with("zones", others + 1));
    }
    reasons
}

/// Returns the reasons about differing fields of the visual zone, and about a
/// missing reader.
pub(crate) fn visual_reasons(visual: &VisualZone) -> Vec<Reason> {
    let differing = visual.fields.iter().filter(|field| field.agreement == Agreement::Differs);
    let mut reasons: Vec<Reason> = differing
        .map(|field| match field.name {
            FieldName::DateOfExpiry => Reason::new(Code::ExpSourcesDisagree),
            name => Reason::new(Code::XchkVisual).with("field", name.name()),
        })
        .collect();
    if visual.missing.is_some() {
        reasons.push(Reason::new(Code::SysReaderMissing).with("reader", "tesseract"));
    }
    reasons
}

/// Returns what is missing of a zone, and whether it is no passport or may be none.
fn document_reasons(zone: &ReadZone) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if zone.damage.covered {
        reasons.push(Reason::new(Code::MrzCovered));
    }
    if zone.damage.is_cut() {
        reasons.push(Reason::new(Code::MrzCut));
    }
    let clear = zone.code_is_clear();
    if !zone.mrz.is_travel_passport() && clear {
        let code = fillers_to_spaces(zone.mrz.document_code());
        reasons.push(Reason::new(Code::PassportTypeWrong).with("document_type", code));
    }
    let passport = zone.mrz.is_travel_passport() && zone.first_letter_is_clear();
    if reasons.is_empty() && (!passport || !zone.damage.is_none()) {
        reasons.push(Reason::new(Code::MrzUnreadable));
    }
    reasons
}

/// Returns the reasons that follow from the characters of one zone. Nothing follows from
/// characters that are hidden or were not recognised.
fn mrz_reasons(zone: &ReadZone) -> Vec<Reason> {
    let (mrz, layout) = (&zone.mrz, zone.mrz.layout());
    let mut reasons = Vec::new();
    reasons.extend(check_digits(zone));
    let dates = [
        (FieldName::DateOfBirth, mrz.date_of_birth(), layout.birth.field),
        (FieldName::DateOfExpiry, mrz.date_of_expiry(), layout.expiry.field),
    ];
    for (name, date, place) in dates {
        // fillers are allowed in a date of birth; an expiry has only fillers or none
        let part = date == ZoneDate::Partial && name == FieldName::DateOfExpiry;
        if (date == ZoneDate::Impossible || part) && !zone.is_hidden(&[place]) {
            reasons.push(Reason::new(Code::MrzDateImpossible).with("field", name.name()));
        }
    }
    if !are_plausible(mrz.date_of_birth(), mrz.date_of_expiry()) {
        reasons.push(Reason::new(Code::MrzDatesImplausible));
    }
    if zone.states_no_expiry() {
        reasons.push(Reason::new(Code::ExpNoExpiryPrinted));
    }
    if mrz.names().truncated && !zone.is_hidden(&[layout.names]) {
        reasons.push(Reason::new(Code::MrzNameTruncated));
    }
    let mut states: Vec<&str> = [layout.issuer, layout.nationality]
        .into_iter()
        .filter(|place| zone.damage.is_none() || !zone.damage.is_cut() && zone.is_read(*place))
        .map(|place| mrz.text_at(place))
        .collect();
    states.dedup();
    let unknown = states.into_iter().filter(|state| !is_known(state));
    reasons.extend(
        unknown.map(|state| {
            Reason::new(Code::MrzCountryUnknown).with("state", fillers_to_spaces(state))
        }),
    );
    reasons
}

fn check_digits(zone: &ReadZone) -> impl Iterator<Item = Reason> {
    let digits = zone.check_digits();
    let all = [
        (digits.document_number, Code::MrzCheckNumber),
        (digits.date_of_birth, Code::MrzCheckBirth),
        (digits.date_of_expiry, Code::MrzCheckExpiry),
        (digits.personal_number, Code::MrzCheckPersonal),
        (digits.composite, Code::MrzCheckComposite),
    ];
    all.into_iter()
        .filter(|(digit, _)| *digit == CheckDigit::Wrong)
        .map(|(_, code)| Reason::new(code))
}

/// Whether two zones belong to different documents, rather than to one document
/// that is shown or read twice.
fn are_different(a: &Mrz, b: &Mrz) -> bool {
    let (a, b) = (a.to_string(), b.to_string());
    let unlike = a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count();
    a.len() != b.len() || unlike * 8 > a.len()
}
