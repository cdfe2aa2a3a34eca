//! Rotated squares of a picture, sampled as inputs of the networks.

use image::RgbImage;

use super::image_pyramid::ImagePyramid;
use crate::examination::Point;

/// A square of a picture, rotated clockwise by `angle` radians.
#[derive(Clone, Copy, Debug)]
pub(super) struct RotatedSquare {
    pub(super) centre: Point,
    /// In pixels of the picture.
    pub(super) side: f64,
    pub(super) angle: f64,
}

/// Values of samples outside the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutsideFill {
    /// Black, as the networks were trained.
    Black,
    /// The nearest pixel of the picture's edge.
    NearestEdge,
}

impl RotatedSquare {
    /// Returns the point of the picture for a point whose coordinates run from 0
    /// to 1 across the square.
    pub(super) fn point_on_picture(&self, [u, v]: Point) -> Point {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = ((u - 0.5) * self.side, (v - 0.5) * self.side);
        [self.centre[0] + x * cos - y * sin, self.centre[1] + x * sin + y * cos]
    }

    /// Returns whether another square shows nearly the same part.
    pub(super) fn is_near(&self, other: &Self) -> bool {
        let [x, y] = [0, 1].map(|i| self.centre[i] - other.centre[i]);
        x.hypot(y) < 0.015 * self.side
            && (self.side / other.side - 1.0).abs() < 0.03
            && (self.angle - other.angle).abs() < 0.015
    }

    /// Returns the coordinates, 0 to 1 across the square, of a point of the picture.
    pub(super) fn relative_position(&self, [x, y]: Point) -> Point {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = (x - self.centre[0], y - self.centre[1]);
        [(x * cos + y * sin) / self.side + 0.5, (y * cos - x * sin) / self.side + 0.5]
    }

    /// Samples the square as three planes of `size` by `size` values, 0..1, by
    /// channel, row and column.
    pub(super) fn sample_planes(
        &self,
        pyramid: &ImagePyramid<'_>,
        size: usize,
        outside: OutsideFill,
    ) -> Vec<f32> {
        let mut planes = vec![0.0; 3 * size * size];
        self.sample_cells(pyramid, [size, size], outside, |index, value| {
            for (plane, value) in value.into_iter().enumerate() {
                planes[plane * size * size + index] = value / 255.0;
            }
        });
        planes
    }

    /// Passes the samples 0..255 of square cells to `receive`: `columns` across the
    /// square and `rows` downwards from its upper side, row by row.
    pub(super) fn sample_cells(
        &self,
        pyramid: &ImagePyramid<'_>,
        [columns, rows]: [usize; 2],
        outside: OutsideFill,
        mut receive: impl FnMut(usize, [f32; 3]),
    ) {
        let (rgb, scale) = pyramid.level_for_step(self.side / columns as f64);
        let step = self.side * scale / columns as f64;
        let taps = (step.round() as usize).clamp(1, 4);
        let (count, fine) = ((taps * taps) as f32, step / taps as f64);
        let origin = self.point_on_picture([0.0, 0.0]).map(|v| v * scale);
        let (sin, cos) = self.angle.sin_cos();
        let (across, down) = ([cos * fine, sin * fine], [-sin * fine, cos * fine]);
        for index in 0..columns * rows {
            let (row, column) = (index / columns * taps, index % columns * taps);
            let mut sums = [0.0f32; 3];
            for tap in 0..taps * taps {
                let along = (column + tap % taps) as f64 + 0.5;
                let along_down = (row + tap / taps) as f64 + 0.5;
                let at = [0, 1].map(|i| origin[i] + across[i] * along + down[i] * along_down);
                let value = interpolate(rgb, at, outside);
                sums.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
            }
            receive(index, sums.map(|sum| sum / count));
        }
    }
}

/// Interpolates between the four pixels around a point.
fn interpolate(rgb: &RgbImage, [x, y]: Point, outside: OutsideFill) -> [f32; 3] {
    let (width, height) = (f64::from(rgb.width()), f64::from(rgb.height()));
    if outside == OutsideFill::Black && !((0.0..width).contains(&x) && (0.0..height).contains(&y)) {
        return [0.0; 3];
    }
    let (x, y) = ((x - 0.5).clamp(0.0, width - 1.0), (y - 0.5).clamp(0.0, height - 1.0));
    let (left, top) = (x as usize, y as usize);
    let (across, down) = ((x - left as f64) as f32, (y - top as f64) as f32);
    let pixels = rgb.as_raw().as_chunks::<3>().0;
    let columns = rgb.width() as usize;
    let upper = top * columns + left;
    let right = usize::from(left + 1 < columns);
    let lower = upper + if top + 1 < rgb.height() as usize { columns } else { 0 };
    let corners = [pixels[upper], pixels[upper + right], pixels[lower], pixels[lower + right]];
    let [a, b, c, d] = corners.map(|pixel| pixel.map(f32::from));
    std::array::from_fn(|i| {
        let above = a[i] + (b[i] - a[i]) * across;
        let below = c[i] + (d[i] - c[i]) * across;
        above + (below - above) * down
    })
}
