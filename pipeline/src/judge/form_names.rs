//! Compares the names of the form with those of the zone: the whole name first, for a
//! name may stand in the other field, then each field.

use super::names::{Class, NameComparison, NameSide, Scope, compare, has_cyrillic};
use crate::application::Name;
use crate::examination::{Examination, FieldName, Source};
use crate::reason::Code;

/// Two compared names and the result.
#[derive(Clone)]
pub struct ComparedName {
    /// The form's name, or the field of it.
    pub form: String,
    /// The zone's.
    pub zone: String,
    /// How far they agree.
    pub result: NameComparison,
    /// Whether the whole names were compared, because the fields have other names.
    pub by_whole: bool,
    /// The form's other names that do not agree, or were not compared.
    pub others: Vec<OtherName>,
}

/// Another of the form's names, beside the one whose result counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OtherName {
    /// It is close or different, by this rule.
    Unlike(String),
    /// It was not compared, with the reason.
    NotCompared(String),
}

crate::hidden::hidden_debug!(ComparedName);

/// The results for surname and given names; `None` where neither side has any.
pub type ComparedFields = [Option<ComparedName>; 2];

/// The names of a zone.
pub struct ZoneNames<'a> {
    /// Primary identifier; may be empty.
    pub surname: &'a str,
    /// Secondary identifier; may be empty.
    pub given: &'a str,
    /// Issuing state, as a code of Doc 9303.
    pub issuer: Option<&'a str>,
    /// Whether the names fill their field, so that some letters may be missing.
    pub truncated: bool,
}

/// Most names of a form that are compared.
const MOST_NAMES: usize = 8;

