//! Grey pictures and the few operations on them that finding text needs.

use image::RgbImage;

/// Brightness by pixel, row by row.
#[derive(Clone)]
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) data: Vec<u8>,
}

impl Grey {
    /// The brightest of the three colours: ink is black in all of them, while
    /// a coloured background is bright in at least one.
    /// Nothing for a picture without pixels.
    pub(crate) fn from_rgb(rgb: &RgbImage) -> Option<Self> {
        let (width, height) = (rgb.width() as usize, rgb.height() as usize);
        let data = rgb.as_raw().chunks_exact(3).map(|p| p[0].max(p[1]).max(p[2])).collect();
        (width > 0 && height > 0).then_some(Self { width, height, data })
    }

    /// A copy whose long side has at most `side` pixels, each the mean of those it covers.
    pub(crate) fn shrunk(&self, side: usize) -> Self {
        let long = self.width.max(self.height);
        if long <= side {
            return self.clone();
        }
        let width = (self.width * side / long).max(1);
        let height = (self.height * side / long).max(1);
        let columns: Vec<usize> = (0..self.width).map(|x| x * width / self.width).collect();
        let mut data = vec![0u8; width * height];
        let (mut sums, mut counts) = (vec![0u32; width], vec![0u32; width]);
        for y in 0..self.height {
            let row = &self.data[y * self.width..(y + 1) * self.width];
            for (value, x) in row.iter().zip(&columns) {
                sums[*x] += u32::from(*value);
                counts[*x] += 1;
            }
            let target = y * height / self.height;
            let next = (y + 1) * height / self.height;
            if next != target || y + 1 == self.height {
                for x in 0..width {
                    data[target * width + x] = (sums[x] / counts[x].max(1)) as u8;
                }
                sums.fill(0);
                counts.fill(0);
            }
        }
        Self { width, height, data }
    }

    /// Each pixel the mean of itself and its neighbours (1 2 1 both ways), edges as they are.
    pub(crate) fn smoothed(&self) -> Self {
        let mean =
            |a: u8, b: u8, c: u8| ((u16::from(a) + 2 * u16::from(b) + u16::from(c) + 2) / 4) as u8;
        let mut across = self.data.clone();
        for (out, row) in
            across.chunks_exact_mut(self.width).zip(self.data.chunks_exact(self.width))
        {
            for (value, window) in out.iter_mut().skip(1).zip(row.windows(3)) {
                *value = mean(window[0], window[1], window[2]);
            }
        }
        let mut data = across.clone();
        let (one, two) = (self.width.min(across.len()), (2 * self.width).min(across.len()));
        let neighbours = across.iter().zip(&across[one..]).zip(&across[two..]);
        for (value, ((a, b), c)) in data[one..].iter_mut().zip(neighbours) {
            *value = mean(*a, *b, *c);
        }
        Self { data, ..*self }
    }

