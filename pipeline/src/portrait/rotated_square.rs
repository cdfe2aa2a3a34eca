//! Rotated squares of a picture, sampled as inputs of the networks.

use image::RgbImage;

use super::image_pyramid::ImagePyramid;
use crate::engines::vector;
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
    pub(super) fn point_on_picture(&self, point: Point) -> Point {
        self.placement()(point)
    }

    /// Returns [`Self::point_on_picture`] for many points.
    pub(super) fn placement(&self) -> impl Fn(Point) -> Point {
        let (Self { centre, side, .. }, (sin, cos)) = (*self, self.angle.sin_cos());
        move |[u, v]| {
            let (x, y) = ((u - 0.5) * side, (v - 0.5) * side);
            [centre[0] + x * cos - y * sin, centre[1] + x * sin + y * cos]
        }
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
        let (red, rest) = planes.split_at_mut(size * size);
        let (green, blue) = rest.split_at_mut(size * size);
        self.sample_cells(pyramid, [size, size], outside, |index, value| {
            let [r, g, b, _] = value.map(|value| value / 255.0);
            (red[index], green[index], blue[index]) = (r, g, b);
        });
        planes
    }

    /// Passes the samples 0..255 of square cells to `receive`: `columns` across the
    /// square and `rows` downwards from its upper side, row by row. A fourth value
    /// beside the three channels has no meaning.
    pub(super) fn sample_cells(
        &self,
        pyramid: &ImagePyramid<'_>,
        size: [usize; 2],
        outside: OutsideFill,
        receive: impl FnMut(usize, [f32; 4]),
    ) {
        vector::path().run(
            #[inline(always)]
            || self.sample_all(pyramid, size, outside, receive),
        );
    }

    #[inline(always)]
    fn sample_all(
        &self,
        pyramid: &ImagePyramid<'_>,
        [columns, rows]: [usize; 2],
        outside: OutsideFill,
        mut receive: impl FnMut(usize, [f32; 4]),
    ) {
        let (rgb, scale) = pyramid.level_for_step(self.side / columns as f64);
        let step = self.side * scale / columns as f64;
        let taps = (step.round() as usize).clamp(1, TAPS);
        let (count, fine) = ((taps * taps) as f32, step / taps as f64);
        let origin = self.point_on_picture([0.0, 0.0]).map(|v| v * scale);
        let (sin, cos) = self.angle.sin_cos();
        let (across, down) = ([cos * fine, sin * fine], [-sin * fine, cos * fine]);
        let along = |at: usize| at as f64 + 0.5;
        let of_column = |at: usize| [0, 1].map(|i| origin[i] + across[i] * along(at));
        let of_columns: Vec<Point> = (0..columns * taps).map(of_column).collect();
        let level = Level::new(rgb);
        for row in 0..rows {
            let of_rows: [Point; TAPS] =
                std::array::from_fn(|tap| down.map(|down| down * along(row * taps + tap)));
            let of_rows = &of_rows[..taps];
            for (column, of_taps) in of_columns.chunks_exact(taps).enumerate() {
                let mut sums = [0.0f32; 4];
                for [down_x, down_y] in of_rows {
                    for [x, y] in of_taps {
                        let value = level.interpolate([x + down_x, y + down_y], outside);
                        sums.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
                    }
                }
                receive(row * columns + column, sums.map(|sum| sum / count));
            }
        }
    }
}

/// Most samples along each side of a cell.
const TAPS: usize = 4;

/// The pixels of one level of the pyramid.
struct Level<'a> {
    bytes: &'a [u8],
    columns: usize,
    rows: usize,
    size: [f64; 2],
}

impl<'a> Level<'a> {
    fn new(rgb: &'a RgbImage) -> Self {
        let (width, height) = rgb.dimensions();
        Self {
            bytes: rgb.as_raw(),
            columns: width as usize,
            rows: height as usize,
            size: [f64::from(width), f64::from(height)],
        }
    }

    /// Interpolates between the four pixels around a point. The fourth channel has no
    /// meaning: four are calculated as fast as three.
    #[inline(always)]
    fn interpolate(&self, [x, y]: Point, outside: OutsideFill) -> [f32; 4] {
        let [width, height] = self.size;
        let is_inside = (0.0..width).contains(&x) && (0.0..height).contains(&y);
        if outside == OutsideFill::Black && !is_inside {
            return [0.0; 4];
        }
        let (x, y) = ((x - 0.5).clamp(0.0, width - 1.0), (y - 0.5).clamp(0.0, height - 1.0));
        // the clamp leaves no value that does not fit
        let (left, top) = (x as u32 as usize, y as u32 as usize);
        let (across, down) = ((x - left as f64) as f32, (y - top as f64) as f32);
        let upper = top * self.columns + left;
        let right = usize::from(left + 1 < self.columns);
        let lower = upper + if top + 1 < self.rows { self.columns } else { 0 };
        let a = self.pixel(upper);
        let b = self.pixel(upper + right);
        let c = self.pixel(lower);
        let d = self.pixel(lower + right);
        let mut value = [0.0; 4];
        for i in 0..4 {
            let above = a[i] + (b[i] - a[i]) * across;
            let below = c[i] + (d[i] - c[i]) * across;
            value[i] = above + (below - above) * down;
        }
        value
    }

    /// Returns the channels of a pixel, and one more value.
    #[inline(always)]
    fn pixel(&self, at: usize) -> [f32; 4] {
        let bytes = match self.bytes[3 * at..] {
            [r, g, b, next, ..] => [r, g, b, next],
            [r, g, b] => [r, g, b, 0],
            _ => [0; 4],
        };
        bytes.map(f32::from)
    }
}
