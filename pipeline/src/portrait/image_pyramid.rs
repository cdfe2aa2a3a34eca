//! Reduced copies of a picture: no later step costs more for a larger upload.

use image::RgbImage;

use crate::engines::resize::resize;

/// A scaled copy of a picture.
pub(super) struct ScaledImage {
    pub(super) rgb: RgbImage,
    /// Pixels of the copy per pixel of the picture.
    pub(super) scale: f64,
}

impl ScaledImage {
    /// Scales the picture down to a longer side of `side` pixels; a smaller
    /// picture keeps its size.
    pub(super) fn shrink(rgb: &RgbImage, side: u32) -> Self {
        let longer = f64::from(rgb.width().max(rgb.height()).max(1));
        let scale = (f64::from(side) / longer).min(1.0);
        if scale >= 1.0 {
            return Self { rgb: rgb.clone(), scale: 1.0 };
        }
        let pixels = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
        Self { rgb: resize(rgb, pixels(rgb.width()), pixels(rgb.height())), scale }
    }

    /// Scales this copy down to a longer side of `side` pixels.
    pub(super) fn shrink_to(&self, side: u32) -> Self {
        let next = Self::shrink(&self.rgb, side);
        Self { scale: self.scale * next.scale, rgb: next.rgb }
    }

    /// Scales this copy up to a longer side of `side` pixels, by 2 at most.
    pub(super) fn enlarge_to(&self, side: u32) -> Self {
        let longer = self.rgb.width().max(self.rgb.height()).max(1);
        let by = (f64::from(side) / f64::from(longer)).clamp(1.0, 2.0);
        let [width, height] = [self.rgb.width(), self.rgb.height()]
            .map(|length| ((f64::from(length) * by).round() as u32).max(1));
        Self { rgb: resize(&self.rgb, width, height), scale: self.scale * by }
    }
}

/// A picture and reduced copies of it, so that coarse steps read few pixels.
pub(super) struct ImagePyramid<'a> {
    pub(super) full: &'a RgbImage,
    /// Longer side at most [`MIDDLE`].
    pub(super) middle: ScaledImage,
    /// Longer side at most [`SMALL`].
    pub(super) small: ScaledImage,
    /// Longer sides at most [`TINY`].
    tiny: [ScaledImage; 2],
}

/// A print of 45 mm at about 680 dots per inch.
const MIDDLE: u32 = 1200;

/// Enough for the background and for faces a tenth as wide as the picture.
const SMALL: u32 = 400;

/// Longer sides of the smallest copies.
const TINY: [u32; 2] = [120, 240];

impl<'a> ImagePyramid<'a> {
    /// Reduces the picture to every level.
    pub(super) fn build(full: &'a RgbImage) -> Self {
        // one pass over the upload: each smaller copy is made from a larger one
        let middle = ScaledImage::shrink(full, MIDDLE);
        let small = middle.shrink_to(SMALL);
        Self { full, tiny: TINY.map(|side| small.shrink_to(side)), small, middle }
    }

    /// Returns the coarsest level that has at least one pixel for every `step`
    /// pixels of the picture, and its scale.
    pub(super) fn level_for_step(&self, step: f64) -> (&RgbImage, f64) {
        let [tiniest, tiny] = &self.tiny;
        [tiniest, tiny, &self.small, &self.middle]
            .into_iter()
            .find(|copy| copy.scale * step >= 1.0)
            .map_or((self.full, 1.0), |copy| (&copy.rgb, copy.scale))
    }
}
