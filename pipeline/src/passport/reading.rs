//! The result of reading a page or a file.

use crate::examination::{EvidencePicture, Field, Zone};
use crate::hidden::hidden_debug;
use crate::reason::{Code, Reason};

/// The zones and fields of one page, or of all pages of a file.
#[derive(Clone, Default, PartialEq)]
pub struct PassportReading {
    /// Machine readable zones, best first.
    pub zones: Vec<Zone>,
    /// Fields of the best zone.
    pub fields: Vec<Field>,
    /// Why a part could not be read, and further findings.
    pub reasons: Vec<Reason>,
    /// Upright pictures of the best zone, unmasked and masked.
    pub evidence: Vec<EvidencePicture>,
}

hidden_debug!(PassportReading);

impl PassportReading {
    /// A reading without a zone, for this reason.
    pub(super) fn without_zone(code: Code) -> Self {
        Self { reasons: vec![Reason::new(code)], ..Self::default() }
    }
}
