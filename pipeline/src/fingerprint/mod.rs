//! Fingerprints: what makes two uploads the same file, the same pixels, or the same sight.
//!
//! Exact hashes find re-used files; perceptual ones find the same picture
//! after it was saved, scaled or brightened again. Neither knows persons:
//! nothing here compares faces.

pub mod exact;
pub mod perceptual;

mod hash;
mod luma;
mod pdq;

pub use hash::{Hash256, hamming};

use crate::examination::PageFingerprint;
use crate::open::Picture;

/// The fingerprints of one page.
#[must_use]
pub fn page(picture: &Picture) -> PageFingerprint {
    let seen = perceptual::hashes(&picture.rgb);
    PageFingerprint {
        page: picture.page.number,
        pixel_sha256: exact::pixel_sha256(&picture.rgb),
        pdq: seen.pdq.to_string(),
        pdq_quality: seen.pdq_quality,
        phash: seen.phash.to_string(),
    }
}

#[cfg(test)]
mod tests;
