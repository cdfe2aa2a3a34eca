//! Bounded copies of a picture: no later step costs more for a larger upload.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::RgbImage;

/// A picture scaled for work, and how to get back.
pub(super) struct Copy {
    pub(super) rgb: RgbImage,
    /// Pixels of the copy for one pixel of the picture.
    pub(super) scale: f64,
}

impl Copy {
    /// The picture with its longer side at `side` pixels; a smaller one as it is.
    pub(super) fn of(rgb: &RgbImage, side: u32) -> Self {
        let longer = f64::from(rgb.width().max(rgb.height()).max(1));
        let scale = (f64::from(side) / longer).min(1.0);
        if scale >= 1.0 {
            return Self { rgb: rgb.clone(), scale: 1.0 };
        }
        let pixels = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
        Self { rgb: resized(rgb, pixels(rgb.width()), pixels(rgb.height())), scale }
    }

    /// A copy of this copy.
    pub(super) fn smaller(&self, side: u32) -> Self {
        let next = Self::of(&self.rgb, side);
        Self { scale: self.scale * next.scale, rgb: next.rgb }
    }

    /// The same enlarged, if need be, to be looked at.
    pub(super) fn at_least(&self, side: u32) -> Self {
        let longer = self.rgb.width().max(self.rgb.height()).max(1);
        let by = (f64::from(side) / f64::from(longer)).clamp(1.0, 2.0);
        let [width, height] = [self.rgb.width(), self.rgb.height()]
            .map(|length| ((f64::from(length) * by).round() as u32).max(1));
        Self { rgb: resized(&self.rgb, width, height), scale: self.scale * by }
    }
}

/// The picture at another size: areas are averaged where it shrinks, and
/// straight lines drawn between pixels where it grows.
pub(super) fn resized(rgb: &RgbImage, width: u32, height: u32) -> RgbImage {
    let grows = width > rgb.width() || height > rgb.height();
    let filter = if grows { FilterType::Bilinear } else { FilterType::Box };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    let mut next = Image::new(width, height, PixelType::U8x3);
    ImageRef::new(rgb.width(), rgb.height(), rgb.as_raw(), PixelType::U8x3)
        .ok()
        .and_then(|from| Resizer::new().resize(&from, &mut next, &options).ok())
        .and_then(|()| RgbImage::from_raw(width, height, next.into_vec()))
        .expect("sizes and buffers of pictures agree")
}

/// A picture and smaller copies of it: who looks coarsely reads few pixels.
pub(super) struct Levels<'a> {
    pub(super) full: &'a RgbImage,
    /// Longer side at most [`MIDDLE`].
    pub(super) middle: Copy,
    /// Longer side at most [`SMALL`].
    pub(super) small: Copy,
    /// For whoever sees the whole picture in few pixels, the smaller one first.
    tiny: [Copy; 2],
}

/// A print of 45 mm at some 680 dots an inch.
const MIDDLE: u32 = 1200;

/// Enough for a backdrop and for faces a tenth as wide as the picture.
const SMALL: u32 = 400;

/// Longer sides of the smallest copies.
const TINY: [u32; 2] = [120, 240];

impl<'a> Levels<'a> {
    pub(super) fn of(full: &'a RgbImage) -> Self {
        // one pass over the upload; the smaller copy is made from the larger
        let middle = Copy::of(full, MIDDLE);
        let small = middle.smaller(SMALL);
        Self { full, tiny: TINY.map(|side| small.smaller(side)), small, middle }
    }

    /// The coarsest level that still has a pixel for every `step` pixels of the
    /// picture, and its pixels for one of the picture's.
    pub(super) fn fit(&self, step: f64) -> (&RgbImage, f64) {
        let [tiniest, tiny] = &self.tiny;
        [tiniest, tiny, &self.small, &self.middle]
            .into_iter()
            .find(|copy| copy.scale * step >= 1.0)
            .map_or((self.full, 1.0), |copy| (&copy.rgb, copy.scale))
    }
}
