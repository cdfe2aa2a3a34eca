//! Compares the machine readable zone with the text printed above it.

use unicode_normalization::UnicodeNormalization;

use super::context::CheckContext;
use crate::application::Document;
use crate::examination::{Examination, Field, FieldName, Source};
use crate::reason::{Code, Reason};
use crate::verdict::{Agreement, Check, Comparison};

const ID: &str = "passport.visual";

/// Checks that the visual zone agrees with the machine readable zone. The date of
/// expiry is the value shown, unless another field differs.
pub(super) fn check_visual_zone(
    context: &CheckContext<'_>,
    document: &Document,
    examination: &Examination,
) -> Check {
    let codes = [Code::ExpSourcesDisagree, Code::XchkVisual, Code::SysReaderMissing];
    let all = examination.reasons.iter();
    let mut reasons: Vec<Reason> = all.filter(|r| codes.contains(&r.code)).cloned().collect();
    let visual = || examination.fields.iter().filter(|field| field.source == Source::Visual);
    let cannot_read = reasons.iter().any(|reason| reason.code == Code::SysReaderMissing);
    if !cannot_read {
        reasons.extend(not_found(examination));
    }
    let mut differing = differing_fields(&reasons);
    if differing.is_empty() {
        let expiry = visual().map(|field| field.name).find(|name| is_expiry(*name));
        differing.extend(expiry.or_else(|| visual().map(|field| field.name).next()));
    }
    let rule = &context.programme.rules.visual_comparison;
    let check = Check::from_reasons(ID, false, reasons).with_rule(
        context,
        "visual_comparison",
        rule,
        &rule.source,
    );
    let Some(shown) = differing.first().copied() else { return check };
    let of_field = || examination.fields.iter().filter(|field| field.name == shown);
    let value =
        |source| of_field().find(|field| field.source == source).map(|field| field.value.clone());
    let check = Check {
        expected: value(Source::Mrz),
        actual: value(Source::Visual),
        confidence: of_field().map(|field| field.confidence).reduce(f64::min),
        basis: of_field().find_map(|field| field.basis),
        ..check
    };
    let pictures: Vec<String> =
        differing.iter().flat_map(|name| field_pictures(examination, *name)).collect();
    let mut pictures: Vec<&str> = pictures.iter().map(String::as_str).collect();
    let mut seen = Vec::new();
    pictures.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    check.with_evidence(document, &pictures)
}

/// The values of a zone, beside the date of expiry, that are printed above it too.
const ALSO_PRINTED: [FieldName; 4] =
    [FieldName::DateOfBirth, FieldName::DocumentNumber, FieldName::Surname, FieldName::GivenNames];

/// Names what was not found in the print: without the date of expiry nothing is confirmed.
fn not_found(examination: &Examination) -> Vec<Reason> {
    let has = |name: FieldName, source: Source| {
        examination.fields.iter().any(|field| field.name == name && field.source == source)
    };
    let mut reasons = Vec::new();
    if !has(FieldName::DateOfExpiry, Source::Visual) {
        let missing = Reason::new(Code::DocValueMissing);
        let missing = missing.with("field", FieldName::DateOfExpiry.name());
        reasons.push(missing.with("source", "visual"));
    }
    let mut also = ALSO_PRINTED.to_vec();
    also.retain(|name| has(*name, Source::Mrz) && !has(*name, Source::Visual));
    // a print of which nothing was read is named by the reason above
    let is_read = examination.fields.iter().any(|field| field.source == Source::Visual);
    if is_read && !also.is_empty() {
        let fields: Vec<&str> = also.iter().map(|name| name.name()).collect();
        reasons.push(Reason::new(Code::VisualNotFound).with("fields", fields));
    }
    reasons
}

fn is_expiry(name: FieldName) -> bool {
    name == FieldName::DateOfExpiry
}

fn differing_fields(reasons: &[Reason]) -> Vec<FieldName> {
    let mut all = Vec::new();
    for reason in reasons {
        match reason.code {
            Code::ExpSourcesDisagree => all.push(FieldName::DateOfExpiry),
            Code::XchkVisual => {
                let name = reason.params.get("field").and_then(serde_json::Value::as_str);
                all.extend(FieldName::ALL.into_iter().find(|field| Some(field.name()) == name));
            }
            _ => {}
        }
    }
    all
}

/// Returns the pictures of a field from both zones: of its own characters where there
/// is one, else of the whole machine readable zone.
pub(super) fn field_pictures(examination: &Examination, name: FieldName) -> Vec<String> {
    let has = |id: &String| examination.evidence.iter().any(|one| one.id == *id);
    let zone = Some(format!("zone-{}", name.name())).filter(has).or_else(|| {
        let mut fields = examination.fields.iter();
        fields.find(|f| f.name == name && f.source == Source::Mrz)?.evidence.clone()
    });
    let visual = Some(format!("visual-{}", name.name())).filter(has);
    zone.into_iter().chain(visual).collect()
}

/// Compares every field of the visual zone with its counterpart.
pub(super) fn compare_visual_zone(
    document: &Document,
    examination: &Examination,
) -> Vec<Comparison> {
    let visual = examination.fields.iter().filter(|field| field.source == Source::Visual);
    let comparisons = visual.filter_map(|right| {
        let is_counterpart =
            |field: &&Field| field.name == right.name && field.source == Source::Mrz;
        let left = examination.fields.iter().find(is_counterpart)?;
        let (result, method) = agreement(left, right);
        Some(Comparison {
            field: left.name,
            left: left.source,
            right: right.source,
            result,
            method: method.map(str::to_owned),
            check: Some(ID.to_owned()),
            document_id: Some(document.document_id.clone()),
            left_value: Some(left.value.clone()),
            right_value: Some(right.value.clone()),
            left_differs: Vec::new(),
            right_differs: Vec::new(),
        })
    });
    comparisons.collect()
}

fn agreement(left: &Field, right: &Field) -> (Agreement, Option<&'static str>) {
    if left.value == right.value {
        (Agreement::Equal, Some("exact"))
    } else if is_date(left.name) && right.value.get(2..) == Some(left.value.as_str()) {
        // the visual zone has the century too
        (Agreement::Equal, Some("exact"))
    } else if !is_date(left.name) && normalise(&left.value) == normalise(&right.value) {
        (Agreement::Equivalent, Some("separators"))
    } else {
        (Agreement::Different, None)
    }
}

fn is_date(name: FieldName) -> bool {
    matches!(name, FieldName::DateOfBirth | FieldName::DateOfExpiry)
}

/// Returns letters and digits in upper case without diacritics.
fn normalise(name: &str) -> String {
    name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}
