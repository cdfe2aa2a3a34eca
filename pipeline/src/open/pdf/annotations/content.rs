//! Writes content streams.

use std::collections::BTreeSet;

use hayro::hayro_syntax::object::Array;

use super::syntax::number;
use super::typeset::{face_with, width};
use crate::open::pdf::fonts::Face;

/// A content stream that grows, and the letters it shows.
#[derive(Default)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) letters: BTreeSet<(Face, u16)>,
}

impl Content {
    /// Adds operators without operands, or with operands as they are written.
    pub(super) fn write(&mut self, operators: &str) {
        self.bytes.extend(operators.bytes());
        self.bytes.push(b'\n');
    }

    /// Adds an operator with numbers before it.
    pub(super) fn operator(&mut self, operands: &[f64], operator: &str) {
        for operand in operands {
            self.bytes.extend(number(*operand).bytes());
            self.bytes.push(b' ');
        }
        self.write(operator);
    }

    /// Sets a colour by the array of an annotation; returns whether there is one.
    pub(super) fn colour(&mut self, colour: Option<&Array<'_>>, operators: [&str; 3]) -> bool {
        let Some(colour) = colour else { return false };
        let components: Vec<f64> = colour.iter::<f64>().take(4).collect();
        let operator = match components.len() {
            1 => operators[0],
            3 => operators[1],
            4 => operators[2],
            _ => return false,
        };
        self.operator(&components, operator);
        true
    }

    /// Adds lines through points.
    pub(super) fn path(&mut self, points: &[[f64; 2]]) {
        for (i, point) in points.iter().enumerate() {
            self.operator(point, if i == 0 { "m" } else { "l" });
        }
    }

    /// Adds a line of text that begins at a point.
    pub(super) fn text(&mut self, face: Face, size: f64, at: [f64; 2], text: &str) {
        self.write("BT");
        self.operator(&at, "Td");
        let letters: Vec<char> = text.chars().filter(|letter| !letter.is_control()).collect();
        let same_face = |a: &char, b: &char| face_with(face, *a) == face_with(face, *b);
        for run in letters.chunk_by(same_face) {
            let face = face_with(face, run[0]);
            self.write(&format!("/{} {} Tf", face.name(), number(size)));
            let codes: Vec<u16> = run.iter().map(|letter| code(*letter)).collect();
            let hex: String = codes.iter().map(|code| format!("{code:04x}")).collect();
            self.write(&format!("<{hex}> Tj"));
            self.letters.extend(codes.into_iter().map(|code| (face, code)));
        }
        self.write("ET");
    }

    /// Adds a line of text between two edges: from the left, in the middle or to the right.
    pub(super) fn aligned_text(
        &mut self,
        face: Face,
        size: f64,
        alignment: Alignment,
        [left, right, y]: [f64; 3],
        text: &str,
    ) {
        let free = right - left - width(face, text) * size / 1000.0;
        let x = match alignment {
            Alignment::Left => left,
            Alignment::Middle => left + free / 2.0,
            Alignment::Right => left + free,
        };
        self.text(face, size, [x, y], text);
    }
}

/// The code of a letter in our fonts; letters beyond 16 bits have none.
fn code(letter: char) -> u16 {
    u16::try_from(u32::from(letter)).unwrap_or(0xfffd)
}

/// Fill and stroke operators for grey, RGB and CMYK.
pub(super) const FILL: [&str; 3] = ["g", "rg", "k"];
pub(super) const STROKE: [&str; 3] = ["G", "RG", "K"];

/// Quadding (ISO 32000-1 12.7.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alignment {
    Left,
    Middle,
    Right,
}

impl Alignment {
    pub(super) fn from_quadding(quadding: Option<i32>) -> Self {
        match quadding {
            Some(1) => Self::Middle,
            Some(2) => Self::Right,
            _ => Self::Left,
        }
    }
}
