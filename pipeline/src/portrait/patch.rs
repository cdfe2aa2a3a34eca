//! A face set level and brought to one size: 90 pixels between the eyes, the
//! least that ISO/IEC 39794-5 allows, so that every portrait is measured alike.

use super::copy::Levels;
use super::head::Axis;
use super::lab::{self, Lab};
use super::landmarks::Landmarks;
use super::warp::{Beyond, Square};
use crate::examination::Point;

/// Pixels between the eyes.
pub(super) const UNIT: f64 = 90.0;

/// Columns and rows: 1.5 inter-eye distances to both sides of the eye
/// midpoint, 1.6 up and 2.4 down.
pub(super) const SIZE: [usize; 2] = [270, 360];

/// The outline of FaceMesh's face, in order.
const OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/// Pixels of a level face, row by row.
pub(super) struct Patch {
    square: Square,
    pub(super) rgb: Vec<[u8; 3]>,
    /// Luminance 0..255 of linear light (Rec. 709), as ISO/IEC 29794-5 takes it.
    pub(super) luminance: Vec<u8>,
    /// Brightness 0..255 as displayed.
    pub(super) luma: Vec<f32>,
    /// Which pixels lie within the face's outline.
    pub(super) face: Vec<bool>,
    /// Which pixels lie within the picture.
    pub(super) seen: Vec<bool>,
}

impl Patch {
    pub(super) fn of(levels: &Levels<'_>, points: &Landmarks) -> Self {
        let axis = Axis::of(points);
        let side = SIZE[0] as f64 / UNIT * axis.unit;
        let centre = axis.at(-0.1 * axis.unit, 0.0);
        let square = Square { centre, side, angle: axis.roll().to_radians() };
        let mut rgb = Vec::with_capacity(SIZE[0] * SIZE[1]);
        square
            .each(levels, SIZE, Beyond::Edge, |_, value| rgb.push(value.map(|v| (v + 0.5) as u8)));
        let luminance = rgb.iter().map(luminance).collect();
        let luma = rgb.iter().map(luma).collect();
        let outline: Vec<Point> = OVAL
            .iter()
            .map(|&i| square.share(points.mesh[i]).map(|v| v * SIZE[0] as f64))
            .collect();
        let (width, height) = (f64::from(levels.full.width()), f64::from(levels.full.height()));
        let seen = (0..SIZE[0] * SIZE[1]).map(|at| {
            let middle = [(at % SIZE[0]) as f64 + 0.5, (at / SIZE[0]) as f64 + 0.5];
            let [x, y] = square.place(middle.map(|v| v / SIZE[0] as f64));
            (0.0..width).contains(&x) && (0.0..height).contains(&y)
        });
        let seen: Vec<bool> = seen.collect();
        let face = within(&outline).into_iter().zip(&seen).map(|(face, seen)| face && *seen);
        Self { square, rgb, luminance, luma, face: face.collect(), seen }
    }

    /// Column and row of a place of the picture.
    pub(super) fn at(&self, place: Point) -> Point {
        self.square.share(place).map(|v| v * SIZE[0] as f64)
    }

    /// Indices of a square around a place of the picture, `side` inter-eye
    /// distances wide, as far as the picture goes.
    pub(super) fn around(&self, place: Point, side: f64) -> Vec<usize> {
        let [x, y] = self.at(place);
        let half = side * UNIT / 2.0;
        let range = |at: f64, limit: usize| {
            let end = |v: f64| (v.round().max(0.0) as usize).min(limit);
            end(at - half)..end(at + half)
        };
        let columns = range(x, SIZE[0]);
        range(y, SIZE[1])
            .flat_map(|row| columns.clone().map(move |column| row * SIZE[0] + column))
            .filter(|&at| self.seen[at])
            .collect()
    }

    /// Colours of the face in cells of 9 pixels, which leaves no noise.
    pub(super) fn coarse(&self) -> Vec<Lab> {
        const CELL: usize = 9;
        let cells = (0..SIZE[1] / CELL).flat_map(|row| (0..SIZE[0] / CELL).map(move |c| (row, c)));
        cells
            .filter_map(|(row, column)| {
                let at = |i: usize| (row * CELL + i / CELL) * SIZE[0] + column * CELL + i % CELL;
                let inside = (0..CELL * CELL).all(|i| self.face[at(i)]);
                let mean = |channel: usize| {
                    let sum: usize =
                        (0..CELL * CELL).map(|i| usize::from(self.rgb[at(i)][channel])).sum();
                    (sum / (CELL * CELL)) as u8
                };
                inside.then(|| lab::lab(&[mean(0), mean(1), mean(2)]))
            })
            .collect()
    }

    /// The colour of a pixel.
    pub(super) fn lab(&self, at: usize) -> Lab {
        lab::lab(&self.rgb[at])
    }
}

fn luminance(rgb: &[u8; 3]) -> u8 {
    let [red, green, blue] = rgb.map(lab::linear);
    ((0.2126 * red + 0.7152 * green + 0.0722 * blue) * 255.0 + 0.5) as u8
}

pub(super) fn luma(rgb: &[u8; 3]) -> f32 {
    let [red, green, blue] = rgb.map(f32::from);
    0.299 * red + 0.587 * green + 0.114 * blue
}

/// Which pixels lie within an outline, by the rule of even crossings.
fn within(outline: &[Point]) -> Vec<bool> {
    let mut inside = vec![false; SIZE[0] * SIZE[1]];
    for (row, cells) in inside.chunks_exact_mut(SIZE[0]).enumerate() {
        let y = row as f64 + 0.5;
        for (i, to) in outline.iter().enumerate() {
            let from = outline[(i + outline.len() - 1) % outline.len()];
            if (from[1] <= y) == (to[1] <= y) {
                continue;
            }
            let x = from[0] + (to[0] - from[0]) * (y - from[1]) / (to[1] - from[1]);
            let first = (x - 0.5).ceil().clamp(0.0, SIZE[0] as f64) as usize;
            cells[first..].iter_mut().for_each(|cell| *cell = !*cell);
        }
    }
    inside
}
