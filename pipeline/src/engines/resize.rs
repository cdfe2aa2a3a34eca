//! Resizes pictures with `fast_image_resize`.
//!
//! Its sums of bytes are whole numbers, so every path has the same result.
//!
//! Unsafe code is allowed here to switch paths off: the function that chooses a path
//! is unsafe because it accepts one that the processor lacks.
#![allow(unsafe_code)]

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{CpuExtensions, FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

use super::vector::paths_are_off;

/// Resizes a picture: areas are averaged to shrink it, pixels are interpolated
/// linearly to enlarge it.
pub(crate) fn resize(rgb: &RgbImage, width: u32, height: u32) -> RgbImage {
    let mut resizer = Resizer::new();
    if paths_are_off() {
        // SAFETY: every processor has what `None` needs.
        unsafe { resizer.set_cpu_extensions(CpuExtensions::None) };
    }
    resize_with(&mut resizer, rgb, width, height)
}

fn resize_with(resizer: &mut Resizer, rgb: &RgbImage, width: u32, height: u32) -> RgbImage {
    let grows = width > rgb.width() || height > rgb.height();
    let filter = if grows { FilterType::Bilinear } else { FilterType::Box };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    let mut next = Image::new(width, height, PixelType::U8x3);
    ImageRef::new(rgb.width(), rgb.height(), rgb.as_raw(), PixelType::U8x3)
        .ok()
        .and_then(|from| resizer.resize(&from, &mut next, &options).ok())
        .and_then(|()| RgbImage::from_raw(width, height, next.into_vec()))
        .expect("sizes and buffers of pictures agree")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_gives_the_same_bytes() {
        #[cfg(target_arch = "x86_64")]
        let paths = [CpuExtensions::Sse4_1, CpuExtensions::Avx2];
        #[cfg(not(target_arch = "x86_64"))]
        let paths = [CpuExtensions::default()];
        let noise =
            |x: u32, y: u32| image::Rgb([7, 11, 13].map(|k| ((x * x * k) ^ (y * 37 * k)) as u8));
        let rgb = RgbImage::from_fn(413, 531, noise);
        for [width, height] in [[120, 154], [240, 309], [400, 531], [826, 1062], [1, 1], [411, 7]] {
            let with = |path: CpuExtensions| {
                let mut resizer = Resizer::new();
                assert!(path.is_supported());
                // SAFETY: just checked.
                unsafe { resizer.set_cpu_extensions(path) };
                resize_with(&mut resizer, &rgb, width, height)
            };
            let plain = with(CpuExtensions::None);
            for path in paths.into_iter().filter(CpuExtensions::is_supported) {
                assert!(with(path) == plain, "{path:?} {width}x{height}");
            }
        }
    }
}
