//! The rectified surroundings of a line: `u` runs along it, `v` across.

use super::chain::Shape;
use crate::passport::grey::Grey;

/// Half the length of the longest band in pixels: a page's diagonal.
const MAX_HALF: f32 = 2400.0;

/// The ink around a line, one value per pixel.
pub(super) struct Band {
    pub(super) width: usize,
    /// Rows above the middle one, and below it.
    pub(super) reach: usize,
    /// Prefix sums down each column: row `i` has the sums of the `i` topmost values.
    sums: Vec<u16>,
    origin: [f32; 2],
    axis: [f32; 2],
}

impl Band {
    /// `half` pixels each way along the line, `reach` across.
    pub(super) fn new(ink: &Grey, line: &Shape, half: f32, reach: f32) -> Self {
        let half = half.clamp(1.0, MAX_HALF).ceil();
        let (width, reach) = (2 * half as usize + 1, reach.max(1.0).ceil() as usize);
        let [x, y] = line.axis;
        let origin = [line.centre[0] - half * x, line.centre[1] - half * y];
        let mut band = Self { width, reach, sums: Vec::new(), origin, axis: line.axis };
        let rows = 2 * reach + 1;
        let mut sums = Vec::with_capacity(width * (rows + 1));
        sums.resize(width, 0u16);
        // coordinates with 16 fractional bits
        let fixed = |value: f32| (value * 65_536.0) as i64;
        let (dx, dy) = (fixed(x), fixed(y));
        for v in 0..rows {
            let start = band.point(0.0, v as f32 - reach as f32);
            let (mut px, mut py) = (fixed(start[0] + 0.5), fixed(start[1] + 0.5));
            for u in 0..width {
                let (column, row) = ((px >> 16) as usize, (py >> 16) as usize);
                let inside = column < ink.width && row < ink.height;
                let value = if inside { ink.data[row * ink.width + column] } else { 0 };
                sums.push(sums[v * width + u] + u16::from(value));
                (px, py) = (px + dx, py + dy);
            }
        }
        band.sums = sums;
        band
    }

    /// Returns the point on the copy.
    pub(super) fn point(&self, u: f32, v: f32) -> [f32; 2] {
        let ([x, y], [left, top]) = (self.axis, self.origin);
        [left + x * u - y * v, top + y * u + x * v]
    }

    /// Returns the row of prefix sums above a distance across.
    fn sum_row(&self, v: f32) -> usize {
        // half a pixel up to the upper edge, half for rounding
        let last = 2.0 * self.reach as f32 + 1.0;
        (v + self.reach as f32 + 1.0).clamp(0.0, last) as usize
    }

    /// Returns the mean of one column between two distances across.
    pub(super) fn column_mean(&self, u: usize, from: f32, to: f32) -> f32 {
        let (top, bottom) = (self.sum_row(from), self.sum_row(to));
        let sum = self.sums[bottom * self.width + u] - self.sums[top * self.width + u];
        f32::from(sum) / (bottom - top).max(1) as f32
    }

    /// Returns the mean of a row within some columns.
    pub(super) fn row_mean(&self, v: f32, columns: std::ops::Range<usize>) -> f32 {
        let top = self.sum_row(v - 0.5).min(2 * self.reach) * self.width;
        let (from, to) = (columns.start.min(self.width), columns.end.min(self.width));
        let upper = &self.sums[top..][from..to.max(from)];
        let lower = &self.sums[top + self.width..][from..to.max(from)];
        let sum: u32 = lower.iter().zip(upper).map(|(a, b)| u32::from(a - b)).sum();
        sum as f32 / upper.len().max(1) as f32
    }

    /// Fits a straight course `v = a + b u` through the ink within `near` of another course.
    pub(super) fn fit_course(
        &self,
        start: [f32; 2],
        near: f32,
        from: usize,
        to: usize,
    ) -> [f32; 2] {
        let [mut n, mut su, mut sv, mut suu, mut suv] = [0.0f64; 5];
        for u in (from..to.min(self.width)).step_by(3) {
            let middle = start[0] + start[1] * u as f32;
            let (top, bottom) = (self.sum_row(middle - near), self.sum_row(middle + near));
            let sum = |row: usize| u32::from(self.sums[row * self.width + u]);
            // summation by parts: the mean position follows from the sums alone
            let ink = sum(bottom) - sum(top);
            let below: u32 = (top..bottom).map(|row| sum(bottom) - sum(row)).sum();
            let weight = f64::from(ink);
            let place = top as f64 - 1.0 - self.reach as f64;
            let weighted = weight * place + f64::from(below);
            let u = f64::from(u as u32);
            n += weight;
            su += weight * u;
            sv += weighted;
            suu += weight * u * u;
            suv += weighted * u;
        }
        let spread = n * suu - su * su;
        if n <= 0.0 || spread <= 0.0 {
            return start;
        }
        let b = (n * suv - su * sv) / spread;
        [((sv - b * su) / n) as f32, b as f32]
    }
}

/// Realigns a line with its own ink: chains may contain ink beside the line.
pub(super) fn straighten(ink: &Grey, line: &Shape) -> Shape {
    let half = line.length / 2.0;
    let band = Band::new(ink, line, half, 1.2 * line.height);
    let mut course = [0.0; 2];
    for near in [1.0, 0.7] {
        course = band.fit_course(course, near * line.height, 0, band.width);
    }
    let middle = (band.width / 2) as f32;
    let centre = band.point(middle, course[0] + course[1] * middle);
    let ([x, y], b) = (line.axis, course[1]);
    let size = 1.0f32.hypot(b);
    Shape { centre, axis: [(x - b * y) / size, (y + b * x) / size], ..*line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slanting_line_is_realigned() {
        let mut ink = Grey { width: 300, height: 100, data: vec![0; 30_000] };
        for x in 20..280 {
            for dy in 0..7 {
                let y = 30 + x / 20 + dy;
                ink.data[y * 300 + x] = 100;
            }
        }
        let guess = Shape { centre: [150.0, 42.0], axis: [1.0, 0.0], length: 260.0, height: 14.0 };
        let line = straighten(&ink, &guess);
        assert!((line.axis[1] / line.axis[0] - 0.05).abs() < 0.01, "{line:?}");
        assert!((line.centre[1] - 40.2).abs() < 1.0, "{line:?}");
    }

    #[test]
    fn there_is_no_ink_beyond_the_picture() {
        let ink = Grey { width: 9, height: 9, data: vec![90; 81] };
        let line = Shape { centre: [4.0, 4.0], axis: [1.0, 0.0], length: 9.0, height: 3.0 };
        let band = Band::new(&ink, &line, 10.0, 6.0);
        assert_eq!((band.column_mean(10, -2.0, 2.0), band.column_mean(0, -2.0, 2.0)), (90.0, 0.0));
        assert_eq!((band.column_mean(10, 5.0, 99.0), band.row_mean(0.0, 6..15)), (0.0, 90.0));
    }
}
