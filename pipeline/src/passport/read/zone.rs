//! Lines and zones as read.

use crate::passport::line::{ClassProbabilities, Strip};
use crate::passport::mrz::Mrz;

/// One character cell.
#[derive(Clone, Copy)]
pub(crate) struct Cell {
    pub(crate) byte: u8,
    /// 0..1, among the characters that are allowed here and the blank.
    pub(crate) probability: f32,
    /// The next likeliest character that is allowed here.
    pub(crate) second: (u8, f32),
    /// Whether the likeliest was replaced by the next, to satisfy a check digit.
    pub(crate) changed: bool,
}

/// One line of a zone and its geometry.
pub(crate) struct ReadLine {
    pub(crate) strip: Strip,
    pub(crate) cells: Vec<Cell>,
    /// Text density just before the first and just after the last cell
    /// (`Frames::text_density_between`).
    pub(super) beyond: [f32; 2],
}

/// The class probabilities of a line's cells, before decoding.
pub(super) struct LineProbabilities {
    pub(super) strip: Strip,
    pub(super) cells: Vec<ClassProbabilities>,
    pub(super) beyond: [f32; 2],
}

/// A zone as read.
pub(crate) struct ReadZone {
    pub(crate) mrz: Mrz,
    pub(crate) lines: Vec<ReadLine>,
    /// Mean log probability of its characters.
    pub(crate) score: f32,
    /// Whether no part seems to be cut off or covered.
    pub(crate) complete: bool,
}

/// The result of reading a candidate.
pub(crate) enum CandidateResult {
    Zone(Box<ReadZone>),
    /// Has the layout of a zone, but its characters cannot be recognised.
    Illegible,
    NotAZone,
}

impl ReadZone {
    /// Returns a score that compares two readings of one place.
    pub(super) fn clarity(&self) -> f32 {
        self.score + 0.2 * self.valid_digits() as f32
    }
}

impl ReadLine {
    pub(super) fn text(&self) -> String {
        self.cells.iter().map(|cell| char::from(cell.byte)).collect()
    }
}
