//! Whether a field may decide a rule.
//!
//! A check digit is a filter, not proof: two wrong characters pass a field's
//! digit and the composite in one case of eighteen. So the reader's own
//! certainty must be high as well, and the dates must make sense together.

use super::mrz::dates::ZoneDate;
use super::mrz::format::Place;
use super::read::ReadZone;
use super::visual::Agreement;
use crate::examination::CheckDigit::{Absent, Valid, Wrong};
use crate::examination::{Basis, Field, FieldName, ZoneFormat};

/// Every character of the field and of its check digit is at least so probable.
const FIELD_CERTAINTY: f32 = 0.8;
/// Every other character that the decision rests on is at least so probable.
const ZONE_CERTAINTY: f32 = 0.4;

/// A character less probable than this may as well be hidden,
const HIDDEN: f32 = 0.4;
/// and where more than so many are, the zone is cut, covered or painted over.
const MOST_HIDDEN: usize = 1;

/// Names, codes and sex are never sure: no check digit covers them. The others
/// need their own digit, the composite where the format has one, certainty, and
/// a zone of which nothing seems to be cut off or covered.
/// A digit that holds because a character was altered proves nothing.
pub(crate) fn is_sure(zone: &ReadZone, name: FieldName) -> bool {
    let (layout, digits) = (zone.mrz.layout(), zone.mrz.check_digits());
    let (own, mut cells) = match name {
        FieldName::DateOfExpiry => {
            (digits.date_of_expiry, vec![layout.expiry.field, layout.expiry.digit])
        }
        FieldName::DateOfBirth => {
            (digits.date_of_birth, vec![layout.birth.field, layout.birth.digit])
        }
        FieldName::DocumentNumber => {
            (digits.document_number, vec![layout.number.field, layout.number.digit])
        }
        FieldName::PersonalNumber => (digits.personal_number, layout.optional.to_vec()),
        _ => return false,
    };
    if name == FieldName::DocumentNumber && zone.mrz.continuation().is_some() {
        cells.extend(layout.optional.first());
    }
    if name == FieldName::PersonalNumber {
        cells.extend(layout.optional_digit);
    }
    let visa = matches!(zone.mrz.format(), ZoneFormat::MrvA | ZoneFormat::MrvB);
    let composite = digits.composite == if visa { Absent } else { Valid };
    let whole = match name {
        FieldName::DateOfExpiry | FieldName::DateOfBirth => dates_make_sense(zone),
        _ => true,
    };
    own == Valid
        && !digits.all().contains(&Wrong)
        && zone.whole
        && zone.is_legible()
        && composite
        && whole
        && zone.least(&cells) >= FIELD_CERTAINTY
        && zone.least(&rests_on(zone)) >= ZONE_CERTAINTY
        && !zone.cells_at(&rests_on(zone)).iter().any(|cell| cell.changed)
}

/// What the visual zone does to a field of the zone: it can make a sure one
/// surer or unsure, and nothing makes an unsure one sure.
pub(crate) fn settle(field: &mut Field, agreement: Agreement) {
    match agreement {
        Agreement::Agrees if field.sure => field.basis = Some(Basis::ZoneAndVisual),
        Agreement::Differs => (field.sure, field.basis) = (false, None),
        Agreement::Agrees | Agreement::Alone => {}
    }
}

/// The first letter tells visas, which have no composite digit, from the rest.
fn rests_on(zone: &ReadZone) -> Vec<Place> {
    let layout = zone.mrz.layout();
    let mut places = vec![Place { to: 1, ..layout.code }];
    places.extend(layout.composite);
    places.extend(layout.composite_digit);
    places
}

/// A real day of expiry, a birth that holds and can lie before it.
fn dates_make_sense(zone: &ReadZone) -> bool {
    let birth = zone.mrz.date_of_birth();
    let birth_holds = zone.mrz.check_digits().date_of_birth == Valid;
    let real = birth.known().is_some() || matches!(birth, ZoneDate::Partial | ZoneDate::Unprinted);
    let expiry = zone.mrz.date_of_expiry().known();
    real && birth_holds && expiry.is_some() && are_plausible(birth, zone.mrz.date_of_expiry())
}

/// Longer than anybody has lived.
const YEARS_OF_LIFE: i16 = 125;

/// Whether some choice of centuries puts the birth before the expiry and
/// within a life of it. Dates that are not fully known always can.
pub(crate) fn are_plausible(birth: ZoneDate, expiry: ZoneDate) -> bool {
    let (Some(birth), Some(expiry)) = (birth.known(), expiry.known()) else { return true };
    let order = |b: i16, e: i16| (b, birth.month, birth.day) < (e, expiry.month, expiry.day);
    let expiries = expiry.possible_years();
    birth
        .possible_years()
        .iter()
        .any(|b| expiries.iter().any(|e| order(*b, *e) && e - b <= YEARS_OF_LIFE))
}

impl ReadZone {
    /// Whether all of the zone can be read, names and all: who hides a part of
    /// it may have changed another.
    fn is_legible(&self) -> bool {
        let cells = self.lines.iter().flat_map(|line| &line.cells);
        cells.filter(|cell| cell.probability < HIDDEN).count() <= MOST_HIDDEN
    }

    /// Whether the document code can be told, so that its kind can be held
    /// against a document. Cards are told from passports by their shape.
    pub(crate) fn code_is_clear(&self) -> bool {
        let card = matches!(self.mrz.format(), ZoneFormat::Td1 | ZoneFormat::Td2);
        let shape = card && self.whole && self.is_legible();
        let layout = self.mrz.layout();
        shape || self.least(&[layout.code, layout.issuer]) >= FIELD_CERTAINTY
    }

    fn least(&self, places: &[Place]) -> f32 {
        let cells = self.cells_at(places);
        cells.iter().fold(1.0f32, |least, cell| least.min(cell.probability))
    }
}
