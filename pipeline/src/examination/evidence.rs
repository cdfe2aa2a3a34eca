//! Evidence: pictures that show fields and measures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::geometry::Polygon;
use crate::hidden::hidden_debug;

/// A picture that shows a field or a measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Unique within the examination: `zone-1`, `zone-1-masked`, `portrait`.
    pub id: String,
    /// Kind of picture.
    pub kind: EvidenceKind,
    /// The page that it shows.
    pub page: u32,
    /// Outline of the part of that page.
    pub polygon: Polygon,
    /// `image/png` or `image/jpeg`.
    pub media_type: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// SHA-256 of the picture's bytes.
    pub sha256: String,
    /// Id of the same picture with names and numbers covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked: Option<String>,
}

/// Kinds of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// An unchanged part of the page.
    Crop,
    /// A part of the page with drawings on it.
    Overlay,
}

/// The picture of one [`Evidence`], at most 512 KiB.
#[derive(Clone, PartialEq)]
pub struct EvidencePicture {
    /// Description of the picture.
    pub evidence: Evidence,
    /// PNG or JPEG.
    pub bytes: Vec<u8>,
}

hidden_debug!(EvidencePicture);
