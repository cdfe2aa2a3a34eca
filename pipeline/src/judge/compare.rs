//! The same fact from two sources: the form against the passport's zone.

use unicode_normalization::UnicodeNormalization;

use super::Judging;
use super::checks::bare;
use crate::application::{Applicant, Document, Name, Sex};
use crate::examination::{Examination, Field, FieldName, Source};
use crate::reason::Code;
use crate::status::Status;
use crate::verdict::{Agreement, Check, Comparison};

use Agreement::{Different, Equal, Equivalent, Unreadable};

/// What the form says and the passport shows.
pub(super) fn judge(
    judging: &Judging<'_>,
    document: &Document,
    seen: &Examination,
) -> (Vec<Check>, Vec<Comparison>) {
    let applicant = &judging.case.application.applicant;
    let mut checks = Vec::new();
    let mut comparisons = Vec::new();
    for (name, code) in [
        (FieldName::Surname, Code::XchkSurname),
        (FieldName::GivenNames, Code::XchkGiven),
        (FieldName::DateOfBirth, Code::XchkBirth),
        (FieldName::Sex, Code::XchkSex),
        (FieldName::Nationality, Code::XchkNationality),
    ] {
        let Some(field) = seen.fields.iter().find(|field| field.name == name) else { continue };
        let Some((result, method)) = compare(applicant, field, seen) else { continue };
        let id = format!("form.{}", name.name());
        let check = Check::new(&id, Status::Pass, false).about(document).seen_in(document, field);
        checks.push(match result {
            Equal | Equivalent => check,
            Different => check.because(bare(code)),
            Unreadable => check.because(bare(Code::XchkNotPossible).with("field", name.name())),
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
    comparisons.extend(printed(seen));
    (checks, comparisons)
}

/// What the zone says and the page prints above it.
fn printed(seen: &Examination) -> Vec<Comparison> {
    let visual = seen.fields.iter().filter(|field| field.source == Source::Visual);
    let compared = visual.filter_map(|right| {
        let same = |field: &&Field| field.name == right.name && field.source == Source::Mrz;
        let left = seen.fields.iter().find(same)?;
        let (result, method) = if left.value == right.value {
            (Equal, Some("exact"))
        } else if is_date(left.name) && right.value.get(2..) == Some(left.value.as_str()) {
            // the page prints the century too
            (Equal, Some("exact"))
        } else if !is_date(left.name) && plain(&left.value) == plain(&right.value) {
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
    compared.collect()
}

fn is_date(name: FieldName) -> bool {
    matches!(name, FieldName::DateOfBirth | FieldName::DateOfExpiry)
}

type Outcome = (Agreement, Option<&'static str>);

/// None where the form says nothing, or nothing that this alphabet can hold.
fn compare(applicant: &Applicant, field: &Field, seen: &Examination) -> Option<Outcome> {
    match field.name {
        FieldName::Surname => Some(names(&latin(applicant)?.surname, field, seen)),
        FieldName::GivenNames => Some(names(&latin(applicant)?.given_names, field, seen)),
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
            // the zone prints a filler for X and for an unstated sex
            (Sex::X, _) | (_, "" | "X") => None,
            _ => Some((Different, None)),
        },
        FieldName::Nationality if !applicant.citizenships.is_empty() => {
            let same = applicant.citizenships.contains(&field.value);
            Some(if same { (Equal, Some("exact")) } else { (Different, None) })
        }
        _ => None,
    }
}

fn latin(applicant: &Applicant) -> Option<&Name> {
    applicant.names.iter().find(|name| name.script == "latin")
}

/// Exact, then with case, marks and separators set aside, then as a name that the zone cuts.
fn names(form: &str, field: &Field, seen: &Examination) -> Outcome {
    let cut = seen.reasons.iter().any(|reason| reason.code == Code::MrzNameTruncated);
    let (left, right) = (plain(form), plain(&field.value));
    if form == field.value {
        (Equal, Some("exact"))
    } else if left == right {
        (Equivalent, Some("separators"))
    } else if cut && !right.is_empty() && left.starts_with(&right) {
        (Equivalent, Some("truncated"))
    } else {
        (Different, None)
    }
}

/// Letters and digits in upper case, marks taken off as Doc 9303 part 3, 6.A
/// allows (`Ü` as `U`; its other forms are compared when transliteration is).
fn plain(name: &str) -> String {
    name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
