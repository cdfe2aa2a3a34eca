//! The header of an image file.

use super::exif_block::ExifBlock;
use super::orientation::Orientation;

/// The header of an image file, read before its pixels.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Horizontal dots per inch that the container declares.
    pub(super) density: Option<f64>,
    pub(super) exif: Option<ExifBlock>,
}

impl Header {
    pub(super) fn orientation(&self) -> Orientation {
        self.exif.as_ref().and_then(|exif| exif.orientation).unwrap_or(Orientation::UPRIGHT)
    }

    pub(super) fn dpi(&self) -> Option<f64> {
        self.density.or_else(|| self.exif.as_ref()?.dpi)
    }
}
