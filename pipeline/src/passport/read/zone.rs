//! Lines and zones as read.

use crate::passport::line::{BLANK, CLASSES, ClassProbabilities, Strip};
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
    /// Whether it is covered or beyond the edge; its character is then a filler and
    /// its probability 0.
    pub(crate) hidden: bool,
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

/// The probabilities of a cell without a visible character.
pub(super) const CERTAINLY_BLANK: ClassProbabilities = {
    let mut probabilities = [0.0; CLASSES];
    probabilities[BLANK] = 1.0;
    probabilities
};

/// A zone as read.
pub(crate) struct ReadZone {
    pub(crate) mrz: Mrz,
    pub(crate) lines: Vec<ReadLine>,
    /// Mean log probability of its visible characters.
    pub(crate) score: f32,
    /// The same of all, with hidden ones as unlikely.
    pub(super) score_of_all: f32,
    pub(crate) damage: Damage,
}

/// What seems to be missing of a zone.
#[derive(Clone, Copy, Default)]
pub(crate) struct Damage {
    /// Whether the start, or the end, of the lines is cut off.
    pub(crate) cut: [bool; 2],
    /// Whether something covers a character.
    pub(crate) covered: bool,
    /// Whether the text continues beyond the lines: they are longer than was read.
    pub(crate) continues: bool,
    /// Whether the lines do not begin and end together: one was read from another character.
    pub(crate) askew: bool,
}

/// The result of reading a candidate.
pub(crate) enum CandidateResult {
    Zone(Box<ReadZone>),
    /// Has the layout of a zone, but its characters cannot be recognised.
    Illegible,
    NotAZone,
}

impl LineProbabilities {
    /// Adds hidden characters at the start and the end.
    pub(super) fn padded(mut self, before: usize, after: usize) -> Self {
        if before + after > 0 {
            let hidden = |count| std::iter::repeat_n(CERTAINLY_BLANK, count);
            self.strip = self.strip.padded(before, after);
            self.cells = hidden(before).chain(self.cells).chain(hidden(after)).collect();
        }
        self
    }
}

impl Damage {
    /// Whether no part seems to be missing.
    pub(crate) fn is_none(self) -> bool {
        !self.is_cut() && !self.covered && !self.continues && !self.askew
    }

    pub(crate) fn is_cut(self) -> bool {
        self.cut[0] || self.cut[1]
    }
}

impl Cell {
    /// Marks the character as hidden.
    pub(super) fn hide(&mut self) {
        *self = Self {
            byte: b'<',
            probability: 0.0,
            second: (b'<', 0.0),
            changed: false,
            hidden: true,
        };
    }
}

impl ReadZone {
    /// Returns a score that compares two readings of one place.
    pub(super) fn clarity(&self) -> f32 {
        let askew = if self.damage.askew { 0.5 } else { 0.0 };
        self.score + 0.2 * self.valid_digits() as f32 - askew
    }

    pub(super) fn has_hidden(&self) -> bool {
        self.lines.iter().any(ReadLine::has_hidden)
    }
}

impl ReadLine {
    pub(super) fn has_hidden(&self) -> bool {
        self.cells.iter().any(|cell| cell.hidden)
    }

    /// Returns the characters, with `?` for hidden ones.
    pub(crate) fn text_with_hidden(&self) -> String {
        let shown = |cell: &Cell| if cell.hidden { '?' } else { char::from(cell.byte) };
        self.cells.iter().map(shown).collect()
    }

    pub(super) fn text(&self) -> String {
        self.cells.iter().map(|cell| char::from(cell.byte)).collect()
    }
}
