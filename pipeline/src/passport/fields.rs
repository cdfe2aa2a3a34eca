//! The fields of a zone: values in plain form, with outline and confidence.

use super::field_places::{is_hidden, places};
use super::mrz::dates::ZoneDate;
use super::mrz::format::Place;
use super::mrz::names::fillers_to_spaces;
use super::read::{Cell, ReadZone};
use super::visual::Agreement::Agrees;
use super::visual::{VisualField, VisualZone};
use super::{certainty, evidence};
use crate::examination::{Basis, Field, FieldName, Polygon, Source, round};

/// Returns the fields of a zone in the order in which reports list them, followed by
/// those of the visual zone. Empty fields (fillers alone) are left out, except the sex.
pub(crate) fn fields(zone: &ReadZone, visual: &VisualZone, page: u32) -> Vec<Field> {
    let zone_fields = FieldName::ALL.into_iter().filter_map(|name| zone_field(zone, name, page));
    let mut fields: Vec<Field> = zone_fields.collect();
    for printed in &visual.fields {
        if let Some(field) = fields.iter_mut().find(|field| field.name == printed.name) {
            certainty::apply_visual_zone(field, printed.agreement);
        }
    }
    let printed = visual.fields.iter().map(|printed| visual_field(printed, &fields, page));
    let printed: Vec<Field> = printed.collect();
    fields.extend(printed);
    fields
}

/// Converts a field of the visual zone, which may decide a rule only together with
/// the machine readable zone.
fn visual_field(printed: &VisualField, fields: &[Field], page: u32) -> Field {
    let zone_field = fields.iter().find(|field| field.name == printed.name);
    let basis = zone_field.and_then(|field| field.basis).filter(|_| printed.agreement == Agrees);
    let short = printed.value.split('-').next().filter(|year| year.len() == 2);
    let years = short.and_then(|_| ZoneDate::parse(&printed.value.replace('-', "")).known());
    Field {
        name: printed.name,
        value: printed.value.clone(),
        raw: printed.raw.clone(),
        source: Source::Visual,
        page,
        polygon: printed.polygon.clone(),
        confidence: round(f64::from(printed.confidence), 3),
        alternatives: Vec::new(),
        changed: 0,
        possible_years: years.map_or_else(Vec::new, |date| date.possible_years()),
        sure: basis.is_some(),
        basis,
        evidence: Some(evidence::visual_id(printed.name)),
    }
}

fn zone_field(zone: &ReadZone, name: FieldName, page: u32) -> Option<Field> {
    let places = places(zone, name);
    let raw = raw(zone, name, &places);
    if is_hidden(zone, name) {
        return None;
    }
    if raw.is_empty() || (raw.bytes().all(|b| b == b'<') && name != FieldName::Sex) {
        return None;
    }
    let cells = zone.cells_at(&places);
    let least = cells.iter().fold(1.0f32, |least, cell| least.min(cell.probability));
    let sure = certainty::is_sure(zone, name);
    let alternatives =
        if places.len() == 1 { alternatives(name, &raw, &cells) } else { Vec::new() };
    Some(Field {
        name,
        value: plain(name, &raw),
        source: Source::Mrz,
        page,
        polygon: outline(zone, &places),
        confidence: round(f64::from(least), 3),
        alternatives,
        changed: cells.iter().filter(|cell| cell.changed).count() as u32,
        possible_years: possible_years(name, &raw),
        sure,
        basis: sure.then_some(Basis::Zone),
        evidence: Some(evidence::ZONE.to_owned()),
        raw,
    })
}

fn raw(zone: &ReadZone, name: FieldName, places: &[Place]) -> String {
    match name {
        FieldName::Surname | FieldName::GivenNames => {
            places.iter().map(|place| zone.mrz.text_at(*place)).collect()
        }
        _ => zone.mrz.raw(name),
    }
}

fn plain(name: FieldName, raw: &str) -> String {
    match name {
        FieldName::DateOfBirth | FieldName::DateOfExpiry => match ZoneDate::parse(raw) {
            ZoneDate::Known(date) => date.to_plain(),
            _ => {
                let parts =
                    [raw.get(..2), raw.get(2..4), raw.get(4..)].map(Option::unwrap_or_default);
                parts
                    .map(|part| part.replace('<', " "))
                    .join("-")
                    .trim_end_matches([' ', '-'])
                    .to_owned()
            }
        },
        _ => fillers_to_spaces(raw),
    }
}

fn possible_years(name: FieldName, raw: &str) -> Vec<i16> {
    let date = matches!(name, FieldName::DateOfBirth | FieldName::DateOfExpiry);
    let known = date.then(|| ZoneDate::parse(raw).known()).flatten();
    known.map_or_else(Vec::new, |date| date.possible_years())
}

/// Returns values with one uncertain character replaced by its alternative.
fn alternatives(name: FieldName, raw: &str, cells: &[Cell]) -> Vec<String> {
    const UNCERTAIN: f32 = 0.03;
    const MAX_ALTERNATIVES: usize = 3;
    let mut uncertain: Vec<(usize, &Cell)> =
        cells.iter().enumerate().filter(|(_, cell)| cell.second.1 > UNCERTAIN).collect();
    uncertain.sort_by(|a, b| b.1.second.1.total_cmp(&a.1.second.1));
    let replaced = uncertain.into_iter().filter_map(|(i, cell)| {
        let start = raw.len() - raw.trim_start_matches('<').len();
        let at = if cells.len() == raw.len() { i } else { start + i };
        let mut text = raw.get(..at)?.to_owned();
        text.push(char::from(cell.second.0));
        text.push_str(raw.get(at + 1..)?);
        Some(plain(name, &text))
    });
    replaced.take(MAX_ALTERNATIVES).collect()
}

/// Returns the outline from the first cell to the last; a part on another line is
/// left out.
fn outline(zone: &ReadZone, places: &[Place]) -> Polygon {
    let Some(first) = places.first() else { return Polygon::new() };
    let same = places.iter().filter(|place| place.line == first.line);
    let end = same.fold(first.to, |end, place| if place.from <= end + 1 { place.to } else { end });
    zone.outline(Place { to: end, ..*first })
}

impl ReadZone {
    /// Returns the cells of some places.
    pub(crate) fn cells_at(&self, places: &[Place]) -> Vec<Cell> {
        let cells = places
            .iter()
            .filter_map(|place| self.lines.get(place.line)?.cells.get(place.from..place.to));
        cells.flatten().copied().collect()
    }

    /// Returns the four corners around the cells of a place.
    pub(crate) fn outline(&self, place: Place) -> Polygon {
        let Some(line) = self.lines.get(place.line) else { return Polygon::new() };
        let (from, to) = (place.from as f32, place.to as f32);
        [(from, -0.7), (to, -0.7), (to, 0.7), (from, 0.7)]
            .map(|(u, v)| line.strip.rounded_point(u, v))
            .to_vec()
    }
}
