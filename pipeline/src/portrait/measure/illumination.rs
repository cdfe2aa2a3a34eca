//! Measures of light and colour of the face.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `illumination_uniformity` | share | intersection of the luminance histograms of both cheeks (ISO) |
//! | `illumination_evenness` | ratio | darkest over brightest of forehead, cheeks and chin, in the channel with the largest difference (ICAO TR Portrait Quality) |
//! | `colour_face` | share | `colour` of the face alone |
//! | `luminance_mean`, `luminance_variance` | share | of the face, 1 is white (ISO) |
//! | `under_exposure`, `over_exposure` | share | of the face at luminance 0 to 25, and 247 to 255 of 255 (ISO) |
//! | `dynamic_range` | bit | entropy of the face's luminance (ISO) |
//! | `hot_spots` | share | of the face that is near white and much lighter than its skin |
//! | `natural_colour` | lab | distance of the cheeks' colour from that of skin: a* 5 to 25, b* 5 to 35; 100 where either is negative and the face has colour (ISO) |
//! | `skin_lightness` | lab | L* of the cheeks, to compare error rates by skin tone; no rule uses it |
//!
//! Exposure is measured by clipping and not by the mean: dark skin is not poor light.

use super::table::MeasureTable;
use crate::examination::round;
use crate::portrait::aligned_face::AlignedFace;
use crate::portrait::cielab::{self, Lab};
use crate::portrait::colourfulness::residual_chroma;
use crate::portrait::geometry::midpoint;
use crate::portrait::landmarks::Landmarks;
use crate::portrait::statistics::{logistic, mean, sigmoid};

/// A face with a lower `colour_face` is grey; the palest of 33 real faces has 0.34.
const GREY_FACE: f64 = 0.08;

/// Mesh points of the mouth corners, right and left.
const MOUTH: [usize; 2] = [61, 291];

/// Mesh points of the middle of the forehead, the cheeks and the chin.
const ZONES: [usize; 4] = [151, 205, 425, 199];

/// Sides of the measured squares, in inter-eye distances.
const SIDE: f64 = 0.3;

/// Smallest difference of lightness from a hot spot to the skin, and its
/// smallest lightness.
const HOT_ABOVE_SKIN: f32 = 22.0;
const HOT_MIN: f32 = 90.0;

pub(super) fn measure_illumination(
    landmarks: &Landmarks,
    aligned: &AlignedFace,
    table: &mut MeasureTable,
) {
    measure_exposure(aligned, table);
    let colour = residual_chroma(&aligned.cell_colours());
    table.insert("colour_face", colour, "share", 3);
    // a grey face in front of a coloured wall is a grey portrait
    if let Some(whole) = table.rows.get_mut("colour").filter(|_| colour < GREY_FACE) {
        whole.value = whole.value.min(round(colour, 3));
    }
    measure_evenness(landmarks, aligned, table);
    let eyes = landmarks.eye_centres();
    let cheeks =
        [0, 1].map(|i| aligned.square_around(midpoint([eyes[i], landmarks.mesh[MOUTH[i]]]), SIDE));
    if cheeks.iter().any(Vec::is_empty) {
        return;
    }
    let common = histogram_intersection(aligned, &cheeks);
    table
        .insert("illumination_uniformity", common, "share", 3)
        .set_quality(100.0 * common.powf(0.3));
    let colours: Vec<Lab> = cheeks.iter().flatten().map(|&at| aligned.lab(at)).collect();
    measure_natural_colour(&colours, table);
    let Some(skin) = cielab::median(&colours) else { return };
    table.insert("skin_lightness", f64::from(skin[0]), "lab", 1);
    let face: Vec<usize> = (0..aligned.in_face.len()).filter(|&at| aligned.in_face[at]).collect();
    let hot = |at: &&usize| {
        let [lightness, ..] = aligned.lab(**at);
        lightness > HOT_MIN && lightness > skin[0] + HOT_ABOVE_SKIN
    };
    let share = face.iter().filter(hot).count() as f64 / face.len().max(1) as f64;
    table.insert("hot_spots", share, "share", 4);
}

