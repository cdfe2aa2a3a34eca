//! The most probable character of a cell.

use super::zone::Cell;
use crate::passport::line::{ALPHABET, BLANK, ClassProbabilities};
use crate::passport::mrz::format::Alphabet;

/// Returns the likeliest allowed character of a cell, and the next likeliest.
pub(super) fn best_character(probabilities: &ClassProbabilities, alphabet: Alphabet) -> Cell {
    let (mut best, mut next) = ((b'<', -1.0), (b'<', 0.0));
    for (byte, value) in
        ALPHABET.iter().zip(probabilities).filter(|(byte, _)| alphabet.allows(**byte))
    {
        if *value > best.1 {
            (best, next) = ((*byte, *value), best);
        } else if *value > next.1 {
            next = (*byte, *value);
        }
    }
    let certainty = |byte| probability(probabilities, byte, alphabet);
    Cell {
        byte: best.0,
        probability: certainty(best.0),
        second: (next.0, certainty(next.0)),
        changed: false,
        hidden: false,
    }
}

/// Characters that are distinguished by their position, not by their shape.
const LOOKALIKES: [&[u8]; 6] = [b"0OQDU", b"1IL", b"2Z", b"5S", b"6G", b"8B"];

/// Returns the probability of a character among all, without those that look
/// like it and are not allowed here.
pub(super) fn probability(probabilities: &ClassProbabilities, byte: u8, alphabet: Alphabet) -> f32 {
    let look_alike = |other: u8| LOOKALIKES.iter().any(|t| t.contains(&byte) && t.contains(&other));
    let (mut own, mut sum) = (0.0, probabilities[BLANK]);
    for (known, value) in ALPHABET.iter().zip(probabilities) {
        if *known == byte {
            own = *value;
        }
        if alphabet.allows(*known) || !look_alike(*known) {
            sum += value;
        }
    }
    if sum > 1e-9 { own.max(0.0) / sum } else { 0.0 }
}
