//! What a file contains beside its pictures: a text layer, and EXIF of the camera.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::hidden::hidden_debug;

/// Text that a PDF contains.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TextLayer {
    /// NFC text of each examined page without control characters except line feeds.
    pub pages: Vec<String>,
    /// Whether text was truncated at the limit.
    pub truncated: bool,
}

/// Metadata that the camera stored (EXIF).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exif {
    /// TIFF tag 274, 1..8.
    pub orientation: u8,
    /// `DateTimeOriginal` or `DateTime` as `YYYY-MM-DDTHH:MM:SS`, local time of the camera.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken: Option<String>,
}

hidden_debug!(TextLayer);
