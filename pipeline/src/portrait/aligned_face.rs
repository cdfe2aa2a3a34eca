//! The face turned level and scaled to one size: 90 pixels between the eye
//! centres, the least that ISO/IEC 39794-5 allows, so that every portrait is
//! measured alike.

use super::cielab::{self, Lab};
use super::image_pyramid::ImagePyramid;
use super::landmarks::Landmarks;
use super::luminance;
use super::rotated_square::{OutsideFill, RotatedSquare};
use crate::examination::Point;

/// Pixels between the eye centres.
pub(super) const INTER_EYE_PX: f64 = 90.0;

/// Columns and rows: 1.5 inter-eye distances to both sides of the eye
/// midpoint, 1.6 upwards and 2.4 downwards.
pub(super) const SIZE: [usize; 2] = [270, 360];

/// Mesh points of the face's outline, in order.
const OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/// Pixels of the aligned face, row by row.
pub(super) struct AlignedFace {
    square: RotatedSquare,
    pub(super) rgb: Vec<[u8; 3]>,
    /// Luminance 0..255 of linear light.
    pub(super) luminance: Vec<u8>,
    /// Brightness 0..255 as displayed.
    pub(super) luma: Vec<f32>,
    /// Whether a pixel is within the face's outline.
    pub(super) in_face: Vec<bool>,
    /// Whether a pixel is within the picture.
    pub(super) in_picture: Vec<bool>,
}

impl AlignedFace {
    /// Samples the face that has these landmarks.
    pub(super) fn extract(pyramid: &ImagePyramid<'_>, landmarks: &Landmarks) -> Self {
        let axis = landmarks.head_axis();
        let side = SIZE[0] as f64 / INTER_EYE_PX * axis.inter_eye_distance;
        let centre = axis.point_at(-0.1 * axis.inter_eye_distance, 0.0);
        let square = RotatedSquare { centre, side, angle: axis.roll_degrees().to_radians() };
        let mut rgb = Vec::with_capacity(SIZE[0] * SIZE[1]);
        square.sample_cells(pyramid, SIZE, OutsideFill::NearestEdge, |_, value| {
            let [r, g, b, _] = value.map(|v| (v + 0.5) as u8);
            rgb.push([r, g, b]);
        });
        let luminance = rgb.iter().map(luminance::luminance).collect();
        let luma = rgb.iter().map(luminance::luma).collect();
        let outline: Vec<Point> = OVAL
            .iter()
            .map(|&i| square.relative_position(landmarks.mesh[i]).map(|v| v * SIZE[0] as f64))
            .collect();
        let (width, height) = (f64::from(pyramid.full.width()), f64::from(pyramid.full.height()));
        let place = square.placement();
        let in_picture = (0..SIZE[0] * SIZE[1]).map(|at| {
            let middle = [(at % SIZE[0]) as f64 + 0.5, (at / SIZE[0]) as f64 + 0.5];
            let [x, y] = place(middle.map(|v| v / SIZE[0] as f64));
            (0.0..width).contains(&x) && (0.0..height).contains(&y)
        });
        let in_picture: Vec<bool> = in_picture.collect();
        let in_outline = pixels_within(&outline).into_iter().zip(&in_picture);
        let in_face = in_outline.map(|(inside, in_picture)| inside && *in_picture).collect();
        Self { square, rgb, luminance, luma, in_face, in_picture }
    }

    /// Returns column and row of a point of the picture.
    pub(super) fn position_of(&self, point: Point) -> Point {
        self.square.relative_position(point).map(|v| v * SIZE[0] as f64)
    }

    /// Returns the indices of a square around a point of the picture, `side`
    /// inter-eye distances wide, without pixels outside the picture.
    pub(super) fn square_around(&self, point: Point, side: f64) -> Vec<usize> {
        let [x, y] = self.position_of(point);
        let half = side * INTER_EYE_PX / 2.0;
        let range = |at: f64, limit: usize| {
            let end = |v: f64| (v.round().max(0.0) as usize).min(limit);
            end(at - half)..end(at + half)
        };
        let columns = range(x, SIZE[0]);
        range(y, SIZE[1])
            .flat_map(|row| columns.clone().map(move |column| row * SIZE[0] + column))
            .filter(|&at| self.in_picture[at])
            .collect()
    }

    /// Returns the mean colours of the face in cells of 9 by 9 pixels, which removes noise.
    pub(super) fn cell_colours(&self) -> Vec<Lab> {
        const CELL: usize = 9;
        let cells = (0..SIZE[1] / CELL).flat_map(|row| (0..SIZE[0] / CELL).map(move |c| (row, c)));
        cells
            .filter_map(|(row, column)| {
                let at = |i: usize| (row * CELL + i / CELL) * SIZE[0] + column * CELL + i % CELL;
                let inside = (0..CELL * CELL).all(|i| self.in_face[at(i)]);
                let mean = |channel: usize| {
                    let sum: usize =
                        (0..CELL * CELL).map(|i| usize::from(self.rgb[at(i)][channel])).sum();
                    (sum / (CELL * CELL)) as u8
                };
                inside.then(|| cielab::from_srgb(&[mean(0), mean(1), mean(2)]))
            })
            .collect()
    }

    /// Returns the CIELAB colour of a pixel.
    pub(super) fn lab(&self, at: usize) -> Lab {
        cielab::from_srgb(&self.rgb[at])
    }
}

/// Marks the pixels within an outline, by the even-odd rule.
fn pixels_within(outline: &[Point]) -> Vec<bool> {
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
