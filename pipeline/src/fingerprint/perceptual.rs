//! Perceptual hashes: PDQ with its quality, and a median DCT hash as a second vote.

use std::sync::LazyLock;

use image::RgbImage;

use super::hash::Hash256;
use super::luma::Plane;
use super::pdq::{self, dct};

/// Pictures with a longer side are first scaled to a square of this side.
const MAX_SIDE: usize = 512;

/// The perceptual hashes of one picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerceptualHashes {
    /// PDQ; at most 31 bits apart means the same picture.
    pub pdq: Hash256,
    /// 0..=100; PDQ's authors advise to drop hashes below 50.
    pub pdq_quality: u8,
    /// Median DCT hash; at most 51 bits apart means the same picture.
    pub phash: Hash256,
}

/// Computes both hashes of a picture of any size.
///
/// Like the reference, pictures with a side above 512 are scaled to 512x512
/// regardless of their shape. Unlike the reference, by area averaging instead of the
/// nearest pixel, which keeps the hashes of scaled copies closer together.
#[must_use]
pub fn perceptual_hashes(rgb: &RgbImage) -> PerceptualHashes {
    let plane = if rgb.width().max(rgb.height()) as usize > MAX_SIDE {
        Plane::from_rgb_reduced(rgb, MAX_SIDE, MAX_SIDE)
    } else {
        Plane::from_rgb(rgb)
    };
    let phash = phash(&plane);
    let (pdq, pdq_quality) = pdq::pdq(plane);
    PerceptualHashes { pdq, pdq_quality, phash }
}

/// Computes the median DCT hash ("pHash") of 256 bits.
///
/// Area average to 64x64, DCT-II, the 16x16 lowest frequencies with the
/// constant one among them, one bit for each, set above their median, as
/// `phash(hash_size=16)` of the Python package ImageHash does. The constant
/// term is above the median of every picture and never distinguishes two.
fn phash(plane: &Plane) -> Hash256 {
    static BASIS: LazyLock<[[f32; 64]; 16]> = LazyLock::new(|| pdq::basis(0));
    if plane.data.is_empty() {
        return Hash256::default();
    }
    Hash256::from_coefficients(&dct(&plane.reduce(64, 64).data, &BASIS))
}
