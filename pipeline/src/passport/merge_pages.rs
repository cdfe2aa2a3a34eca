//! Merges the readings of several pages of one file.

use super::reading::PassportReading;
use crate::examination::{FieldName, ZoneFormat, round};
use crate::reason::{Code, Reason};

/// Returns the reading of a file from those of its pages: the fields of the best
/// zone, every zone, and a reason if the zones differ.
#[must_use]
pub fn merge_pages(readings: Vec<PassportReading>) -> PassportReading {
    let mut readings: Vec<PassportReading> =
        readings.into_iter().map(name_evidence_by_page).collect();
    // a stable sort: of equal readings the earlier page counts
    readings.sort_by(|a, b| rank(b).partial_cmp(&rank(a)).unwrap_or(std::cmp::Ordering::Equal));
    let mut readings = readings.into_iter();
    let Some(mut best) = readings.next() else {
        return PassportReading::without_zone(Code::MrzNotFound);
    };
    for other in readings {
        best.zones.extend(other.zones);
        best.evidence.extend(other.evidence);
    }
    let differ = best.zones.iter().any(|zone| zone.lines != best.zones[0].lines);
    if differ && !best.reasons.iter().any(|reason| reason.code == Code::MrzSeveral) {
        let zones = best.zones.len();
        best.reasons.push(Reason::new(Code::MrzSeveral).with("zones", zones));
    }
    best
}

/// Ranks a passport before any other document, then by a sure expiry, then by any
/// zone, then by confidence.
fn rank(reading: &PassportReading) -> (bool, bool, bool, f64) {
    let wrong = |reason: &Reason| reason.code == Code::PassportTypeWrong;
    let zone = reading.zones.first();
    let passport = zone.is_some_and(|zone| zone.format == ZoneFormat::Td3)
        && !reading.reasons.iter().any(wrong);
    let expiry = |field: &crate::examination::Field| field.name == FieldName::DateOfExpiry;
    let sure = reading.fields.iter().any(|field| expiry(field) && field.sure);
    let confidence = zone.map_or(0.0, |zone| zone.confidence);
    (passport, sure, zone.is_some(), round(confidence, 3))
}

/// Prefixes the evidence ids of pages after the first with their page.
fn name_evidence_by_page(mut reading: PassportReading) -> PassportReading {
    let name = |page: u32, id: &mut String| {
        if page > 1 && !id.starts_with("page-") {
            *id = format!("page-{page}-{id}");
        }
    };
    for picture in &mut reading.evidence {
        let evidence = &mut picture.evidence;
        name(evidence.page, &mut evidence.id);
        evidence.masked.iter_mut().for_each(|id| name(evidence.page, id));
    }
    for field in &mut reading.fields {
        field.evidence.iter_mut().for_each(|id| name(field.page, id));
    }
    reading
}
