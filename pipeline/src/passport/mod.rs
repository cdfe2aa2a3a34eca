//! Passports: finds the machine readable zone, reads it, says what is in it.
//!
//! No rule, no clock: a two-digit year stays two digits. No character is
//! altered to satisfy a check digit.

mod best;
mod evidence;
mod fields;
mod find;
mod grey;
pub mod line;
pub mod mrz;
mod read;
mod reasons;
mod strip;
mod sure;
#[cfg(test)]
mod tests;
mod zones;

use crate::examination::{EvidencePicture, Field, Zone};
use crate::hidden::hidden_debug;
use crate::open::Picture;
use crate::reason::{Code, Reason};
pub use best::best;
use grey::Grey;
use strip::Pyramid;

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

/// Steps of a reading, in their order; finding and reading may alternate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Grey levels and smaller copies.
    Prepared,
    /// Candidates for zones.
    Found,
    /// Characters of zones.
    Read,
    /// Fields and reasons of the best zone.
    Parsed,
    /// The visual zone.
    Looked,
    /// Evidence pictures.
    Shown,
}

/// Reads the machine readable zones of one page, in any orientation.
#[must_use]
pub fn read(picture: &Picture) -> Reading {
    read_observed(picture, &mut |_| {})
}

/// [`read`], telling when a stage has ended: there is no clock here.
#[must_use]
pub fn read_observed(picture: &Picture, ended: &mut dyn FnMut(Stage)) -> Reading {
    let Some(page) = Grey::from_rgb(&picture.rgb).map(Pyramid::new) else {
        return nothing(Code::MrzNotFound);
    };
    ended(Stage::Prepared);
    let found = zones::zones(&page, ended);
    ended(Stage::Read);
    let Some(best) = found.zones.first() else {
        return nothing(if found.illegible { Code::MrzUnreadable } else { Code::MrzNotFound });
    };
    let mut reading = Reading {
        zones: found.zones.iter().map(|zone| zone.facts(picture.page.number)).collect(),
        fields: fields::fields(best, picture.page.number),
        reasons: reasons::reasons(&found.zones),
        evidence: Vec::new(),
    };
    ended(Stage::Parsed);
    reading.evidence = evidence::pictures(best, picture);
    ended(Stage::Shown);
    reading
}

fn nothing(code: Code) -> Reading {
    Reading { reasons: vec![Reason::new(code)], ..Reading::default() }
}
