//! Measures of the background that was grown from the picture's edges.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `background_plain` | share | of the upper and side edges that show one colour |
//! | `background_uniformity` | level | mean Sobel gradient of the background's luminance (ISO) |
//! | `background_lightness` | lab | L* 0 to 100, its median |
//! | `background_chroma` | lab | colourfulness, 0 is grey |
//! | `background_shadow` | lab | L* between its lightest and darkest twentieth |
//!
//! The standard's reference implementation takes the background from a parsing
//! network and at another size. Ours relies on a plain background, is absent
//! where there is none, and has no quality component.

use super::table::MeasureTable;
use crate::portrait::cielab;
use crate::portrait::luminance::luma;
use crate::portrait::scene::Scene;
use crate::portrait::statistics::{mean, quantile};

pub(super) fn measure_background(scene: &Scene<'_>, table: &mut MeasureTable) {
    table.insert("background_plain", scene.plain_share, "share", 3);
    let Some(background) = &scene.background else { return };
    let (width, rgb) = (background.width, &scene.pyramid.small.rgb);
    let length = background.mask.len();
    // pixels whose neighbours are all background too
    let is_inner = |&at: &usize| {
        let (column, row) = (at % width, at / width);
        background.mask[at]
            && column >= 2
            && column + 2 < width
            && row >= 2
            && at + 2 * width < length
            && [at - 2, at + 2, at - 2 * width, at + 2 * width, at - width - 1, at + width + 1]
                .iter()
                .all(|&next| background.mask[next])
    };
    let pixels = rgb.as_raw().as_chunks::<3>().0;
    // every second pixel of every second row is enough
    let coarse = (0..length).filter(|at| at % width % 2 == 0 && at / width % 2 == 0);
    let inside: Vec<usize> = coarse.filter(is_inner).collect();
    let mut lightness: Vec<f32> =
        inside.iter().map(|&at| cielab::from_srgb(&pixels[at])[0]).collect();
    let level = |at: usize| luma(&pixels[at]);
    let sobel = |at: usize| {
        let [upper, middle, lower] =
            [at - width, at, at + width].map(|at| [level(at - 1), level(at), level(at + 1)]);
        let side = |column: usize| upper[column] + 2.0 * middle[column] + lower[column];
        let row = |row: [f32; 3]| row[0] + 2.0 * row[1] + row[2];
        let (x, y) = (side(2) - side(0), row(lower) - row(upper));
        f64::from((x * x + y * y).sqrt())
    };
    let Some(gradient) = mean(inside.iter().map(|&at| sobel(at))) else { return };
    table.insert("background_uniformity", gradient, "level", 1);
    let [_, a, b] = background.colour;
    table.insert("background_chroma", f64::from(a.hypot(b)), "lab", 1);
    let mut at = |share: f64| f64::from(quantile(&mut lightness, share).unwrap_or(0.0));
    let (low, middle, high) = (at(0.05), at(0.5), at(0.95));
    table.insert("background_lightness", middle, "lab", 1);
    table.insert("background_shadow", high - low, "lab", 1);
}
