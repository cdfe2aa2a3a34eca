//! SHA-256 of files and of decoded pixels.

use image::RgbImage;
use sha2::{Digest, Sha256};

/// SHA-256 of a file's bytes, lower-case hexadecimal.
#[must_use]
pub fn bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// SHA-256 over width and height (u32, little endian) and the RGB8 pixels, row by row.
///
/// The size is hashed too, so that a picture and its transpose of one colour differ.
#[must_use]
pub fn pixels(rgb: &RgbImage) -> String {
    let mut sha = Sha256::new();
    sha.update(rgb.width().to_le_bytes());
    sha.update(rgb.height().to_le_bytes());
    sha.update(rgb.as_raw());
    hex(&sha.finalize())
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text is so many lower-case hexadecimal digits, as hashes are written.
#[must_use]
pub fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_match_the_published_vectors() {
        // FIPS 180-4 examples: the empty message and "abc"
        for (message, digest) in [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ] {
            assert_eq!(bytes(message.as_bytes()), digest);
        }
    }

    #[test]
    fn pixels_are_hashed_behind_their_size() {
        let rgb = RgbImage::from_raw(2, 1, vec![1, 2, 3, 4, 5, 6]).expect("six samples");
        let turned = RgbImage::from_raw(1, 2, vec![1, 2, 3, 4, 5, 6]).expect("six samples");
        assert_eq!(pixels(&rgb), bytes(&[2, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4, 5, 6]));
        assert_ne!(pixels(&rgb), pixels(&turned));
    }
}
