//! A decoded page.

use image::RgbImage;

use super::orientation::Orientation;
use crate::examination::{Page, PageOrigin};

/// One decoded, upright page.
pub struct Picture {
    /// Its facts; `page.width` and `page.height` are those of `rgb`.
    pub page: Page,
    /// Upright pixels, 8-bit sRGB as decoded.
    pub rgb: RgbImage,
}

impl Picture {
    /// Rotates the stored pixels of an image file upright.
    pub(super) fn from_stored(
        number: u32,
        stored: RgbImage,
        orientation: Orientation,
        dpi: Option<f64>,
    ) -> Self {
        Self::new(number, orientation.apply(stored), orientation, dpi, PageOrigin::Image)
    }

    pub(super) fn new(
        number: u32,
        rgb: RgbImage,
        orientation: Orientation,
        dpi: Option<f64>,
        origin: PageOrigin,
    ) -> Self {
        let page = Page {
            number,
            width: rgb.width(),
            height: rgb.height(),
            dpi,
            rotation: orientation.rotation(),
            mirrored: orientation.is_mirrored(),
            origin,
        };
        Self { page, rgb }
    }
}
