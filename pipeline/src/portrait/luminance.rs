//! Brightness of a pixel: as light, and as displayed.

use super::cielab::linear_light;

/// Returns the luminance 0..255 of linear light (Rec. 709), as ISO/IEC 29794-5 defines it.
pub(super) fn luminance(rgb: &[u8; 3]) -> u8 {
    let [red, green, blue] = rgb.map(linear_light);
    ((0.2126 * red + 0.7152 * green + 0.0722 * blue) * 255.0 + 0.5) as u8
}

/// Returns the brightness 0..255 as displayed (Rec. 601 luma).
pub(super) fn luma(rgb: &[u8; 3]) -> f32 {
    let [red, green, blue] = rgb.map(f32::from);
    0.299 * red + 0.587 * green + 0.114 * blue
}
