//! How much colour a picture holds.

use super::copy::Copy;
use super::lab::{self, Lab};

/// Bins of lightness in which a toned grey picture has one colour each.
const BINS: usize = 10;

/// Residual that counts as full colour, in CIELAB units.
const FULL: f32 = 16.0;

/// 0 (grey, whatever its tone) to 1 (colourful).
///
/// A grey picture with a cast, from yellowed paper, sepia toning or a scanner,
/// has one hue a lightness; a colour picture has several. So on a copy of 64
/// pixels, which leaves no chroma noise, the tone is taken away: the median
/// colour of each tenth of lightness, and straight lines between. The value is
/// the 95th percentile of what chroma is left, over 16 units.
///
/// Grey pictures come out below 0.1, evenly toned ones below 0.17; the palest of
/// 34 real colour pictures, lit by one orange lamp, at 0.2. A grey print whose
/// tone changes across it is not told here (0.2 to 0.5).
pub(super) fn share(copy: &Copy) -> f64 {
    residual(&lab::pixels(&copy.smaller(64).rgb))
}

/// What chroma is left when every lightness has lost its usual colour.
pub(super) fn residual(colours: &[Lab]) -> f64 {
    let tone: Vec<Lab> = (0..BINS).filter_map(|bin| of_bin(colours, bin)).collect();
    let mut left: Vec<f32> = colours
        .iter()
        .map(|colour| {
            let [_, a, b] = at(&tone, colour[0]);
            (colour[1] - a).hypot(colour[2] - b)
        })
        .collect();
    if left.is_empty() {
        return 0.0;
    }
    let rank = left.len().saturating_sub(1) * 95 / 100;
    let high = *left.select_nth_unstable_by(rank, f32::total_cmp).1;
    f64::from((high / FULL).min(1.0))
}

/// The median colour of a tenth of lightness, if any pixel has it.
fn of_bin(colours: &[Lab], bin: usize) -> Option<Lab> {
    let inside = |colour: &&Lab| (colour[0].max(0.0) as usize * BINS / 101).min(BINS - 1) == bin;
    lab::median(&colours.iter().filter(inside).copied().collect::<Vec<_>>())
}

/// The tone at a lightness: constant beyond its ends.
fn at(tone: &[Lab], lightness: f32) -> Lab {
    let above = tone.partition_point(|colour| colour[0] <= lightness);
    let (Some(&lower), Some(&upper)) = (tone.get(above.wrapping_sub(1)), tone.get(above)) else {
        return if above == 0 { tone[0] } else { tone[tone.len() - 1] };
    };
    let share = (lightness - lower[0]) / (upper[0] - lower[0]);
    std::array::from_fn(|axis| lower[axis] + (upper[axis] - lower[axis]) * share)
}
