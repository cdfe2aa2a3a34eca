//! The exact fingerprint of a page: SHA-256 of its decoded pixels.

use image::RgbImage;
use sha2::{Digest, Sha256};

use crate::digest::hex;

/// Returns the SHA-256 of width and height (u32, little endian) and the RGB8 pixels, row by row.
///
/// The size is hashed too, so that a picture and its transpose of one colour differ.
#[must_use]
pub fn pixel_sha256(rgb: &RgbImage) -> String {
    let mut sha = Sha256::new();
    sha.update(rgb.width().to_le_bytes());
    sha.update(rgb.height().to_le_bytes());
    sha.update(rgb.as_raw());
    hex(&sha.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::sha256;

    #[test]
    fn pixels_are_hashed_after_their_size() {
        let rgb = RgbImage::from_raw(2, 1, vec![1, 2, 3, 4, 5, 6]).expect("six samples");
        let turned = RgbImage::from_raw(1, 2, vec![1, 2, 3, 4, 5, 6]).expect("six samples");
        assert_eq!(pixel_sha256(&rgb), sha256(&[2, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6]));
        assert_ne!(pixel_sha256(&rgb), pixel_sha256(&turned));
    }
}
