//! Grey pictures: brightness by pixel, made from colour and sampled between pixels.

use image::RgbImage;

/// Brightness by pixel, row by row.
#[derive(Clone)]
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) data: Vec<u8>,
}

/// The sums of this many rows fit into 16 bits.
const MAX_SUMMED: usize = 256;

impl Grey {
    /// Converts to the brightest of the three colours: ink is black in all of them, while
    /// a coloured background is bright in at least one. Each pixel stands for
    /// a square of `by` (1 to 256), colour by colour; incomplete squares at
    /// the right and lower edges are left out. `None` for a picture without a square.
    pub(crate) fn from_rgb(rgb: &RgbImage, by: usize) -> Option<Self> {
        let by = by.clamp(1, MAX_SUMMED);
        let (width, height) = (rgb.width() as usize / by, rgb.height() as usize / by);
        if width == 0 || height == 0 {
            return None;
        }
        if by == 1 {
            let data = rgb.as_raw().chunks_exact(3).map(|p| p[0].max(p[1]).max(p[2])).collect();
            return Some(Self { width, height, data });
        }
        let mut data = Vec::with_capacity(width * height);
        let stride = rgb.width() as usize * 3;
        let used = width * by * 3;
        let mut sums = vec![0u16; used];
        // rows first: plain additions of neighbouring bytes
        for rows in rgb.as_raw().chunks_exact(stride * by) {
            sums.fill(0);
            for row in rows.chunks_exact(stride) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += u16::from(*value);
                }
            }
            data.extend(sums.chunks_exact(by * 3).map(|square| brightest(square, by)));
        }
        Some(Self { width, height, data })
    }

    /// Returns the smallest picture: one black pixel.
    pub(crate) fn pixel() -> Self {
        Self { width: 1, height: 1, data: vec![0] }
    }

    /// Halves width and height; each pixel is the mean of four.
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

    /// Returns the brightness between pixels; outside the picture that of the nearest
    /// pixel. Pixel centres are at whole coordinates.
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
}

/// Returns the mean of the brightest colour, from sums of columns of `by` pixels.
fn brightest(square: &[u16], by: usize) -> u8 {
    let mut sums = [0u32; 3];
    for pixel in square.chunks_exact(3) {
        for (sum, value) in sums.iter_mut().zip(pixel) {
            *sum += u32::from(*value);
        }
    }
    (sums[0].max(sums[1]).max(sums[2]) / (by * by) as u32) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn shrinking_takes_the_mean_of_the_brightest_colour() {
        let rgb = RgbImage::from_fn(5, 2, |x, _| match x {
            0 => Rgb([0, 10, 0]),
            1 => Rgb([0, 0, 100]),
            _ => Rgb([8, 8, 8]),
        });
        let small = Grey::from_rgb(&rgb, 2).unwrap();
        assert_eq!((small.width, small.height, small.data), (2, 1, vec![50, 8]));
        let whole = Grey::from_rgb(&rgb, 1).unwrap();
        assert_eq!((whole.width, whole.height, &whole.data[..3]), (5, 2, &[10, 100, 8][..]));
    }

    #[test]
    fn the_largest_squares_do_not_overflow() {
        let rgb = RgbImage::from_pixel(300, 260, Rgb([255; 3]));
        assert_eq!(Grey::from_rgb(&rgb, 256).unwrap().data, [255]);
        assert!(Grey::from_rgb(&RgbImage::new(1, 99), 2).is_none());
        assert!(Grey::from_rgb(&RgbImage::new(0, 0), 1).is_none());
    }

    #[test]
    fn halving_takes_the_mean_of_four() {
        let grey = Grey { width: 5, height: 2, data: vec![0, 100, 8, 8, 9, 0, 100, 8, 8, 9] };
        let half = grey.halved();
        assert_eq!((half.width, half.height, half.data), (2, 1, vec![50, 8]));
    }

    #[test]
    fn sampling_outside_gives_the_edge() {
        let grey = Grey { width: 2, height: 1, data: vec![10, 30] };
        assert_eq!(grey.sample(-5.0, 9.0), 10.0);
        assert_eq!(grey.sample(0.5, 0.0), 20.0);
    }
}
