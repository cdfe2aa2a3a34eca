//! Passports: finds the machine readable zone, reads it, says what is in it.
//!
//! No rule, no clock: a two-digit year stays two digits. At most two doubtful
//! characters give way to a check digit, never of the expiry, and it is told.

mod best;
mod evidence;
mod fields;
mod find;
mod grey;
pub mod line;
pub mod mrz;
mod pyramid;
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
use pyramid::Pyramid;
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

/// Reads one page: its machine readable zones, in any orientation, and of the
/// print above the best of them what the zone says too.
#[must_use]
pub fn read(picture: &Picture) -> Reading {
    read_observed(picture, true, &mut |_| {})
}

/// Runs once what is loaded when it is first used.
pub(crate) fn warm() {
    line::warm();
    visual::warm();
}

/// [`read`], or the same without `looking` at the print above the zone, telling
/// when a stage has ended: there is no clock here.
#[must_use]
pub fn read_observed(picture: &Picture, looking: bool, ended: &mut dyn FnMut(Stage)) -> Reading {
    let Some(page) = Pyramid::new(&picture.rgb) else {
        return nothing(Code::MrzNotFound);
    };
    ended(Stage::Prepared);
    let found = zones::zones(&page, ended);
    ended(Stage::Read);
    let Some(best) = found.zones.first() else {
        return nothing(if found.illegible { Code::MrzUnreadable } else { Code::MrzNotFound });
    };
    let page = picture.page.number;
    let zones: Vec<_> = found.zones.iter().map(|zone| zone.facts(page)).collect();
    ended(Stage::Parsed);
    let visual = if looking { visual::look(picture, best) } else { Visual::default() };
    ended(Stage::Looked);
    let mut reasons = reasons::reasons(&found.zones);
    if found.illegible {
        // whose date counts is not known while another zone cannot be read
        reasons.push(Reason::new(Code::MrzUnreadable));
    }
    reasons.extend(reasons::of_visual(&visual));
    let mut evidence = evidence::pictures(best, picture);
    evidence.extend(evidence::of_visual(&visual, best, picture));
    let fields = fields::fields(best, &visual, page);
    ended(Stage::Shown);
    Reading { zones, fields, reasons, evidence }
}

fn nothing(code: Code) -> Reading {
    Reading { reasons: vec![Reason::new(code)], ..Reading::default() }
}
