//! Pages of a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One upright page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// Number of the page, from 1.
    pub number: u32,
    /// Width of the upright page in pixels.
    pub width: u32,
    /// Height of the upright page in pixels.
    pub height: u32,
    /// Dots per inch: of a rendered PDF page or of a scan embedded in it, or as an
    /// image file declares it; null when it is not declared.
    pub dpi: Option<f64>,
    /// Clockwise rotation in degrees that set the stored pixels upright: 0, 90, 180, 270.
    pub rotation: u16,
    /// Whether the stored pixels were mirrored (EXIF orientations 2, 4, 5 and 7).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mirrored: bool,
    /// How the pixels were obtained.
    pub origin: PageOrigin,
}

/// How a page's pixels were obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageOrigin {
    /// Decoded from an image file.
    Image,
    /// A scan that fills a PDF page, taken as embedded.
    EmbeddedScan,
    /// A PDF page rendered at the stated resolution.
    Rendered,
}
