//! Glasses, by the thin lines that frames draw where faces have none.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `glasses` | share | 0..1: probability of glasses |
//! | `eye_contrast` | ratio | brightest less darkest twentieth within an eye over the cheeks' brightness, of the flatter eye |
//! | `tinted_glasses` | share | 0..1: probability that a dark lens, or anything flat, hides an eye |
//! | `glasses_glare` | share | of the lenses that is burnt out, where there are glasses |
//!
//! A line is a pixel that is darker, or lighter, than those 3 or 5 pixels to
//! both sides; what counts is the best unbroken path of such pixels across each
//! place where a frame would be, over the skin's brightness. Rimless glasses
//! and the thinnest wire are missed.

use super::super::landmarks::Landmarks;
use super::super::patch::{Patch, SIZE, UNIT};
use super::{Table, logistic, rank};

/// A place of the level face, in pixels from the eye midpoint: columns, rows.
struct Place {
    columns: std::ops::Range<isize>,
    rows: std::ops::Range<isize>,
    /// The frame runs downwards here.
    upright: bool,
    /// Most that the path may count, and its weight.
    most: f64,
    weight: f64,
}

const fn place(
    columns: std::ops::Range<isize>,
    rows: std::ops::Range<isize>,
    upright: bool,
    [most, weight]: [f64; 2],
) -> Place {
    Place { columns, rows, upright, most, weight }
}

/// Bridge; lower rims; rims beside the nose; arms.
const PLACES: [Place; 7] = [
    place(-10..11, -26..21, false, [0.5, 1.0]),
    place(-65..-25, 16..52, false, [0.8, 0.5]),
    place(25..65, 16..52, false, [0.8, 0.5]),
    place(-27..-11, -4..26, true, [0.5, 0.25]),
    place(11..27, -4..26, true, [0.5, 0.25]),
    place(-100..-77, -24..16, false, [0.5, 0.15]),
    place(77..100, -24..16, false, [0.5, 0.15]),
];

/// Sum at which glasses are as likely as not, and the width of doubt. Real
/// faces without come to 0.1 to 0.75, the two with to 1.5; drawn frames on
/// these faces to 0.5 and more in nine of ten.
const SUM: [f64; 2] = [0.6, 0.08];

/// Contrast within an eye over the cheeks' brightness, at which it is as likely
/// hidden as not, and the width of doubt.
const HIDDEN: [f64; 2] = [0.2, 0.02];

pub(super) fn glasses(points: &Landmarks, patch: &Patch, table: &mut Table) {
    let cheeks: Vec<usize> =
        [205, 425].iter().flat_map(|&point| patch.around(points.mesh[point], 0.3)).collect();
    let mut levels: Vec<f32> = cheeks.iter().map(|&at| patch.luma[at]).collect();
    let Some(skin) = rank(&mut levels, 0.5) else { return };
    let frame: f64 = PLACES
        .iter()
        .map(|place| (path(patch, place) / f64::from(skin + 10.0)).min(place.most) * place.weight)
        .sum();
    let worn = logistic(frame, SUM[0], SUM[1]);
    table.put("glasses", worn, "share", 3).confidence *= 0.8;
    // both ends of brightness where iris, white and lids meet: nothing of that
    // is seen through a dark lens, or anything else that covers an eye
    let contrast = points.eyes.iter().map(|eye| {
        let inside = patch.around(eye.centre(), 0.28);
        let mut levels: Vec<f32> = inside.iter().map(|&at| patch.luma[at]).collect();
        let (low, high) = (rank(&mut levels, 0.05), rank(&mut levels, 0.95));
        let span = high.zip(low).map_or(0.0, |(high, low)| high - low);
        f64::from(span) / f64::from(skin.max(20.0))
    });
    let contrast = contrast.fold(f64::MAX, f64::min);
    table.put("eye_contrast", contrast, "ratio", 3);
    let hidden = logistic(contrast, HIDDEN[0], -HIDDEN[1]);
    table.put("tinted_glasses", hidden, "share", 3).confidence *= 0.8;
    let eyes = points.eyes.each_ref().map(|eye| patch.around(eye.centre(), 0.5));
    let burnt = |at: &&usize| patch.luma[**at] > 245.0 && patch.luma[**at] > skin + 40.0;
    let lens: Vec<&usize> = eyes.iter().flatten().collect();
    let glare = lens.iter().filter(|at| burnt(at)).count() as f64 / lens.len().max(1) as f64;
    table.put("glasses_glare", if worn > 0.5 { glare } else { 0.0 }, "share", 3);
}

/// Mean of the best path of line pixels across a place, in levels of 255.
fn path(patch: &Patch, place: &Place) -> f64 {
    let middle = [SIZE[0] as isize / 2, (1.6 * UNIT) as isize];
    let (along, across) = if place.upright {
        (place.rows.clone(), place.columns.clone())
    } else {
        (place.columns.clone(), place.rows.clone())
    };
    let at = |a: isize, c: isize| {
        let (x, y) = if place.upright { (c, a) } else { (a, c) };
        ((middle[1] + y) * SIZE[0] as isize + middle[0] + x) as usize
    };
    let step = if place.upright { 1 } else { SIZE[0] };
    let line = |at: usize| {
        let beside = |distance: usize| {
            let (a, b) = (at - distance * step, at + distance * step);
            let (a, b) = (patch.luma[at] - patch.luma[a], patch.luma[at] - patch.luma[b]);
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
