//! Whether a field may decide a rule.
//!
//! A check digit is a filter, not proof: two wrong characters pass a field's
//! digit and the composite in one case of eighteen. Therefore the characters'
//! probabilities must be high as well, and the dates must be plausible together.

use super::mrz::dates::{self, ZoneDate};
use super::mrz::format::Place;
use super::read::ReadZone;
use super::visual::Agreement;
use crate::examination::CheckDigit::{Absent, Unread, Valid, Wrong};
use crate::examination::{Basis, CheckDigit, CheckDigits, Field, FieldName, ZoneFormat};

/// Least probability of every character of the field and of its check digit.
const FIELD_CERTAINTY: f32 = 0.8;
/// The same of the first letter of the zone. Passports are twenty times as frequent there
/// as other documents: a `P` of this probability is printed in 29 of 30 cases.
const LETTER_CERTAINTY: f32 = 0.6;
/// Least probability of every other character on which the decision depends.
const ZONE_CERTAINTY: f32 = 0.4;

/// A character with a lower probability counts as hidden.
const HIDDEN: f32 = 0.4;
/// With more hidden characters than this the zone is cut, covered or painted over.
const MAX_HIDDEN: usize = 1;

/// Whether a field of the zone may decide a rule.
///
/// Names, codes and sex never may: no check digit covers them. The others need
/// their own valid digit, the composite where the format has one, high
/// probabilities, and a zone of which no part seems to be cut off or covered.
/// A digit that is valid because a character was changed proves nothing.
pub(crate) fn is_sure(zone: &ReadZone, name: FieldName) -> bool {
    let (layout, digits) = (zone.mrz.layout(), zone.check_digits());
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
    let plausible = match name {
        FieldName::DateOfExpiry => has_plausible_dates(zone),
        FieldName::DateOfBirth => {
            has_plausible_dates(zone) && zone.mrz.date_of_birth() != ZoneDate::Impossible
        }
        _ => true,
    };
    own == Valid
        && !digits.all().contains(&Wrong)
        && zone.damage.is_none()
        && zone.first_letter_is_clear()
        && zone.is_legible()
        && composite
        && plausible
        && zone.least_probability(&cells) >= FIELD_CERTAINTY
        && zone.least_probability(&decisive_places(zone)) >= ZONE_CERTAINTY
        && !zone.cells_at(&decisive_places(zone)).iter().any(|cell| cell.changed)
}

/// Applies the visual zone's value to a field of the machine readable zone: it can
/// confirm a sure field or make it unsure, but never makes an unsure field sure.
pub(crate) fn apply_visual_zone(field: &mut Field, agreement: Agreement) {
    match agreement {
        Agreement::Agrees if field.sure => field.basis = Some(Basis::ZoneAndVisual),
        Agreement::Differs => (field.sure, field.basis) = (false, None),
        Agreement::Agrees | Agreement::VisualOnly => {}
    }
}

/// Returns the characters on which every field depends.
fn decisive_places(zone: &ReadZone) -> Vec<Place> {
    let layout = zone.mrz.layout();
    let mut places = layout.composite.to_vec();
    places.extend(layout.composite_digit);
    places
}

/// Whether the expiry is a calendar day and the birth, with a valid check digit, can
/// precede it. A birth may be unknown, also where it is printed with zeros.
fn has_plausible_dates(zone: &ReadZone) -> bool {
    let birth = zone.mrz.date_of_birth();
    let birth_valid = zone.check_digits().date_of_birth == Valid;
    let zeros = dates::is_unknown_as_zeros(&zone.mrz.raw(FieldName::DateOfBirth));
    let unknown = zeros || matches!(birth, ZoneDate::Partial | ZoneDate::Unprinted);
    let real = birth.known().is_some() || unknown;
    let expiry = zone.mrz.date_of_expiry().known();
    real && birth_valid && expiry.is_some() && are_plausible(birth, zone.mrz.date_of_expiry())
}

/// Longest span from birth to expiry in years: longer than any human life.
const MAX_YEARS: i16 = 125;

