//! Fingerprints: they identify uploads with the same bytes, the same pixels or the
//! same image.
//!
//! Exact hashes detect reused files. Perceptual hashes detect a picture that was
//! saved again, scaled or brightened. Neither identifies persons: faces are not
//! compared.

pub mod exact;
pub mod perceptual;

mod hash;
mod luma;
mod pdq;

pub use hash::{Hash256, hamming_distance};

use crate::examination::PageFingerprint;
use crate::open::Picture;

/// Computes the fingerprints of one page.
#[must_use]
pub fn fingerprint_page(picture: &Picture) -> PageFingerprint {
    let hashes = perceptual::perceptual_hashes(&picture.rgb);
    PageFingerprint {
        page: picture.page.number,
        pixel_sha256: exact::pixel_sha256(&picture.rgb),
        pdq: hashes.pdq.to_string(),
        pdq_quality: hashes.pdq_quality,
        phash: hashes.phash.to_string(),
    }
}

#[cfg(test)]
mod tests;
