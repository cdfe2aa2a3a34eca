//! CIELAB colours (D65, 2 degrees) of sRGB pixels.

use std::sync::LazyLock;

use image::RgbImage;

/// L* (0..100), a*, b*.
pub(super) type Lab = [f32; 3];

/// Converts every pixel, row by row.
pub(super) fn from_image(rgb: &RgbImage) -> Vec<Lab> {
    let tables = Tables::get();
    rgb.as_raw().as_chunks::<3>().0.iter().map(|rgb| tables.convert(rgb)).collect()
}

/// Returns the Euclidean distance (CIE76): about 2.3 is just noticeable.
pub(super) fn distance(a: Lab, b: Lab) -> f32 {
    a.iter().zip(b).map(|(p, q)| (p - q).powi(2)).sum::<f32>().sqrt()
}

/// Returns the median of each coordinate, or `None` without colours.
pub(super) fn median(colours: &[Lab]) -> Option<Lab> {
    let middle = |axis: usize| {
        let mut values: Vec<f32> = colours.iter().map(|colour| colour[axis]).collect();
        let at = values.len() / 2;
        (!values.is_empty()).then(|| *values.select_nth_unstable_by(at, f32::total_cmp).1)
    };
    Some([middle(0)?, middle(1)?, middle(2)?])
}

/// Returns the linear light 0..1 of a code value (IEC 61966-2-1).
pub(super) fn linear_light(code: u8) -> f32 {
    Tables::get().linear[usize::from(code)]
}

/// Converts one pixel.
pub(super) fn from_srgb(rgb: &[u8; 3]) -> Lab {
    Tables::get().convert(rgb)
}

/// Functions of one number, calculated in advance.
struct Tables {
    /// Linear light by code value.
    linear: [f32; 256],
    /// CIELAB's compressed light of 0..1; the error is at most a hundredth of a unit of L*.
    compressed: Box<[f32; STEPS + 2]>,
}

const STEPS: usize = 8192;

impl Tables {
    fn get() -> &'static Self {
        static TABLES: LazyLock<Tables> = LazyLock::new(|| {
            let linear = |value: f32| {
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            let compressed =
                |t: f32| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
            Tables {
                linear: std::array::from_fn(|code| linear(code as f32 / 255.0)),
                compressed: Box::new(std::array::from_fn(|i| compressed(i as f32 / STEPS as f32))),
            }
        });
        &TABLES
    }

    #[inline(always)]
    fn convert(&self, rgb: &[u8; 3]) -> Lab {
        let [r, g, b] = rgb.map(|code| self.linear[usize::from(code)]);
        // relative to the white point, so that grey has a* and b* of 0
        let x = (0.412_453 * r + 0.357_580 * g + 0.180_423 * b) / 0.950_456;
        let y = 0.212_671 * r + 0.715_160 * g + 0.072_169 * b;
        let z = (0.019_334 * r + 0.119_193 * g + 0.950_227 * b) / 1.088_754;
        let [x, y, z] = [x, y, z].map(|t| self.compress(t));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    #[inline(always)]
    fn compress(&self, t: f32) -> f32 {
        let at = t.clamp(0.0, 1.0) * STEPS as f32;
        // the clamp leaves no value that does not fit
        let low = at as u32 as usize;
        let [from, to] = [self.compressed[low], self.compressed[low + 1]];
        from + (to - from) * (at - low as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn srgb_primaries_have_their_published_values() {
        // values of the sRGB primaries from tables of colour science
        for (rgb, expected) in [
            ([255, 255, 255], [100.0, 0.0, 0.0]),
            ([0, 0, 0], [0.0, 0.0, 0.0]),
            ([255, 0, 0], [53.24, 80.09, 67.20]),
            ([0, 0, 255], [32.30, 79.19, -107.86]),
            ([119, 119, 119], [50.03, 0.0, 0.0]),
        ] {
            assert!(distance(from_srgb(&rgb), expected) < 0.15, "{rgb:?}: {:?}", from_srgb(&rgb));
        }
    }
}
