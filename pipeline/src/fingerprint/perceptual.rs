//! Perceptual hashes: PDQ with its quality, and a median DCT hash as a second vote.

use std::sync::LazyLock;

use image::RgbImage;

use super::hash::Hash256;
use super::luma::Plane;
use super::pdq::{self, dct};

/// Above this side the reference scales to a square of it first.
const LARGEST: usize = 512;

/// What one picture looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hashes {
    /// PDQ; at most 31 bits apart means the same picture.
    pub pdq: Hash256,
    /// 0..=100; PDQ's authors advise to drop hashes below 50.
    pub pdq_quality: u8,
    /// Median DCT hash; at most 51 bits apart means the same picture.
    pub phash: Hash256,
}

/// Both hashes of a picture of any size.
///
/// Like the reference, pictures with a side above 512 are scaled to 512x512
/// whatever their shape; unlike it, by area averaging in place of the nearest
/// pixel, which keeps scaled copies of one picture nearer to each other.
#[must_use]
pub fn hashes(rgb: &RgbImage) -> Hashes {
    let plane = if rgb.width().max(rgb.height()) as usize > LARGEST {
        Plane::reduced(rgb, LARGEST, LARGEST)
    } else {
        Plane::full(rgb)
    };
    let phash = phash(&plane);
    let (pdq, pdq_quality) = pdq::pdq(plane);
    Hashes { pdq, pdq_quality, phash }
}

/// Median DCT hash ("pHash") of 256 bits.
///
/// Area average to 64x64, DCT-II, the 16x16 lowest frequencies with the
/// constant one among them, one bit for each above their median: as
/// `phash(hash_size=16)` of the Python package ImageHash does. The constant
/// term is above the median of any picture and never tells two apart.
fn phash(plane: &Plane) -> Hash256 {
    static BASIS: LazyLock<[[f32; 64]; 16]> = LazyLock::new(|| pdq::basis(0));
    if plane.data.is_empty() {
        return Hash256::default();
    }
    Hash256::above_median(&dct(&plane.reduce(64, 64).data, &BASIS))
}
