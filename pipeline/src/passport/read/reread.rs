//! Reads a line again at the positions of its characters.

use super::align::{self, Alignment};
use super::character::best_character;
use super::fit;
use super::zone::{CERTAINLY_BLANK, LineProbabilities};
use crate::passport::line::{self, ClassProbabilities, PITCH, Strip};
use crate::passport::mrz::format::Alphabet;
use crate::passport::pyramid::Pyramid;

/// If two passes both recognise the same characters this clearly, a third is not needed.
const CLEAR: f32 = 0.95;

/// Reads a line again at the positions of its characters, and a third time at
/// refined positions if the second pass differs from the first. Where two passes
/// differ, their mean probability counts.
pub(super) fn reread_line(
    page: &Pyramid<'_>,
    strip: &Strip,
    first: &Alignment,
    alphabets: &[Alphabet],
) -> Option<LineProbabilities> {
    const MARGIN: f32 = 2.0;
    let pass = |strip: &Strip| {
        let frames = line::recognise(page, strip, -MARGIN, alphabets.len() + 2 * MARGIN as usize)?;
        let row = align::align(&frames, alphabets, PITCH)?;
        let (first, last) = (row.middles[0] - 0.5, row.middles[alphabets.len() - 1] + 0.5);
        let beyond = [
            frames.text_density_between(first - 1.0, first),
            frames.text_density_between(last, last + 1.0),
        ];
        Some((row, beyond))
    };
    let (second, beyond) = pass(strip)?;
    let closer = fit::fit_strip(strip, &second, -MARGIN);
    let mut cells = second.probabilities;
    if !agree(&first.probabilities, &cells, alphabets) {
        let (third, _) = pass(&closer)?;
        cells
            .iter_mut()
            .zip(&third.probabilities)
            .for_each(|(cell, other)| *cell = mean(cell, other));
    }
    for (i, cell) in cells.iter_mut().enumerate() {
        let ends = [0.1, 0.9].map(|part| closer.page_point(i as f32 + part, 0.0));
        if !ends.into_iter().all(|end| page.contains(end)) {
            *cell = CERTAINLY_BLANK;
        }
    }
    Some(LineProbabilities { strip: closer, cells, beyond })
}

/// Whether two passes recognise the same characters, and the second one clearly.
fn agree(
    first: &[ClassProbabilities],
    second: &[ClassProbabilities],
    alphabets: &[Alphabet],
) -> bool {
    first.iter().zip(second).zip(alphabets).all(|((first, second), alphabet)| {
        let (first, second) = (best_character(first, *alphabet), best_character(second, *alphabet));
        first.byte == second.byte && second.probability >= CLEAR
    })
}

fn mean(a: &ClassProbabilities, b: &ClassProbabilities) -> ClassProbabilities {
    let mut mean = *a;
    mean.iter_mut().zip(b).for_each(|(m, other)| *m = 0.5 * (*m + other));
    mean
}
