//! Fingerprints of a file and of its pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Exact and perceptual fingerprints of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fingerprints {
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// One entry per examined page, except pages of which letters could not be drawn.
    pub pages: Vec<PageFingerprint>,
}

/// Fingerprints of one page, all lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageFingerprint {
    /// Number of the page, from 1.
    pub page: u32,
    /// SHA-256 over width and height (u32, little endian) and the upright RGB8 pixels.
    pub pixel_sha256: String,
    /// PDQ, 256 bits.
    pub pdq: String,
    /// PDQ quality 0..100; below 50 the hash is not reliable.
    pub pdq_quality: u8,
    /// Median DCT hash, 256 bits.
    pub phash: String,
}
