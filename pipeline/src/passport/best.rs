//! Several pages of one file: which reading counts.

use super::Reading;
use crate::examination::{FieldName, ZoneFormat, round};
use crate::reason::{Code, Reason};

/// One reading of a file from those of its pages: the surest zone's fields,
/// every zone, and a word when the zones differ.
#[must_use]
pub fn best(readings: Vec<Reading>) -> Reading {
    let mut readings: Vec<Reading> = readings.into_iter().map(named_by_page).collect();
    // stable: of equal readings the earlier page counts
    readings.sort_by(|a, b| rank(b).partial_cmp(&rank(a)).unwrap_or(std::cmp::Ordering::Equal));
    let mut readings = readings.into_iter();
    let Some(mut best) = readings.next() else {
        return super::nothing(Code::MrzNotFound);
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

/// A passport before any other document, then a sure expiry, then any zone,
/// then the surer characters.
fn rank(reading: &Reading) -> (bool, bool, bool, f64) {
    let wrong = |reason: &Reason| reason.code == Code::PassportTypeWrong;
    let zone = reading.zones.first();
    let passport = zone.is_some_and(|zone| zone.format == ZoneFormat::Td3)
        && !reading.reasons.iter().any(wrong);
    let expiry = |field: &crate::examination::Field| field.name == FieldName::DateOfExpiry;
    let sure = reading.fields.iter().any(|field| expiry(field) && field.sure);
    let confidence = zone.map_or(0.0, |zone| zone.confidence);
    (passport, sure, zone.is_some(), round(confidence, 3))
}

/// Evidence of pages after the first is named by its page.
fn named_by_page(mut reading: Reading) -> Reading {
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
