//! Turned squares of a picture as networks take them.

use image::RgbImage;

use super::copy::Levels;
use crate::examination::Point;

/// A square of a picture, turned: `angle` radians clockwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct Square {
    pub(super) centre: Point,
    /// Pixels of the picture.
    pub(super) side: f64,
    pub(super) angle: f64,
}

/// What stands where a square leaves the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beyond {
    /// Black, as the networks were trained.
    Black,
    /// The picture's edge goes on.
    Edge,
}

impl Square {
    /// The place on the picture of a point whose coordinates run from 0 to 1
    /// across the square.
    pub(super) fn place(&self, [u, v]: Point) -> Point {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = ((u - 0.5) * self.side, (v - 0.5) * self.side);
        [self.centre[0] + x * cos - y * sin, self.centre[1] + x * sin + y * cos]
    }

    /// Whether another square shows nearly the same.
    pub(super) fn is_near(&self, other: &Self) -> bool {
        let [x, y] = [0, 1].map(|i| self.centre[i] - other.centre[i]);
        x.hypot(y) < 0.015 * self.side
            && (self.side / other.side - 1.0).abs() < 0.03
            && (self.angle - other.angle).abs() < 0.015
    }

    /// The other way: where in the square a place of the picture is.
    pub(super) fn share(&self, [x, y]: Point) -> Point {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = (x - self.centre[0], y - self.centre[1]);
        [(x * cos + y * sin) / self.side + 0.5, (y * cos - x * sin) / self.side + 0.5]
    }

    /// The square as three planes of `size` by `size` values, 0..1, by channel,
    /// row and column.
    pub(super) fn planes(&self, levels: &Levels<'_>, size: usize, beyond: Beyond) -> Vec<f32> {
        let mut planes = vec![0.0; 3 * size * size];
        self.each(levels, [size, size], beyond, |index, value| {
            for (plane, value) in value.into_iter().enumerate() {
                planes[plane * size * size + index] = value / 255.0;
            }
        });
        planes
    }

    /// Gives the samples 0..255 of square cells, `columns` across the square
    /// and `rows` downwards from its upper side, row by row.
    pub(super) fn each(
        &self,
        levels: &Levels<'_>,
        [columns, rows]: [usize; 2],
        beyond: Beyond,
        mut give: impl FnMut(usize, [f32; 3]),
    ) {
        let (rgb, scale) = levels.fit(self.side / columns as f64);
        let step = self.side * scale / columns as f64;
        let taps = (step.round() as usize).clamp(1, 4);
        let (count, fine) = ((taps * taps) as f32, step / taps as f64);
        let origin = self.place([0.0, 0.0]).map(|v| v * scale);
        let (sin, cos) = self.angle.sin_cos();
        let (across, down) = ([cos * fine, sin * fine], [-sin * fine, cos * fine]);
        for index in 0..columns * rows {
            let (row, column) = (index / columns * taps, index % columns * taps);
            let mut sums = [0.0f32; 3];
            for tap in 0..taps * taps {
                let along = (column + tap % taps) as f64 + 0.5;
                let along_down = (row + tap / taps) as f64 + 0.5;
                let at = [0, 1].map(|i| origin[i] + across[i] * along + down[i] * along_down);
                let value = sampled(rgb, at, beyond);
                sums.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
            }
            give(index, sums.map(|sum| sum / count));
        }
    }
}

/// Between the four pixels around a place.
fn sampled(rgb: &RgbImage, [x, y]: Point, beyond: Beyond) -> [f32; 3] {
    let (width, height) = (f64::from(rgb.width()), f64::from(rgb.height()));
    if beyond == Beyond::Black && !((0.0..width).contains(&x) && (0.0..height).contains(&y)) {
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
