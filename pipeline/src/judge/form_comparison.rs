//! Compares the same fact from two sources: form and machine readable zone, zone
//! and visual zone.

use unicode_normalization::UnicodeNormalization;

use super::context::CheckContext;
use crate::application::{Applicant, Document, Name, Sex};
use crate::examination::{Examination, Field, FieldName, Source};
use crate::reason::{Code, Reason};
use crate::status::Status;
use crate::verdict::{Agreement, Check, Comparison};

use Agreement::{Different, Equal, Equivalent, Unreadable};

/// Compares the form with the passport, and the passport's zones with each other.
pub(super) fn compare_sources(
    context: &CheckContext<'_>,
    document: &Document,
    examination: &Examination,
) -> (Vec<Check>, Vec<Comparison>) {
    let applicant = &context.case.application.applicant;
    let mut checks = Vec::new();
    let mut comparisons = Vec::new();
    for (name, code) in [
        (FieldName::Surname, Code::XchkSurname),
        (FieldName::GivenNames, Code::XchkGiven),
        (FieldName::DateOfBirth, Code::XchkBirth),
        (FieldName::Sex, Code::XchkSex),
        (FieldName::Nationality, Code::XchkNationality),
    ] {
        let Some(field) = examination.fields.iter().find(|field| field.name == name) else {
            continue;
        };
        let Some((result, method)) = compare_with_form(applicant, field, examination) else {
            continue;
        };
        let id = format!("form.{}", name.name());
        let check =
            Check::new(&id, Status::Pass, false).for_document(document).with_field(document, field);
        checks.push(match result {
            Equal | Equivalent => check,
            Different => check.with_reason(Reason::new(code)),
            Unreadable => {
                check.with_reason(Reason::new(Code::XchkNotPossible).with("field", name.name()))
            }
        });
        let method = method.map(str::to_owned);
        comparisons.push(Comparison {
            field: name,
            left: Source::Form,
            right: field.source,
            result,
            method,
        });
    }
    comparisons.extend(compare_visual_zone(examination));
    (checks, comparisons)
}

/// Compares the machine readable zone with the visual zone.
fn compare_visual_zone(examination: &Examination) -> Vec<Comparison> {
    let visual = examination.fields.iter().filter(|field| field.source == Source::Visual);
    let comparisons = visual.filter_map(|right| {
        let is_counterpart =
            |field: &&Field| field.name == right.name && field.source == Source::Mrz;
        let left = examination.fields.iter().find(is_counterpart)?;
        let (result, method) = if left.value == right.value {
            (Equal, Some("exact"))
        } else if is_date(left.name) && right.value.get(2..) == Some(left.value.as_str()) {
            // the visual zone has the century too
            (Equal, Some("exact"))
        } else if !is_date(left.name) && normalise(&left.value) == normalise(&right.value) {
            (Equivalent, Some("separators"))
        } else {
            (Different, None)
        };
        let method = method.map(str::to_owned);
        Some(Comparison {
            field: left.name,
            left: left.source,
            right: right.source,
            result,
            method,
        })
    });
    comparisons.collect()
}

fn is_date(name: FieldName) -> bool {
    matches!(name, FieldName::DateOfBirth | FieldName::DateOfExpiry)
}

type AgreementBy = (Agreement, Option<&'static str>);

/// Compares one field with the form; `None` where the form has no value that the
/// zone's alphabet can express.
fn compare_with_form(
    applicant: &Applicant,
    field: &Field,
    examination: &Examination,
) -> Option<AgreementBy> {
    match field.name {
        FieldName::Surname => {
            Some(compare_names(&latin_name(applicant)?.surname, field, examination))
        }
        FieldName::GivenNames => {
            Some(compare_names(&latin_name(applicant)?.given_names, field, examination))
        }
        FieldName::DateOfBirth => {
            let form = applicant.birth_date?;
            let tail = form.strftime("%y-%m-%d").to_string();
            Some(if !field.sure {
                (Unreadable, None)
            } else if field.value == tail && field.possible_years.contains(&form.year()) {
                (Equal, Some("exact"))
            } else {
                (Different, None)
            })
        }
        FieldName::Sex => match (applicant.sex?, field.value.as_str()) {
            (Sex::M, "M") | (Sex::F, "F") | (Sex::X, "X") => Some((Equal, Some("exact"))),
            // the zone has a filler for X and for an unspecified sex
            (Sex::X, _) | (_, "" | "X") => None,
            _ => Some((Different, None)),
        },
        FieldName::Nationality if !applicant.citizenships.is_empty() => {
            let is_citizen = applicant.citizenships.contains(&field.value);
            Some(if is_citizen { (Equal, Some("exact")) } else { (Different, None) })
        }
        _ => None,
    }
}

fn latin_name(applicant: &Applicant) -> Option<&Name> {
    applicant.names.iter().find(|name| name.script == "latin")
}

/// Compares names exactly, then without case, diacritics and separators, then as a
/// name that the zone truncates.
fn compare_names(form: &str, field: &Field, examination: &Examination) -> AgreementBy {
    let is_truncated =
        examination.reasons.iter().any(|reason| reason.code == Code::MrzNameTruncated);
    let (left, right) = (normalise(form), normalise(&field.value));
    if form == field.value {
        (Equal, Some("exact"))
    } else if left == right {
        (Equivalent, Some("separators"))
    } else if is_truncated && !right.is_empty() && left.starts_with(&right) {
        (Equivalent, Some("truncated"))
    } else {
        (Different, None)
    }
}

/// Returns letters and digits in upper case without diacritics, as Doc 9303 part 3,
/// 6.A allows (`Ü` as `U`; its other transliterations are not compared yet).
fn normalise(name: &str) -> String {
    name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