/// Takes the measures of the luminance within the face.
fn measure_exposure(aligned: &AlignedFace, table: &mut MeasureTable) {
    let mut bins = [0.0f64; 256];
    let face = aligned.luminance.iter().zip(&aligned.in_face).filter(|(_, face)| **face);
    face.for_each(|(value, _)| bins[usize::from(*value)] += 1.0);
    let count: f64 = bins.iter().sum();
    if count < 1.0 {
        return;
    }
    let share = |range: std::ops::RangeInclusive<usize>| bins[range].iter().sum::<f64>() / count;
    let moment = |power: &dyn Fn(f64) -> f64| -> f64 {
        bins.iter().enumerate().map(|(i, n)| power(i as f64 / 255.0) * n).sum::<f64>() / count
    };
    let average = moment(&|v| v);
    let variance = moment(&|v| (v - average).powi(2));
    let quality = 100.0 * logistic(average, 0.2, 0.05) * (1.0 - logistic(average, 0.8, 0.05));
    table.insert("luminance_mean", average, "share", 3).set_quality(quality);
    let quality = 100.0 * (std::f64::consts::PI * 60.0 * variance / (60.0 * variance + 1.0)).sin();
    table.insert("luminance_variance", variance, "share", 4).set_quality(quality);
    let (dark, bright) = (share(0..=25), share(247..=255));
    let quality = sigmoid(dark, [120.0, 0.832, -1.0, 0.92, 0.05]);
    table.insert("under_exposure", dark, "share", 3).set_quality(quality);
    table.insert("over_exposure", bright, "share", 3).set_quality(1.0 / (bright + 0.01));
    let entropy: f64 =
        bins.iter().filter(|n| **n > 0.0).map(|n| -(n / count) * (n / count).log2()).sum();
    table.insert("dynamic_range", entropy, "bit", 2).set_quality(12.5 * entropy);
}

/// Takes darkest over brightest zone for each channel; the smallest of the three.
fn measure_evenness(landmarks: &Landmarks, aligned: &AlignedFace, table: &mut MeasureTable) {
    let zones = ZONES.map(|point| aligned.square_around(landmarks.mesh[point], SIDE));
    let evenness = |channel: usize| {
        let means: Option<Vec<f64>> = zones
            .iter()
            .map(|zone| mean(zone.iter().map(|&at| f64::from(aligned.rgb[at][channel]))))
            .collect();
        let means = means?;
        let low = means.iter().copied().fold(f64::MAX, f64::min);
        let high = means.iter().copied().fold(1.0, f64::max);
        Some(low / high)
    };
    let channels: Option<Vec<f64>> = (0..3).map(evenness).collect();
    if let Some(least) = channels.and_then(|c| c.into_iter().min_by(f64::total_cmp)) {
        table.insert("illumination_evenness", least, "ratio", 3);
    }
}

/// Returns the sum of the smaller value of both histograms in each bin.
fn histogram_intersection(aligned: &AlignedFace, cheeks: &[Vec<usize>; 2]) -> f64 {
    let histogram = |cheek: &Vec<usize>| {
        let mut bins = [0.0f64; 256];
        cheek.iter().for_each(|&at| bins[usize::from(aligned.luminance[at])] += 1.0);
        bins.map(|n| n / cheek.len() as f64)
    };
    let [right, left] = [histogram(&cheeks[0]), histogram(&cheeks[1])];
    right.iter().zip(left).map(|(a, b)| a.min(b)).sum()
}

fn measure_natural_colour(colours: &[Lab], table: &mut MeasureTable) {
    let average = |axis: usize| mean(colours.iter().map(|c| f64::from(c[axis]))).unwrap_or(0.0);
    let beyond = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
    let (a, b) = (average(1), average(2));
    // OFIQ gives green and blue tones the largest distance; a grey face has no
    // colour to be unnatural, and its noise may fall on either side
    let coloured = table.rows.get("colour_face").is_some_and(|face| face.value >= GREY_FACE);
    let off = if coloured && (a < 0.0 || b < 0.0) {
        100.0
    } else {
        beyond(a, 5.0, 25.0).hypot(beyond(b, 5.0, 35.0))
    };
    table
        .insert("natural_colour", off, "lab", 2)
        .set_quality(sigmoid(off, [200.0, 1.0, -1.0, 0.0, 10.0]));
}
