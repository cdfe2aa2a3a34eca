//! A perceptual hash of 256 bits and the distance between two.

use std::fmt;

/// 256 bits, most significant first: bit 255 leads the text, as PDQ prints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hash256([u8; 32]);

impl Hash256 {
    /// Parses 64 hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: Vec<u8> =
            text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
        let mut bytes = [0; 32];
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Some(Self(bytes))
    }

    /// Returns the Hamming distance, 0..=256.
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        self.0.iter().zip(other.0).map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Returns the bytes, most significant first.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Sets one bit for each coefficient above the median, the first coefficient as bit 0.
    ///
    /// The median is the lower of the two middle values: the 128th of 256.
    pub(super) fn from_coefficients(coefficients: &[f32; 256]) -> Self {
        let mut sorted = *coefficients;
        sorted.sort_unstable_by(f32::total_cmp);
        let median = sorted[127];
        let mut bytes = [0u8; 32];
        for (bit, &coefficient) in coefficients.iter().enumerate() {
            if coefficient > median {
                bytes[31 - bit / 8] |= 1 << (bit % 8);
            }
        }
        Self(bytes)
    }
}

impl fmt::Display for Hash256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::digest::hex(&self.0))
    }
}

/// Returns the Hamming distance of two hexadecimal hashes; `None` if one is not 64
/// digits.
#[must_use]
pub fn hamming_distance(a: &str, b: &str) -> Option<u32> {
    Some(Hash256::parse(a)?.distance(&Hash256::parse(b)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_bits_correspond() {
        let text = "0123456789abcdef".repeat(4);
        assert_eq!(Hash256::parse(&text).expect("64 digits").to_string(), text);
        for wrong in ["", "00", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64), &"é".repeat(32)]
        {
            assert_eq!(Hash256::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn distance_counts_differing_bits() {
        let zero = "0".repeat(64);
        for (other, bits) in [("0".repeat(64), 0), ("f".repeat(64), 256), ("1".repeat(64), 64)] {
            assert_eq!(hamming_distance(&zero, &other), Some(bits));
        }
        assert_eq!(hamming_distance(&zero, "f"), None);
    }

    #[test]
    fn the_first_coefficient_is_the_last_bit_of_the_text() {
        let mut coefficients = [0.0; 256];
        coefficients[0] = 1.0;
        assert!(Hash256::from_coefficients(&coefficients).to_string().ends_with("01"));
    }
}