    /// Half the width and height, each pixel the mean of four.
    pub(crate) fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut data = Vec::with_capacity(width * height);
        for rows in self.data.chunks_exact(2 * self.width).take(height) {
            let (upper, lower) = rows.split_at(self.width);
            let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
            data.extend(pairs.map(|(a, b)| {
                let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
                ((sum + 2) / 4) as u8
            }));
        }
        Self { width, height, data }
    }

    /// Brightness between pixels; outside the picture the nearest pixel's.
    /// Pixel centres lie at whole coordinates.
    pub(crate) fn sample(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width - 1) as f32);
        let y = y.clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let at = |x: usize, y: usize| f32::from(self.data[y * self.width + x]);
        let top = at(x0, y0) * (1.0 - fx) + at(x1, y0) * fx;
        let bottom = at(x0, y1) * (1.0 - fx) + at(x1, y1) * fx;
        top * (1.0 - fy) + bottom * fy
    }

    /// What is darker than its surroundings and narrower than `size` pixels:
    /// the closing with a square, less the picture.
    pub(crate) fn black_top_hat(&self, size: usize) -> Self {
        let half = size / 2;
        let closed = self.extreme(half, u8::max).extreme(half, u8::min);
        let data = closed.data.iter().zip(&self.data).map(|(c, v)| c.saturating_sub(*v)).collect();
        Self { data, ..closed }
    }

    /// The greatest value of each square of `2 * half + 1` pixels.
    pub(crate) fn dilated(&self, half: usize) -> Self {
        self.extreme(half, u8::max)
    }

    fn extreme(&self, half: usize, pick: impl Fn(u8, u8) -> u8 + Copy) -> Self {
        let mut across = Vec::with_capacity(self.data.len());
        for row in self.data.chunks_exact(self.width) {
            let mut padded = vec![row[0]; half];
            padded.extend(row);
            padded.resize(self.width + 2 * half, row[self.width - 1]);
            across.extend(windows(padded, 2 * half + 1, 1, pick));
        }
        let last = self.data.len() - self.width;
        let mut padded = across[..self.width].repeat(half);
        padded.extend(&across);
        padded.extend(across[last..].repeat(half));
        let data = windows(padded, 2 * half + 1, self.width, pick);
        Self { width: self.width, height: self.height, data }
    }
}

/// Extremes of windows of `size` values that lie `stride` apart. Each round
/// doubles the window, so that the work grows with its logarithm, and every
/// round is one plain loop.
fn windows(
    mut values: Vec<u8>,
    size: usize,
    stride: usize,
    pick: impl Fn(u8, u8) -> u8 + Copy,
) -> Vec<u8> {
    let merge = |values: &[u8], shift: usize| -> Vec<u8> {
        let pairs = values.iter().zip(&values[shift..]);
        pairs.map(|(a, b)| pick(*a, *b)).collect()
    };
    let mut span = 1;
    while span * 2 <= size {
        values = merge(&values, span * stride);
        span *= 2;
    }
    if span < size { merge(&values, (size - span) * stride) } else { values }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spots(width: usize, height: usize, dark: &[(usize, usize)]) -> Grey {
        let mut grey = Grey { width, height, data: vec![200; width * height] };
        for (x, y) in dark {
            grey.data[y * width + x] = 50;
        }
        grey
    }

    #[test]
    fn a_top_hat_keeps_narrow_dark_things_alone() {
        let grey = spots(9, 7, &[(4, 3)]);
        let hat = grey.black_top_hat(3);
        assert_eq!(hat.data.iter().filter(|v| **v > 0).count(), 1);
        assert_eq!(hat.data[3 * 9 + 4], 150);
        let wide: Vec<_> = (0..7).flat_map(|y| (0..5).map(move |x| (x, y))).collect();
        assert!(spots(9, 7, &wide).black_top_hat(3).data.iter().all(|v| *v == 0));
    }

    #[test]
    fn dilation_grows_by_half_a_window() {
        let mut grey = Grey { width: 8, height: 5, data: vec![0; 40] };
        grey.data[2 * 8 + 3] = 9;
        let grown = grey.dilated(1);
        let lit: Vec<usize> = (0..40).filter(|i| grown.data[*i] == 9).collect();
        assert_eq!(lit, [10, 11, 12, 18, 19, 20, 26, 27, 28]);
    }

    #[test]
    fn shrinking_takes_the_mean() {
        let grey = Grey { width: 4, height: 2, data: vec![0, 100, 8, 8, 0, 100, 8, 8] };
        let small = grey.shrunk(2);
        assert_eq!((small.width, small.height, small.data), (2, 1, vec![50, 8]));
    }

    #[test]
    fn sampling_outside_gives_the_edge() {
        let grey = Grey { width: 2, height: 1, data: vec![10, 30] };
        assert_eq!(grey.sample(-5.0, 9.0), 10.0);
        assert_eq!(grey.sample(0.5, 0.0), 20.0);
    }
}
