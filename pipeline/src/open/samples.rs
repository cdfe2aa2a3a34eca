//! Decoded samples as RGB pictures.

use std::borrow::Cow;

use image::RgbImage;

use crate::reason::{Code, Reason};

/// The layout of decoded 8-bit samples, row by row without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Grey.
    L,
    /// Grey and opacity.
    La,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, opacity.
    Rgba,
}

/// Converts samples to an RGB picture; transparent pixels become white.
///
/// # Errors
/// `FILE_CORRUPT` if the number of samples does not match the size.
pub(super) fn to_rgb<'s>(
    (width, height): (u32, u32),
    samples: impl Into<Cow<'s, [u8]>>,
    layout: Layout,
) -> Result<RgbImage, Reason> {
    let samples = samples.into();
    let pixels = match layout {
        Layout::Rgb => samples.into_owned(),
        Layout::L => convert(&samples, |[l]: [u8; 1]| [l; 3]),
        Layout::La => convert(&samples, |[l, a]: [u8; 2]| [over_white(l, a); 3]),
        Layout::Rgba => {
            convert(&samples, |[r, g, b, a]: [u8; 4]| [r, g, b].map(|v| over_white(v, a)))
        }
    };
    RgbImage::from_raw(width, height, pixels).ok_or_else(|| Reason::new(Code::FileCorrupt))
}

fn convert<const N: usize>(samples: &[u8], pixel: impl Fn([u8; N]) -> [u8; 3]) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut rgb = vec![0; pixels.len() * 3];
    let (places, _) = rgb.as_chunks_mut::<3>();
    places.iter_mut().zip(pixels).for_each(|(place, samples)| *place = pixel(*samples));
    rgb
}

pub(super) fn over_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_layouts_become_rgb_on_white() {
        let rgb =
            |samples: &[u8], layout| to_rgb((1, 1), samples.to_vec(), layout).unwrap().into_raw();
        assert_eq!(rgb(&[7], Layout::L), [7, 7, 7]);
        assert_eq!(rgb(&[0, 0], Layout::La), [255, 255, 255]);
        assert_eq!(rgb(&[10, 20, 30], Layout::Rgb), [10, 20, 30]);
        assert_eq!(rgb(&[0, 0, 200, 128], Layout::Rgba), [127, 127, 227]);
        assert_eq!(to_rgb((2, 2), vec![0; 3], Layout::Rgb).unwrap_err().code, Code::FileCorrupt);
    }
}
