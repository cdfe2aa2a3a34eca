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
mod pyramid;
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
use pyramid::Pyramid;

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

/// Reads the machine readable zones of one page, in any orientation.
#[must_use]
pub fn read(picture: &Picture) -> Reading {
    let Some(page) = Pyramid::new(&picture.rgb) else {
        return nothing(Code::MrzNotFound);
    };
    let found = zones::zones(&page);
    let Some(best) = found.zones.first() else {
        return nothing(if found.illegible { Code::MrzUnreadable } else { Code::MrzNotFound });
    };
    Reading {
        zones: found.zones.iter().map(|zone| zone.facts(picture.page.number)).collect(),
        fields: fields::fields(best, picture.page.number),
        reasons: reasons::reasons(&found.zones),
        evidence: evidence::pictures(best, picture),
    }
}

fn nothing(code: Code) -> Reading {
    Reading { reasons: vec![Reason::new(code)], ..Reading::default() }
}
