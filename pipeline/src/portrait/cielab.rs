//! CIELAB colours (D65, 2 degrees) of sRGB pixels.

use std::sync::LazyLock;

use image::RgbImage;

/// L* (0..100), a*, b*.
pub(super) type Lab = [f32; 3];

/// Converts every pixel, row by row.
pub(super) fn from_image(rgb: &RgbImage) -> Vec<Lab> {
    rgb.as_raw().as_chunks::<3>().0.iter().map(from_srgb).collect()
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
    static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
        std::array::from_fn(|code| {
            let value = code as f32 / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    });
    LINEAR[usize::from(code)]
}

/// Converts one pixel.
pub(super) fn from_srgb(rgb: &[u8; 3]) -> Lab {
    let [r, g, b] = rgb.map(linear_light);
    // relative to the white point, so that grey has a* and b* of 0
    let x = (0.412_453 * r + 0.357_580 * g + 0.180_423 * b) / 0.950_456;
    let y = 0.212_671 * r + 0.715_160 * g + 0.072_169 * b;
    let z = (0.019_334 * r + 0.119_193 * g + 0.950_227 * b) / 1.088_754;
    let [x, y, z] = [x, y, z].map(compressed);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Returns CIELAB's compressed light of 0..1 from a table; the error is at most
/// a hundredth of a unit of L*.
fn compressed(t: f32) -> f32 {
    const STEPS: usize = 8192;
    static TABLE: LazyLock<Vec<f32>> = LazyLock::new(|| {
        let exact = |t: f32| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        (0..=STEPS + 1).map(|i| exact(i as f32 / STEPS as f32)).collect()
    });
    let at = t.clamp(0.0, 1.0) * STEPS as f32;
    let low = at as usize;
    TABLE[low] + (TABLE[low + 1] - TABLE[low]) * (at - low as f32)
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
