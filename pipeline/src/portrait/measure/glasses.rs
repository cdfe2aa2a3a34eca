//! Measures of glasses, by the thin lines of frames where faces have none.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `glasses` | share | 0..1: probability of glasses |
//! | `eye_contrast` | ratio | difference of the brightest and darkest twentieth within an eye over the cheeks' brightness, of the eye with less contrast |
//! | `tinted_glasses` | share | 0..1: probability that a dark lens, or anything uniform, covers an eye |
//! | `glasses_glare` | share | of the lenses that is overexposed, where there are glasses |
//!
//! A line pixel is darker, or lighter, than the pixels 3 or 5 pixels away on both
//! sides. The value is the best unbroken path of such pixels across each zone
//! where a frame would be, over the skin's brightness. Rimless glasses and the
//! thinnest wire are not found.

use super::table::MeasureTable;
use crate::portrait::aligned_face::{AlignedFace, INTER_EYE_PX, SIZE};
use crate::portrait::landmarks::Landmarks;
use crate::portrait::statistics::{logistic, quantile};

/// A zone of the aligned face, in pixels from the eye midpoint.
struct FrameZone {
    columns: std::ops::Range<isize>,
    rows: std::ops::Range<isize>,
    /// Whether the frame runs vertically here.
    vertical: bool,
    /// Upper limit of the path's value, and its weight.
    limit: f64,
    weight: f64,
}

const fn zone(
    columns: std::ops::Range<isize>,
    rows: std::ops::Range<isize>,
    vertical: bool,
    [limit, weight]: [f64; 2],
) -> FrameZone {
    FrameZone { columns, rows, vertical, limit, weight }
}

/// Bridge; lower rims; rims beside the nose; arms.
const ZONES: [FrameZone; 7] = [
    zone(-10..11, -26..21, false, [0.5, 1.0]),
    zone(-65..-25, 16..52, false, [0.8, 0.5]),
    zone(25..65, 16..52, false, [0.8, 0.5]),
    zone(-27..-11, -4..26, true, [0.5, 0.25]),
    zone(11..27, -4..26, true, [0.5, 0.25]),
    zone(-100..-77, -24..16, false, [0.5, 0.15]),
    zone(77..100, -24..16, false, [0.5, 0.15]),
];

/// Sum at which the probability of glasses is a half, and the width of the
/// transition. Real faces without glasses have 0.1 to 0.75, the two with glasses
/// 1.5; frames drawn on these faces have 0.5 and more in nine of ten.
const SUM: [f64; 2] = [0.6, 0.08];

/// Contrast within an eye at which the probability of a covered eye is a half,
/// and the width of the transition.
const COVERED: [f64; 2] = [0.2, 0.02];

pub(super) fn measure_glasses(
    landmarks: &Landmarks,
    aligned: &AlignedFace,
    table: &mut MeasureTable,
) {
    let cheeks: Vec<usize> = [205, 425]
        .iter()
        .flat_map(|&point| aligned.square_around(landmarks.mesh[point], 0.3))
        .collect();
    let mut levels: Vec<f32> = cheeks.iter().map(|&at| aligned.luma[at]).collect();
    let Some(skin) = quantile(&mut levels, 0.5) else { return };
    let frame: f64 = ZONES
        .iter()
        .map(|zone| {
            (best_path(aligned, zone) / f64::from(skin + 10.0)).min(zone.limit) * zone.weight
        })
        .sum();
    let worn = logistic(frame, SUM[0], SUM[1]);
    table.insert("glasses", worn, "share", 3).confidence *= 0.8;
    // iris, white and lids differ much in brightness, unless a dark lens or
    // anything else covers the eye
    let contrast = landmarks.eyes.iter().map(|eye| {
        let inside = aligned.square_around(eye.centre(), 0.28);
        let mut levels: Vec<f32> = inside.iter().map(|&at| aligned.luma[at]).collect();
        let (low, high) = (quantile(&mut levels, 0.05), quantile(&mut levels, 0.95));
        let span = high.zip(low).map_or(0.0, |(high, low)| high - low);
        f64::from(span) / f64::from(skin.max(20.0))
    });
    let contrast = contrast.fold(f64::MAX, f64::min);
    table.insert("eye_contrast", contrast, "ratio", 3);
    let covered = logistic(contrast, COVERED[0], -COVERED[1]);
    table.insert("tinted_glasses", covered, "share", 3).confidence *= 0.8;
    let eyes = landmarks.eyes.each_ref().map(|eye| aligned.square_around(eye.centre(), 0.5));
    let is_overexposed =
        |at: &&usize| aligned.luma[**at] > 245.0 && aligned.luma[**at] > skin + 40.0;
    let lens: Vec<&usize> = eyes.iter().flatten().collect();
    let glare =
        lens.iter().filter(|at| is_overexposed(at)).count() as f64 / lens.len().max(1) as f64;
    table.insert("glasses_glare", if worn > 0.5 { glare } else { 0.0 }, "share", 3);
}

/// Returns the mean of the best path of line pixels across a zone, in levels of 255.
fn best_path(aligned: &AlignedFace, zone: &FrameZone) -> f64 {
    let middle = [SIZE[0] as isize / 2, (1.6 * INTER_EYE_PX) as isize];
    let (along, across) = if zone.vertical {
        (zone.rows.clone(), zone.columns.clone())
    } else {
        (zone.columns.clone(), zone.rows.clone())
    };
    let at = |a: isize, c: isize| {
        let (x, y) = if zone.vertical { (c, a) } else { (a, c) };
        ((middle[1] + y) * SIZE[0] as isize + middle[0] + x) as usize
    };
    let step = if zone.vertical { 1 } else { SIZE[0] };
    let line = |at: usize| {
        let beside = |distance: usize| {
            let (a, b) = (at - distance * step, at + distance * step);
            let (a, b) = (aligned.luma[at] - aligned.luma[a], aligned.luma[at] - aligned.luma[b]);
            if a * b > 0.0 { a.abs().min(b.abs()) } else { 0.0 }
        };
        f64::from(beside(3).max(beside(5)))
    };
    let length = along.len() as f64;
    let mut sums = vec![0.0f64; across.len()];
    for a in along {
        let before = sums.clone();
        for (i, c) in across.clone().enumerate() {
            let near = before[i.saturating_sub(1)..(i + 2).min(before.len())].iter();
            sums[i] = near.copied().fold(0.0, f64::max) + line(at(a, c));
        }
    }
    sums.into_iter().fold(0.0, f64::max) / length
}
