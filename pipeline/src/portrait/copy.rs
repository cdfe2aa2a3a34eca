//! Bounded copies of a picture: no later step costs more for a larger upload.

use image::{RgbImage, imageops};

/// A picture scaled for work, and how to get back.
pub(super) struct Copy {
    pub(super) rgb: RgbImage,
    /// Pixels of the copy for one pixel of the picture.
    pub(super) scale: f64,
}

impl Copy {
    /// The picture with its longer side at `side` pixels, or twice its size if that is less.
    pub(super) fn of(rgb: &RgbImage, side: u32) -> Self {
        let longer = f64::from(rgb.width().max(rgb.height()).max(1));
        let scale = (f64::from(side) / longer).min(2.0);
        let pixels = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
        let (width, height) = (pixels(rgb.width()), pixels(rgb.height()));
        let rgb = if scale < 1.0 {
            imageops::thumbnail(rgb, width, height)
        } else {
            imageops::resize(rgb, width, height, imageops::FilterType::Triangle)
        };
        Self { rgb, scale }
    }

    /// A copy of this copy, of a `side` that is smaller or equal.
    pub(super) fn smaller(&self, side: u32) -> Self {
        let longer = self.rgb.width().max(self.rgb.height());
        let next = Self::of(&self.rgb, side.min(longer));
        Self { scale: self.scale * next.scale, rgb: next.rgb }
    }
}
