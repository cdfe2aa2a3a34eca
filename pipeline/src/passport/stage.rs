//! The stages of reading a page.

/// A stage of reading a page, in order; locating and reading may alternate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Grey levels and smaller copies.
    Prepared,
    /// Candidates for zones.
    ZonesLocated,
    /// Characters of zones.
    ZonesRead,
    /// Fields and reasons of the best zone.
    Parsed,
    /// The visual zone.
    VisualZoneRead,
    /// Evidence pictures.
    EvidenceDrawn,
}
