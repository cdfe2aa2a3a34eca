//! The reading direction of a candidate's lines.

use super::extent;
use crate::passport::find::Candidate;
use crate::passport::line::{self, Orientation, Strip};
use crate::passport::pyramid::Pyramid;

/// A sample with a lower text density is not a zone (`Frames::text_density`).
const LIKE_PRINT: f32 = 0.33;
/// A line with more than this in one direction, and at most [`CLEAR_RATIO`] of it
/// in the other, decides the direction of all lines.
const CLEAR_PRINT: f32 = 0.45;
const CLEAR_RATIO: f32 = 0.6;
/// If a line has less than this, the others are not examined.
const NOTHING_LIKE_PRINT: f32 = 0.2;

/// Returns the direction of the candidate's lines, from a sample in their middle.
pub(super) fn reading_direction(
    page: &Pyramid<'_>,
    candidate: &Candidate,
    slant: f32,
    mirrored: bool,
) -> Option<Orientation> {
    const SAMPLE: usize = 14;
    let count = extent::assumed_length(candidate.lines.len());
    let directions = [false, true].map(|reversed| Orientation { reversed, mirrored });
    let (mut sums, mut examined) = ([0.0f32; 2], 0.0);
    for found in &candidate.lines {
        for (sum, direction) in sums.iter_mut().zip(directions) {
            let strip = Strip { slant, ..Strip::new(found, count, direction) };
            let from = (count - SAMPLE) as f32 / 2.0;
            *sum += line::recognise(page, &strip, from, SAMPLE)
                .map_or(0.0, |frames| frames.text_density());
        }
        examined += 1.0;
        let (most, least) = (sums[0].max(sums[1]), sums[0].min(sums[1]));
        if most < NOTHING_LIKE_PRINT * examined {
            return None;
        }
        if most > CLEAR_PRINT * examined && least < most * CLEAR_RATIO {
            break;
        }
    }
    let best = if sums[1] > sums[0] { 1 } else { 0 };
    (sums[best] > LIKE_PRINT * examined).then_some(directions[best])
}
