//! The characters of each field, and whether one of them is hidden.

use super::mrz::format::Place;
use super::read::ReadZone;
use crate::examination::FieldName;

/// Whether a character of a field is hidden, or may be: a name may go on beside its last
/// letter and after one filler.
pub(crate) fn is_hidden(zone: &ReadZone, name: FieldName) -> bool {
    const MAY_GO_ON: usize = 2;
    let layout = zone.mrz.layout();
    if !matches!(name, FieldName::Surname | FieldName::GivenNames) {
        return zone.is_hidden(&layout.places(name));
    }
    let near = |place: Place| Place {
        from: place.from.saturating_sub(MAY_GO_ON).max(layout.names.from),
        to: (place.to + MAY_GO_ON).min(layout.names.to),
        ..place
    };
    let places = places(zone, name).into_iter().map(near);
    zone.is_hidden(&places.collect::<Vec<_>>())
}

/// The cells of a field: a name without the fillers around it, a long number
/// with its continuation.
pub(crate) fn places(zone: &ReadZone, name: FieldName) -> Vec<Place> {
    let (mrz, layout) = (&zone.mrz, zone.mrz.layout());
    let mut places = layout.places(name);
    match (name, mrz.continuation()) {
        (FieldName::Surname | FieldName::GivenNames, _) => {
            let field = layout.names;
            let split = field.from + mrz.names().primary_cells;
            let part = if name == FieldName::Surname {
                Place { to: split, ..field }
            } else {
                Place { from: (split + 2).min(field.to), ..field }
            };
            places = vec![part];
        }
        (FieldName::DocumentNumber, Some((rest, _))) => {
            let next = layout.optional[0];
            places.push(Place { to: next.from + rest.len(), ..next });
        }
        (FieldName::PersonalNumber, Some((rest, digit))) => {
            places[0].from += rest.len() + digit.len();
        }
        _ => {}
    }
    let trimmed = places.into_iter().map(|place| trimmed(place, mrz.text_at(place), name));
    trimmed.filter(|place| place.from < place.to).collect()
}

/// Removes the fillers at the ends of names and numbers.
fn trimmed(place: Place, text: &str, name: FieldName) -> Place {
    use FieldName::{DocumentNumber, GivenNames, PersonalNumber, Surname};
    if !matches!(name, DocumentNumber | GivenNames | PersonalNumber | Surname) {
        return place;
    }
    let from = place.from + (text.len() - text.trim_start_matches('<').len());
    let to = place.from + text.trim_end_matches('<').len();
    Place { from: from.min(to), to, ..place }
}
