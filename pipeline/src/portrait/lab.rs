//! CIELAB (D65, 2 degrees) of sRGB pixels.

use std::sync::LazyLock;

use image::RgbImage;

/// L* 0..100, a*, b*.
pub(super) type Lab = [f32; 3];

/// Every pixel, row by row.
pub(super) fn pixels(rgb: &RgbImage) -> Vec<Lab> {
    rgb.as_raw().as_chunks::<3>().0.iter().map(lab).collect()
}

/// Euclidean distance (CIE76): about 2.3 is just noticeable.
pub(super) fn distance(a: Lab, b: Lab) -> f32 {
    a.iter().zip(b).map(|(p, q)| (p - q).powi(2)).sum::<f32>().sqrt()
}

/// The median of each coordinate; none of nothing.
pub(super) fn median(colours: &[Lab]) -> Option<Lab> {
    let middle = |axis: usize| {
        let mut values: Vec<f32> = colours.iter().map(|colour| colour[axis]).collect();
        let at = values.len() / 2;
        (!values.is_empty()).then(|| *values.select_nth_unstable_by(at, f32::total_cmp).1)
    };
    Some([middle(0)?, middle(1)?, middle(2)?])
}

/// Linear light 0..1 of a code value (IEC 61966-2-1).
pub(super) fn linear(code: u8) -> f32 {
    static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
        std::array::from_fn(|code| {
            let value = code as f32 / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    });
    LINEAR[usize::from(code)]
}

pub(super) fn lab(rgb: &[u8; 3]) -> Lab {
    let [r, g, b] = rgb.map(linear);
    // over the white point, so that grey has a* and b* of 0
    let x = (0.412_453 * r + 0.357_580 * g + 0.180_423 * b) / 0.950_456;
    let y = 0.212_671 * r + 0.715_160 * g + 0.072_169 * b;
    let z = (0.019_334 * r + 0.119_193 * g + 0.950_227 * b) / 1.088_754;
    let [x, y, z] = [x, y, z].map(root);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIELAB's compressed light of 0..1, from a table: a hundredth of a unit of L*
/// is lost at most.
fn root(t: f32) -> f32 {
    const STEPS: usize = 8192;
    static ROOTS: LazyLock<Vec<f32>> = LazyLock::new(|| {
        let of = |t: f32| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        (0..=STEPS + 1).map(|i| of(i as f32 / STEPS as f32)).collect()
    });
    let at = t.clamp(0.0, 1.0) * STEPS as f32;
    let low = at as usize;
    ROOTS[low] + (ROOTS[low + 1] - ROOTS[low]) * (at - low as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_colours() {
        // values of the sRGB primaries as colour science tables give them
        for (rgb, expected) in [
            ([255, 255, 255], [100.0, 0.0, 0.0]),
            ([0, 0, 0], [0.0, 0.0, 0.0]),
            ([255, 0, 0], [53.24, 80.09, 67.20]),
            ([0, 0, 255], [32.30, 79.19, -107.86]),
            ([119, 119, 119], [50.03, 0.0, 0.0]),
        ] {
            assert!(distance(lab(&rgb), expected) < 0.15, "{rgb:?}: {:?}", lab(&rgb));
        }
    }
}
