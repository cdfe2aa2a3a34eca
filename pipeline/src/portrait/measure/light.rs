//! Light and colour of the face.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `illumination_uniformity` | share | what the brightness histograms of both cheeks have in common (ISO) |
//! | `illumination_evenness` | ratio | darkest over brightest of forehead, cheeks and chin, in the channel where they differ most (ICAO TR Portrait Quality) |
//! | `colour_face` | share | `colour` of the face alone |
//! | `luminance_mean`, `luminance_variance` | share | of the face, 1 is white (ISO) |
//! | `under_exposure`, `over_exposure` | share | of the face at luminance 0 to 25, and 247 to 255 of 255 (ISO) |
//! | `dynamic_range` | bit | entropy of the face's luminance (ISO) |
//! | `hot_spots` | share | of the face that is near white and much lighter than its skin |
//! | `natural_colour` | lab | distance of the cheeks' colour from that of skin: a* 5 to 25, b* 5 to 35; 100 where either is negative and the face has colour (ISO) |
//! | `skin_lightness` | lab | L* of the cheeks, for looking at errors by it; judges nothing |
//!
//! Exposure is told by clipping and not by the mean: dark skin is no poor light.

use super::super::lab::{self, Lab};
use super::super::landmarks::{Landmarks, middle};
use super::super::patch::Patch;
use super::{Table, logistic, mean, sigmoid};

/// A face with less colour than this has none; the palest of 33 real ones has 0.34.
const GREY_FACE: f64 = 0.08;

/// Mouth corners, right and left.
const MOUTH: [usize; 2] = [61, 291];

/// Middle of the forehead, cheeks, chin.
const ZONES: [usize; 4] = [151, 205, 425, 199];

/// Sides of the squares looked at, in inter-eye distances.
const SIDE: f64 = 0.3;

/// Lightness above the skin's from which a spot is hot, and from which it can be.
const HOTTER: f32 = 22.0;
const HOT: f32 = 90.0;

pub(super) fn light(points: &Landmarks, patch: &Patch, table: &mut Table) {
    exposure(patch, table);
    let colour = super::super::colour::residual(&patch.coarse());
    table.put("colour_face", colour, "share", 3);
    // a grey face before a coloured wall is a grey portrait
    if let Some(whole) = table.rows.get_mut("colour").filter(|_| colour < GREY_FACE) {
        whole.value = whole.value.min(crate::examination::round(colour, 3));
    }
    evenness(points, patch, table);
    let eyes = points.eye_centres();
    let cheeks = [0, 1].map(|i| patch.around(middle([eyes[i], points.mesh[MOUTH[i]]]), SIDE));
    if cheeks.iter().any(Vec::is_empty) {
        return;
    }
    let common = common(patch, &cheeks);
    table.put("illumination_uniformity", common, "share", 3).rated(100.0 * common.powf(0.3));
    let colours: Vec<Lab> = cheeks.iter().flatten().map(|&at| patch.lab(at)).collect();
    natural(&colours, table);
    let Some(skin) = lab::median(&colours) else { return };
    table.put("skin_lightness", f64::from(skin[0]), "lab", 1);
    let face: Vec<usize> = (0..patch.face.len()).filter(|&at| patch.face[at]).collect();
    let hot = |at: &&usize| {
        let [lightness, ..] = patch.lab(**at);
        lightness > HOT && lightness > skin[0] + HOTTER
    };
    let share = face.iter().filter(hot).count() as f64 / face.len().max(1) as f64;
    table.put("hot_spots", share, "share", 4);
}

/// Of the luminance within the face.
fn exposure(patch: &Patch, table: &mut Table) {
    let mut bins = [0.0f64; 256];
    let face = patch.luminance.iter().zip(&patch.face).filter(|(_, face)| **face);
    face.for_each(|(value, _)| bins[usize::from(*value)] += 1.0);
    let count: f64 = bins.iter().sum();
    if count < 1.0 {
        return;
    }
    let share = |range: std::ops::RangeInclusive<usize>| bins[range].iter().sum::<f64>() / count;
    let moment = |of: &dyn Fn(f64) -> f64| -> f64 {
        bins.iter().enumerate().map(|(i, n)| of(i as f64 / 255.0) * n).sum::<f64>() / count
    };
    let average = moment(&|v| v);
    let variance = moment(&|v| (v - average).powi(2));
    let rated = 100.0 * logistic(average, 0.2, 0.05) * (1.0 - logistic(average, 0.8, 0.05));
    table.put("luminance_mean", average, "share", 3).rated(rated);
    let rated = 100.0 * (std::f64::consts::PI * 60.0 * variance / (60.0 * variance + 1.0)).sin();
    table.put("luminance_variance", variance, "share", 4).rated(rated);
    let (dark, bright) = (share(0..=25), share(247..=255));
    let rated = sigmoid(dark, [120.0, 0.832, -1.0, 0.92, 0.05]);
    table.put("under_exposure", dark, "share", 3).rated(rated);
    table.put("over_exposure", bright, "share", 3).rated(1.0 / (bright + 0.01));
    let entropy: f64 =
        bins.iter().filter(|n| **n > 0.0).map(|n| -(n / count) * (n / count).log2()).sum();
    table.put("dynamic_range", entropy, "bit", 2).rated(12.5 * entropy);
}

/// Darkest over brightest zone, by channel; the least of the three.
fn evenness(points: &Landmarks, patch: &Patch, table: &mut Table) {
    let zones = ZONES.map(|point| patch.around(points.mesh[point], SIDE));
    let of = |channel: usize| {
        let means: Option<Vec<f64>> = zones
            .iter()
            .map(|zone| mean(zone.iter().map(|&at| f64::from(patch.rgb[at][channel]))))
            .collect();
        let means = means?;
        let low = means.iter().copied().fold(f64::MAX, f64::min);
        let high = means.iter().copied().fold(1.0, f64::max);
        Some(low / high)
    };
    let channels: Option<Vec<f64>> = (0..3).map(of).collect();
    if let Some(least) = channels.and_then(|c| c.into_iter().min_by(f64::total_cmp)) {
        table.put("illumination_evenness", least, "ratio", 3);
    }
}

/// Sum of the lesser of both histograms in each bin.
fn common(patch: &Patch, cheeks: &[Vec<usize>; 2]) -> f64 {
    let histogram = |cheek: &Vec<usize>| {
        let mut bins = [0.0f64; 256];
        cheek.iter().for_each(|&at| bins[usize::from(patch.luminance[at])] += 1.0);
        bins.map(|n| n / cheek.len() as f64)
    };
    let [right, left] = [histogram(&cheeks[0]), histogram(&cheeks[1])];
    right.iter().zip(left).map(|(a, b)| a.min(b)).sum()
}

fn natural(colours: &[Lab], table: &mut Table) {
    let average = |axis: usize| mean(colours.iter().map(|c| f64::from(c[axis]))).unwrap_or(0.0);
    let beyond = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
    let (a, b) = (average(1), average(2));
    // as OFIQ has it, green and blue are as far as can be; but a grey face has
    // no colour to be unnatural, and its noise may fall to either side
    let coloured = table.rows.get("colour_face").is_some_and(|face| face.value >= GREY_FACE);
    let off = if coloured && (a < 0.0 || b < 0.0) {
        100.0
    } else {
        beyond(a, 5.0, 25.0).hypot(beyond(b, 5.0, 35.0))
    };
    table.put("natural_colour", off, "lab", 2).rated(sigmoid(off, [200.0, 1.0, -1.0, 0.0, 10.0]));
}