/// Whether some choice of centuries puts the birth before the expiry and at most
/// [`MAX_YEARS`] before it. True for dates that are not fully known.
pub(crate) fn are_plausible(birth: ZoneDate, expiry: ZoneDate) -> bool {
    let (Some(birth), Some(expiry)) = (birth.known(), expiry.known()) else { return true };
    let order = |b: i16, e: i16| (b, birth.month, birth.day) < (e, expiry.month, expiry.day);
    let expiries = expiry.possible_years();
    birth
        .possible_years()
        .iter()
        .any(|b| expiries.iter().any(|e| order(*b, *e) && e - b <= MAX_YEARS))
}

impl ReadZone {
    /// Whether all of the zone is legible, including the names: if one part is
    /// hidden, another may have been altered.
    fn is_legible(&self) -> bool {
        let cells = self.lines.iter().flat_map(|line| &line.cells);
        cells.filter(|cell| cell.probability < HIDDEN).count() <= MAX_HIDDEN
    }

    /// Whether the first letter is certain, which tells passports, visas and cards apart.
    pub(crate) fn first_letter_is_clear(&self) -> bool {
        self.least_probability(&[Place { to: 1, ..self.mrz.layout().code }]) >= LETTER_CERTAINTY
    }

    /// Whether the document code is certain, so that it may count against the
    /// document. Cards are distinguished from passports by their shape. Where a part is
    /// hidden, lines look shorter than they are, and only another first letter counts.
    pub(crate) fn code_is_clear(&self) -> bool {
        let layout = self.mrz.layout();
        let letters = self.least_probability(&[layout.code, layout.issuer]) >= FIELD_CERTAINTY;
        if !self.damage.is_none() {
            let other =
                !self.mrz.document_code().starts_with('P') || self.mrz.is_internal_passport();
            let placed = !self.damage.cut[0] && !self.damage.continues && !self.damage.askew;
            return letters && other && placed;
        }
        let card = matches!(self.mrz.format(), ZoneFormat::Td1 | ZoneFormat::Td2);
        letters || card && self.is_legible()
    }

    /// Returns the check digits; unread where a character is hidden.
    pub(crate) fn check_digits(&self) -> CheckDigits {
        let layout = self.mrz.layout();
        let mut digits = self.mrz.check_digits();
        let mut places = vec![layout.number.field, layout.number.digit];
        if self.mrz.continuation().is_some() {
            places.extend(layout.optional.first());
        }
        let hidden = |digit: &mut CheckDigit, places: &[Place]| {
            if self.is_hidden(places) {
                *digit = Unread;
            }
        };
        hidden(&mut digits.document_number, &places);
        hidden(&mut digits.date_of_birth, &[layout.birth.field, layout.birth.digit]);
        hidden(&mut digits.date_of_expiry, &[layout.expiry.field, layout.expiry.digit]);
        if let Some(digit) = layout.optional_digit {
            hidden(&mut digits.personal_number, &[&[digit], layout.optional].concat());
        }
        if let Some(digit) = layout.composite_digit {
            hidden(&mut digits.composite, &[&[digit], layout.composite].concat());
        }
        digits
    }

    /// Whether a character at one of these places is hidden.
    pub(crate) fn is_hidden(&self, places: &[Place]) -> bool {
        self.cells_at(places).iter().any(|cell| cell.hidden)
    }

    /// Whether all characters at a place were read, so that it may count against the document.
    pub(crate) fn is_read(&self, place: Place) -> bool {
        self.least_probability(&[place]) >= ZONE_CERTAINTY
    }

    /// Whether the zone states that no date of expiry is printed.
    pub(crate) fn states_no_expiry(&self) -> bool {
        let expiry = self.mrz.layout().expiry.field;
        let unprinted = self.mrz.date_of_expiry() == ZoneDate::Unprinted;
        unprinted && self.least_probability(&[expiry]) >= FIELD_CERTAINTY
    }

    fn least_probability(&self, places: &[Place]) -> f32 {
        let cells = self.cells_at(places);
        cells.iter().fold(1.0f32, |least, cell| least.min(cell.probability))
    }
}
