//! Passports: finds the machine readable zone, reads it, says what is in it.
//!
//! No rule, no clock: a two-digit year stays two digits. No character is
//! altered to satisfy a check digit.

mod best;
pub mod cells;
mod evidence;
mod fields;
mod find;
mod grey;
pub mod mrz;
mod read;
mod reasons;
mod strip;
mod sure;
#[cfg(test)]
mod tests;
mod visual;
mod zones;

use crate::examination::{EvidencePicture, Field, Zone};
use crate::hidden::hidden_debug;
use crate::open::Picture;
use crate::reason::{Code, Reason};
pub use best::best;
use grey::Grey;
use strip::Pyramid;
use visual::Visual;

/// What is seen on one page.
#[derive(Clone, Default, PartialEq)]
pub struct Reading {
    /// Machine readable zones, best first.
    pub zones: Vec<Zone>,
    /// Fields of the best zone.
    pub fields: Vec<Field>,
    /// What kept something from being read, and what is remarkable.
    pub reasons: Vec<Reason>,
    /// The best zone upright, plain and with names and numbers painted over.
    pub evidence: Vec<EvidencePicture>,
}

hidden_debug!(Reading);

/// Reads one page: its machine readable zones, in any orientation, and of the
/// print above the best of them what the zone says too.
#[must_use]
pub fn read(picture: &Picture) -> Reading {
    reading(picture, true)
}

/// The same without the print above the zone.
#[must_use]
pub fn read_zone(picture: &Picture) -> Reading {
    reading(picture, false)
}

fn reading(picture: &Picture, looking: bool) -> Reading {
    let Some(page) = Grey::from_rgb(&picture.rgb).map(Pyramid::new) else {
        return nothing(Code::MrzNotFound);
    };
    let found = zones::zones(&page);
    let Some(best) = found.zones.first() else {
        return nothing(if found.illegible { Code::MrzUnreadable } else { Code::MrzNotFound });
    };
    let page = picture.page.number;
    let visual = if looking { visual::look(picture, best) } else { Visual::default() };
    let mut reasons = reasons::reasons(&found.zones);
    reasons.extend(reasons::of_visual(&visual));
    let mut evidence = evidence::pictures(best, picture);
    evidence.extend(evidence::of_visual(&visual, best, picture));
    Reading {
        zones: found.zones.iter().map(|zone| zone.facts(page)).collect(),
        fields: fields::fields(best, &visual, page),
        reasons,
        evidence,
    }
}

fn nothing(code: Code) -> Reading {
    Reading { reasons: vec![Reason::new(code)], ..Reading::default() }
}
