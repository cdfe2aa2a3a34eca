//! Luminance planes and their reduction by area averaging.

use image::RgbImage;

/// Luminance 0..255, row by row.
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) data: Vec<f32>,
}

impl Plane {
    /// Computes the luminance of every pixel, with PDQ's weights (BT.601).
    pub(super) fn from_rgb(rgb: &RgbImage) -> Self {
        let data = rgb.as_raw().as_chunks::<3>().0.iter().map(luminance).collect();
        Self { width: rgb.width() as usize, height: rgb.height() as usize, data }
    }

    /// Computes the luminance averaged over the area of each pixel of a `width` x
    /// `height` plane.
    pub(super) fn from_rgb_reduced(rgb: &RgbImage, width: usize, height: usize) -> Self {
        let samples = rgb.width() as usize * 3;
        let row = |y: usize, out: &mut [f32]| {
            let (pixels, _) = rgb.as_raw()[y * samples..][..samples].as_chunks::<3>();
            out.iter_mut().zip(pixels).for_each(|(out, pixel)| *out = luminance(pixel));
        };
        average(row, (rgb.width() as usize, rgb.height() as usize), (width, height))
    }

    /// Reduces the plane by area averaging.
    pub(super) fn reduce(&self, width: usize, height: usize) -> Self {
        let row = |y: usize, out: &mut [f32]| {
            out.copy_from_slice(&self.data[y * self.width..][..self.width]);
        };
        average(row, (self.width, self.height), (width, height))
    }
}

fn luminance(&[red, green, blue]: &[u8; 3]) -> f32 {
    0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
}

/// Averages in one pass over the rows, of which `row` writes one: the whole source is
/// never in memory. Rows are summed first, and each sum is reduced once.
fn average(
    row: impl Fn(usize, &mut [f32]),
    (from_width, from_height): (usize, usize),
    (width, height): (usize, usize),
) -> Plane {
    let columns = spans(from_width, width);
    let mut data = Vec::with_capacity(width * height);
    let mut sum = vec![0.0f32; from_width];
    let mut one = vec![0.0f32; from_width];
    // the row that is in `one`: lines that meet inside a row share it
    let mut held = None;
    for line in spans(from_height, height) {
        sum.fill(0.0);
        for (y, weight) in (line.first..).zip(&line.weights) {
            if held != Some(y) {
                row(y, &mut one);
                held = Some(y);
            }
            sum.iter_mut().zip(&one).for_each(|(sum, value)| *sum += weight * value);
        }
        data.extend(columns.iter().map(|span| {
            span.weights.iter().zip(&sum[span.first..]).map(|(w, v)| w * v).sum::<f32>()
        }));
    }
    Plane { width, height, data }
}

/// Source pixels under one target pixel, with weights that sum to 1.
struct Span {
    first: usize,
    weights: Vec<f32>,
}

fn spans(from: usize, to: usize) -> Vec<Span> {
    let scale = from as f64 / to as f64;
    (0..to)
        .map(|i| {
            let (start, end) = (i as f64 * scale, (i + 1) as f64 * scale);
            let first = start as usize;
            let last = (end.ceil() as usize).clamp(first + 1, from);
            let cover = |x: usize| (end.min(x as f64 + 1.0) - start.max(x as f64)).max(0.0);
            let total: f64 = (first..last).map(cover).sum();
            Span { first, weights: (first..last).map(|x| (cover(x) / total) as f32).collect() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_keep_the_mean_and_flat_stays_flat() {
        let rgb = RgbImage::from_fn(97, 31, |x, y| image::Rgb([((x * 7 + y * 3) % 256) as u8; 3]));
        let full = Plane::from_rgb(&rgb);
        let mean = |plane: &Plane| plane.data.iter().sum::<f32>() / plane.data.len() as f32;
        for (width, height) in [(64, 64), (13, 7), (1, 1), (97, 31)] {
            let small = Plane::from_rgb_reduced(&rgb, width, height);
            assert_eq!(small.data.len(), width * height);
            assert!((mean(&small) - mean(&full)).abs() < 0.05, "{width}x{height}");
        }
        let flat =
            Plane::from_rgb_reduced(&RgbImage::from_pixel(50, 3, image::Rgb([90; 3])), 64, 64);
        assert!(flat.data.iter().all(|v| (v - 90.0).abs() < 0.01));
    }

    #[test]
    fn whole_factors_average_blocks() {
        let rgb = RgbImage::from_fn(4, 2, |x, _| image::Rgb([x as u8 * 10; 3]));
        let small = Plane::from_rgb_reduced(&rgb, 2, 1).data;
        assert!((small[0] - 5.0).abs() < 1e-4 && (small[1] - 25.0).abs() < 1e-4, "{small:?}");
    }
}
