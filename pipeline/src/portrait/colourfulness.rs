//! How colourful a picture is.

use super::cielab::{self, Lab};
use super::image_pyramid::ScaledImage;

/// Bins of lightness in which a toned grey picture has one colour each.
const BINS: usize = 10;

/// Residual chroma that counts as full colour, in CIELAB units.
const FULL: f32 = 16.0;

/// Returns the colourfulness: 0 (grey, with or without a tone) to 1.
///
/// A grey picture with a cast, from yellowed paper, sepia toning or a scanner,
/// has one hue for each lightness; a colour picture has several. So the tone is
/// subtracted on a copy of 64 pixels, which has no chroma noise: the median
/// colour of each tenth of lightness, interpolated linearly. The value is the
/// 95th percentile of the remaining chroma, divided by 16 units.
///
/// Grey pictures have values below 0.1, uniformly toned ones below 0.17; the
/// palest of 34 real colour pictures, lit by one orange lamp, has 0.2. A grey
/// print whose tone varies across it is not recognised (0.2 to 0.5).
pub(super) fn colourfulness(image: &ScaledImage) -> f64 {
    residual_chroma(&cielab::from_image(&image.shrink_to(64).rgb))
}

/// Returns the chroma that remains after the tone of each lightness is subtracted, 0..1.
pub(super) fn residual_chroma(colours: &[Lab]) -> f64 {
    let tone: Vec<Lab> = (0..BINS).filter_map(|bin| median_of_bin(colours, bin)).collect();
    let mut chroma: Vec<f32> = colours
        .iter()
        .map(|colour| {
            let [_, a, b] = tone_at(&tone, colour[0]);
            (colour[1] - a).hypot(colour[2] - b)
        })
        .collect();
    if chroma.is_empty() {
        return 0.0;
    }
    let rank = chroma.len().saturating_sub(1) * 95 / 100;
    let high = *chroma.select_nth_unstable_by(rank, f32::total_cmp).1;
    f64::from((high / FULL).min(1.0))
}

/// Returns the median colour of a tenth of lightness, if any pixel has it.
fn median_of_bin(colours: &[Lab], bin: usize) -> Option<Lab> {
    let inside = |colour: &&Lab| (colour[0].max(0.0) as usize * BINS / 101).min(BINS - 1) == bin;
    cielab::median(&colours.iter().filter(inside).copied().collect::<Vec<_>>())
}

/// Interpolates the tone at a lightness; constant beyond the ends.
fn tone_at(tone: &[Lab], lightness: f32) -> Lab {
    let above = tone.partition_point(|colour| colour[0] <= lightness);
    let (Some(&lower), Some(&upper)) = (tone.get(above.wrapping_sub(1)), tone.get(above)) else {
        return if above == 0 { tone[0] } else { tone[tone.len() - 1] };
    };
    let share = (lightness - lower[0]) / (upper[0] - lower[0]);
    std::array::from_fn(|axis| lower[axis] + (upper[axis] - lower[axis]) * share)
}
