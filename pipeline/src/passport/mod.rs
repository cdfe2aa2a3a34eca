//! Passports: locates the machine readable zone, reads it and extracts its fields.
//!
//! No rule, no clock: a two-digit year stays two digits. At most two uncertain
//! characters are changed to satisfy a check digit, never of the expiry, and
//! every change is reported.

mod certainty;
mod evidence;
mod field_places;
mod fields;
mod find;
mod grey;
pub mod line;
mod merge_pages;
pub mod mrz;
mod pyramid;
mod read;
mod reading;
mod reasons;
mod stage;
#[cfg(test)]
mod tests;
mod visual;
mod zones;

pub use merge_pages::merge_pages;
pub use reading::PassportReading;
pub use stage::Stage;
pub(crate) use visual::LANGUAGES;

use crate::open::Picture;
use crate::reason::{Code, Reason};
use pyramid::Pyramid;
use visual::VisualZone;

/// Reads one page: its machine readable zones, in any orientation, and the fields
/// of the visual zone above the best of them.
#[must_use]
pub fn read(picture: &Picture) -> PassportReading {
    read_observed(picture, true, &mut |_| {})
}

/// Runs once everything that is loaded on first use.
pub(crate) fn warm() {
    line::warm();
    visual::warm();
}

/// Reads one page like [`read`], optionally without the visual zone, and reports the
/// end of every stage: there is no clock here.
#[must_use]
pub fn read_observed(
    picture: &Picture,
    with_visual_zone: bool,
    on_stage_end: &mut dyn FnMut(Stage),
) -> PassportReading {
    let Some(page) = Pyramid::new(&picture.rgb) else {
        return PassportReading::without_zone(Code::MrzNotFound);
    };
    on_stage_end(Stage::Prepared);
    let found = zones::read_zones(&page, on_stage_end);
    on_stage_end(Stage::ZonesRead);
    let Some(best) = found.zones.first() else {
        let code = if found.illegible { Code::MrzUnreadable } else { Code::MrzNotFound };
        return PassportReading::without_zone(code);
    };
    let page = picture.page.number;
    let zones: Vec<_> = found.zones.iter().map(|zone| zone.to_zone(page)).collect();
    on_stage_end(Stage::Parsed);
    let visual = if with_visual_zone {
        visual::read_visual_zone(picture, best)
    } else {
        VisualZone::default()
    };
    on_stage_end(Stage::VisualZoneRead);
    let mut reasons = reasons::zone_reasons(&found.zones);
    if found.illegible {
        // while another zone is illegible, it is not known whose dates count
        reasons.push(Reason::new(Code::MrzUnreadable));
    }
    reasons.extend(reasons::visual_reasons(&visual));
    let mut evidence = evidence::zone_pictures(best, picture);
    evidence.extend(evidence::visual_pictures(&visual, best, picture));
    let fields = fields::fields(best, &visual, page);
    on_stage_end(Stage::EvidenceDrawn);
    PassportReading { zones, fields, reasons, evidence }
}