/// Compares the form's names with the zone's. Each field has the result of the Latin name,
/// else of the Cyrillic one, else of any other that can be compared; one that is different
/// comes before them all, unless it is a Cyrillic spelling beside a Latin name, and the issuing
/// state has no rule for such spellings.
///
/// # Errors
/// Why there is nothing to compare.
pub fn compare_names(names: &[Name], zone: &ZoneNames<'_>) -> Result<ComparedFields, &'static str> {
    if zone.surname.is_empty() && zone.given.is_empty() {
        return Err("zone-has-no-name");
    }
    let has_name = |name: &&Name| !(name.surname.is_empty() && name.given_names.is_empty());
    let mut names: Vec<&Name> = names.iter().filter(has_name).collect();
    names.sort_by_key(|name| match name.script.as_str() {
        "latin" => 0,
        "cyrillic" => 1,
        _ => 2,
    });
    let too_many = names.len().saturating_sub(MOST_NAMES);
    names.truncate(MOST_NAMES);
    if names.is_empty() {
        return Err("form-has-no-name");
    }
    let mut compared: [Vec<ComparedName>; 2] = Default::default();
    for name in names {
        for (all, one) in compared.iter_mut().zip(compare_fields(name, zone)) {
            all.extend(one);
        }
    }
    // a state without a scheme for Cyrillic: what is written there says little of its names
    let is_foreign = zone.issuer.is_some_and(|state| !has_cyrillic(state));
    Ok(compared.map(|all| decisive(all, too_many, is_foreign)))
}

/// Returns the result of a field that counts, with what the form's other names say.
fn decisive(mut all: Vec<ComparedName>, too_many: usize, is_foreign: bool) -> Option<ComparedName> {
    let is_latin = |one: &ComparedName| one.form.chars().any(|c| c.is_ascii_alphabetic());
    let counts = |one: &ComparedName| !is_foreign || is_latin(one) || !all.iter().any(is_latin);
    let first = |is: &dyn Fn(&ComparedName) -> bool| all.iter().position(is);
    let at = first(&|one| one.result.class == Class::Different && counts(one))
        .or_else(|| first(&|one| one.result.class != Class::NotComparable))
        .unwrap_or_default();
    let mut found = (at < all.len()).then(|| all.remove(at))?;
    let others = all.into_iter().filter_map(|other| match other.result.class {
        Class::Close | Class::Different if found.result.class <= Class::Equivalent => {
            Some(OtherName::Unlike(other.result.rule))
        }
        Class::NotComparable if found.result.class != Class::NotComparable => {
            Some(OtherName::NotCompared(other.result.rule))
        }
        _ => None,
    });
    found.others = others.collect();
    let rest = (too_many > 0).then(|| OtherName::NotCompared("too-many".to_owned()));
    found.others.extend(rest);
    Some(found)
}

/// Returns the names in the zone of a passport.
pub(super) fn zone_names(examination: &Examination) -> ZoneNames<'_> {
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
    let has = |form: &str, zone: &str| (!form.trim().is_empty(), !zone.is_empty());
    let (surnames, given) = (has(&name.surname, zone.surname), has(&name.given_names, zone.given));
    let are_kept_apart = surnames == (true, true) && given == (true, true);
    // a zone that has no given name was not cut within one
    let truncated = zone.truncated && !zone.given.is_empty();
    // each side has the whole name in one of its fields
    let is_undivided = surnames.0 != given.0 && surnames.1 != given.1;
    let scope = match (are_kept_apart, is_undivided) {
        (true, _) => Scope::Fields,
        (_, true) => Scope::Undivided,
        _ => Scope::Whole,
    };
    let whole = compared(
        [&name.surname, &name.given_names, patronymic],
        [zone.surname, zone.given],
        (zone.issuer, truncated, scope),
    );
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
    let agrees = |one: &ComparedName| one.result.class <= Class::Equivalent;
    let surname = || {
        let (form, zone_name) = ([&*name.surname, "", ""], [zone.surname, ""]);
        compared(form, zone_name, (zone.issuer, false, Scope::Surname))
    };
    let given_names = || {
        let (form, zone_name) = (["", &*name.given_names, patronymic], ["", zone.given]);
        compared(form, zone_name, (zone.issuer, truncated, Scope::GivenNames))
    };
    if !are_kept_apart {
        // one side has all names in one field, or one of two fields is hidden or empty
        if agrees(&whole) {
            return both(whole);
        }
        let of_both = |is_on_both: bool, one: &dyn Fn() -> ComparedName| {
            is_on_both.then(one).filter(|one| agrees(one))
        };
        if let Some(surname) = of_both(surnames == (true, true), &surname) {
            return [Some(surname), Some(absent(&name.given_names, zone.given))];
        }
        if let Some(given) = of_both(given == (true, true), &given_names) {
            return [Some(absent(&name.surname, zone.surname)), Some(given)];
        }
        return both(whole);
    }
    let (surname, given) = (surname(), given_names());
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

/// Returns the result for a field that one side does not have.
fn absent(form: &str, zone: &str) -> ComparedName {
    let rule = if zone.is_empty() { "zone-has-no-name" } else { "form-has-no-name" };
    let result = NameComparison::not_comparable(rule);
    ComparedName {
        form: form.trim().to_owned(),
        zone: zone.to_owned(),
        result,
        by_whole: false,
        others: Vec::new(),
    }
}

/// Compares surname, given names and patronymic with surname and given names.
fn compared(
    form: [&str; 3],
    zone: [&str; 2],
    (issuer, truncated, scope): (Option<&str>, bool, Scope),
) -> ComparedName {
    let joined = |parts: &[&str]| {
        let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    };
    let length = |text: &str| text.trim().chars().count();
    let (text, zone_text) = (joined(&form), joined(&zone));
    let patronymic = Some(length(form[2])).filter(|length| *length > 0);
    let patronymic_from = patronymic.map(|part| length(&text).saturating_sub(part));
    let left = NameSide { surname_to: length(form[0]), patronymic_from, ..NameSide::new(&text) };
    let right = NameSide { surname_to: length(zone[0]), truncated, ..NameSide::new(&zone_text) };
    let result = compare(left, right, issuer, scope);
    ComparedName { form: text, zone: zone_text, result, by_whole: false, others: Vec::new() }
}
