//! The background, as far as it grows from the picture's edges.
//!
//! | name | unit | meaning |
//! |---|---|---|
//! | `background_plain` | share | of the upper and side edges that shows one colour |
//! | `background_uniformity` | level | mean Sobel gradient of the background's luminance (ISO) |
//! | `background_lightness` | lab | L* 0 to 100, its median |
//! | `background_chroma` | lab | colourfulness, 0 is grey |
//! | `background_shadow` | lab | L* between its lightest and darkest twentieth |
//!
//! The standard's reference implementation takes the background from a parsing
//! network and at another size; ours is what a plain backdrop makes easy, is
//! absent where nothing plain is found, and has no quality component.

use super::super::Scene;
use super::super::lab;
use super::{Table, mean, rank};

pub(super) fn backdrop(scene: &Scene<'_>, table: &mut Table) {
    table.put("background_plain", scene.plain, "share", 3);
    let Some(background) = &scene.background else { return };
    let (width, rgb) = (background.width, &scene.levels.small.rgb);
    let length = background.inside.len();
    // pixels all of whose neighbours are background too
    let deep = |&at: &usize| {
        let (column, row) = (at % width, at / width);
        background.inside[at]
            && column >= 2
            && column + 2 < width
            && row >= 2
            && at + 2 * width < length
            && [at - 2, at + 2, at - 2 * width, at + 2 * width, at - width - 1, at + width + 1]
                .iter()
                .all(|&next| background.inside[next])
    };
    let pixels = rgb.as_raw().as_chunks::<3>().0;
    // every second pixel of every second row tells as much
    let coarse = (0..length).filter(|at| at % width % 2 == 0 && at / width % 2 == 0);
    let inside: Vec<usize> = coarse.filter(deep).collect();
    let mut lightness: Vec<f32> = inside.iter().map(|&at| lab::lab(&pixels[at])[0]).collect();
    let level = |at: usize| super::super::patch::luma(&pixels[at]);
    let sobel = |at: usize| {
        let [upper, middle, lower] =
            [at - width, at, at + width].map(|at| [level(at - 1), level(at), level(at + 1)]);
        let side = |column: usize| upper[column] + 2.0 * middle[column] + lower[column];
        let row = |row: [f32; 3]| row[0] + 2.0 * row[1] + row[2];
        let (x, y) = (side(2) - side(0), row(lower) - row(upper));
        f64::from((x * x + y * y).sqrt())
    };
    let Some(uneven) = mean(inside.iter().map(|&at| sobel(at))) else { return };
    table.put("background_uniformity", uneven, "level", 1);
    let [_, a, b] = background.colour;
    table.put("background_chroma", f64::from(a.hypot(b)), "lab", 1);
    let mut at = |share: f64| f64::from(rank(&mut lightness, share).unwrap_or(0.0));
    let (low, middle, high) = (at(0.05), at(0.5), at(0.95));
    table.put("background_lightness", middle, "lab", 1);
    table.put("background_shadow", high - low, "lab", 1);
}
