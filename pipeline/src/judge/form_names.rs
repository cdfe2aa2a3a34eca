//! Compares the names of the form with those of the zone: the whole name first, for a
//! name may stand in the other field, then each field.

use super::names::{Class, NameComparison, NameSide, Scope, compare};
use crate::application::{Applicant, Name};
use crate::examination::{Examination, FieldName, Source};
use crate::reason::Code;

/// Two compared names and the result.
#[derive(Clone)]
pub(super) struct ComparedName {
    pub(super) form: String,
    pub(super) zone: String,
    pub(super) result: NameComparison,
    /// Whether the whole names were compared, because the fields have other names.
    pub(super) by_whole: bool,
}

/// The results for surname and given names; `None` where neither side has any.
pub(super) type ComparedFields = [Option<ComparedName>; 2];

/// The names of a zone.
struct ZoneNames<'a> {
    surname: &'a str,
    given: &'a str,
    issuer: Option<&'a str>,
    truncated: bool,
}

/// Compares the form's names with the zone's: the Latin one, else the Cyrillic one,
/// else any other that can be compared.
///
/// # Errors
/// Why there is nothing to compare.
pub(super) fn compare_names(
    applicant: &Applicant,
    examination: &Examination,
) -> Result<ComparedFields, &'static str> {
    let zone = zone_names(examination);
    if zone.surname.is_empty() && zone.given.is_empty() {
        return Err("zone-has-no-name");
    }
    let has_name = |name: &&Name| !(name.surname.is_empty() && name.given_names.is_empty());
    let mut names: Vec<&Name> = applicant.names.iter().filter(has_name).take(8).collect();
    names.sort_by_key(|name| match name.script.as_str() {
        "latin" => 0,
        "cyrillic" => 1,
        _ => 2,
    });
    let mut compared = names.iter().map(|name| compare_fields(name, &zone));
    let Some(first) = compared.next() else {
        return Err("form-has-no-name");
    };
    let is_comparable = |fields: &ComparedFields| {
        fields.iter().flatten().all(|one| one.result.class != Class::NotComparable)
    };
    if is_comparable(&first) {
        return Ok(first);
    }
    Ok(compared.find(is_comparable).unwrap_or(first))
}

fn zone_names(examination: &Examination) -> ZoneNames<'_> {
    let value = |name: FieldName| {
        let mut fields = examination.fields.iter();
        fields.find(|f| f.name == name && f.source == Source::Mrz).map(|f| f.value.as_str())
    };
    ZoneNames {
        surname: value(FieldName::Surname).unwrap_or_default(),
        given: value(FieldName::GivenNames).unwrap_or_default(),
        issuer: value(FieldName::IssuingState),
        truncated: examination.reasons.iter().any(|r| r.code == Code::MrzNameTruncated),
    }
}

/// Returns what both checks say of one name of the form.
fn compare_fields(name: &Name, zone: &ZoneNames<'_>) -> ComparedFields {
    let patronymic = name.patronymic.as_deref().unwrap_or_default();
    let whole = compared(
        &[&name.surname, &name.given_names, patronymic],
        &[zone.surname, zone.given],
        (zone.issuer, zone.truncated, Scope::Whole),
    );
    let has = |form: &str, zone: &str| (!form.trim().is_empty(), !zone.is_empty());
    let (surnames, given) = (has(&name.surname, zone.surname), has(&name.given_names, zone.given));
    if surnames == (false, false) {
        return [None, Some(whole)];
    }
    if given == (false, false) {
        return [Some(whole), None];
    }
    let both = |one: ComparedName| {
        let one = Some(ComparedName { by_whole: true, ..one });
        [one.clone(), one]
    };
    if surnames != (true, true) || given != (true, true) {
        return both(whole);
    }
    let surname = compared(&[&name.surname], &[zone.surname], (zone.issuer, false, Scope::Surname));
    let given = compared(
        &[&name.given_names, patronymic],
        &[zone.given],
        (zone.issuer, zone.truncated, Scope::GivenNames),
    );
    let agrees = |one: &ComparedName| one.result.class <= Class::Equivalent;
    if !(agrees(&surname) && agrees(&given)) && agrees(&whole) {
        return both(whole);
    }
    // fields that were exchanged, with one letter more: not two other names
    let exchanged = whole.result.class == Class::Close && whole.result.rule.contains("+order");
    let differ = |one: &ComparedName| one.result.class == Class::Different;
    if exchanged && differ(&surname) && differ(&given) {
        return both(whole);
    }
    [Some(surname), Some(given)]
}

fn compared(
    form: &[&str],
    zone: &[&str],
    (issuer, truncated, scope): (Option<&str>, bool, Scope),
) -> ComparedName {
    let joined = |parts: &[&str]| {
        let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    };
    let (text, zone) = (joined(form), joined(zone));
    // the last part of several is the patronymic
    let patronymic = form.last().filter(|part| form.len() > 1 && !part.trim().is_empty());
    let is_last = scope != Scope::Surname;
    let patronymic_from = patronymic
        .filter(|_| is_last)
        .map(|part| text.chars().count().saturating_sub(part.trim().chars().count()));
    let left = NameSide { patronymic_from, ..NameSide::new(&text) };
    let right = NameSide { truncated, ..NameSide::new(&zone) };
    let result = compare(left, right, issuer, scope);
    ComparedName { form: text, zone, result, by_whole: false }
}
