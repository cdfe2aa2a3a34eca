//! The EXIF block that a camera or scanner wrote. A hint, never trusted.

use exif::{In, Tag, Value};
use jiff::civil;

use super::orientation::Orientation;
use crate::examination::{Exif, round};

/// Larger EXIF blocks are not read: JPEG allows 64 KiB, and the other containers
/// have no limit.
const MAX_BLOCK: usize = 1024 * 1024;

/// The used values of an EXIF block.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ExifBlock {
    /// The orientation of the stored pixels, if stated.
    pub(super) orientation: Option<Orientation>,
    /// The time of the photograph by the camera's clock, if stated and valid.
    pub(super) taken: Option<String>,
    /// Horizontal dots per inch, if stated.
    pub(super) dpi: Option<f64>,
}

impl ExifBlock {
    /// Parses an EXIF block, which starts with a TIFF header, optionally preceded by
    /// `Exif\0\0`. `None` if nothing can be read.
    pub(super) fn parse(untrusted: &[u8]) -> Option<Self> {
        let block = untrusted.strip_prefix(b"Exif\0\0").unwrap_or(untrusted);
        if block.len() > MAX_BLOCK {
            return None;
        }
        let exif = exif::Reader::new()
            .continue_on_error(true)
            .read_raw(block.to_vec())
            .or_else(|error| error.distill_partial_result(|_| {}))
            .ok()?;
        let value = |tag| exif.get_field(tag, In::PRIMARY).map(|field| &field.value);
        let number = |tag| value(tag).and_then(|value| value.get_uint(0));
        Some(Self {
            orientation: number(Tag::Orientation).and_then(Orientation::from_tag),
            taken: [Tag::DateTimeOriginal, Tag::DateTime]
                .into_iter()
                .find_map(|tag| date_time(ascii(value(tag)?)?)),
            dpi: value(Tag::XResolution).and_then(rational).and_then(|density| {
                declared_dpi(density, number(Tag::ResolutionUnit).unwrap_or(2))
            }),
        })
    }

    /// Converts it to the form of the examination.
    pub(super) fn to_exif(&self) -> Exif {
        let orientation = self.orientation.unwrap_or(Orientation::UPRIGHT).tag();
        Exif { orientation, taken: self.taken.clone() }
    }
}

fn ascii(value: &Value) -> Option<&[u8]> {
    match value {
        Value::Ascii(parts) => parts.first().map(Vec::as_slice),
        _ => None,
    }
}

fn rational(value: &Value) -> Option<f64> {
    match value {
        Value::Rational(parts) => parts.first().map(exif::Rational::to_f64),
        _ => None,
    }
}

/// Converts `YYYY:MM:DD HH:MM:SS` to `YYYY-MM-DDTHH:MM:SS`, if the calendar has it.
pub(super) fn date_time(ascii: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(ascii).ok()?.trim_end_matches(['\0', ' ']);
    let date_time = civil::DateTime::strptime("%Y:%m:%d %H:%M:%S", text).ok()?;
    Some(date_time.strftime("%Y-%m-%dT%H:%M:%S").to_string())
}

/// Converts a density in TIFF's units (2 is inches, 3 is centimetres) to dots per
/// inch. `None` for a density that no scanner or printer has.
pub(super) fn declared_dpi(density: f64, unit: u32) -> Option<f64> {
    let dpi = match unit {
        2 => density,
        3 => density * 2.54,
        _ => return None,
    };
    (1.0..=10_000.0).contains(&dpi).then(|| round(dpi, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A little-endian TIFF header and one directory of short or text values.
    fn block(entries: &[(u16, u16, &[u8])]) -> Vec<u8> {
        let mut block = b"II*\0\x08\0\0\0".to_vec();
        block.extend((entries.len() as u16).to_le_bytes());
        let mut values: Vec<u8> = Vec::new();
        let values_at = 8 + 2 + entries.len() * 12 + 4;
        for (tag, kind, value) in entries {
            let unit = [0, 1, 1, 2, 4, 8][*kind as usize];
            block.extend(tag.to_le_bytes());
            block.extend(kind.to_le_bytes());
            block.extend(((value.len() / unit) as u32).to_le_bytes());
            if value.len() <= 4 {
                block.extend(value.iter().copied().chain([0; 4]).take(4));
            } else {
                block.extend(((values_at + values.len()) as u32).to_le_bytes());
                values.extend(*value);
            }
        }
        block.extend([0; 4]);
        block.extend(values);
        block
    }

    #[test]
    fn orientation_time_and_density_are_read() {
        let density: Vec<u8> = [118u32, 1].iter().flat_map(|v| v.to_le_bytes()).collect();
        let block = block(&[
            (0x112, 3, &[6, 0]),
            (0x11a, 5, &density),
            (0x128, 3, &[3, 0]),
            (0x132, 2, b"2025:02:03 04:05:06\0"),
        ]);
        let exif = ExifBlock::parse(&[b"Exif\0\0".as_slice(), &block].concat()).unwrap();
        assert_eq!(
            exif.to_exif(),
            Exif { orientation: 6, taken: Some("2025-02-03T04:05:06".into()) }
        );
        assert_eq!(exif.dpi, Some(299.72));
    }

    #[test]
    fn impossible_values_are_ignored() {
        let block = block(&[(0x112, 3, &[9, 0]), (0x132, 2, b"0000:00:00 00:00:00\0")]);
        let exif = ExifBlock::parse(&block).unwrap();
        assert_eq!(exif.to_exif(), Exif { orientation: 1, taken: None });
        assert_eq!(ExifBlock::parse(b"no tiff header"), None);
        assert_eq!(ExifBlock::parse(&vec![0; MAX_BLOCK + 1]), None);
    }

    #[test]
    fn the_orientation_is_read_from_a_block_that_is_broken_after_it() {
        let mut block = block(&[(0x112, 3, &[3, 0]), (0x132, 2, b"2025:02:03 04:05:06\0")]);
        block.truncate(block.len() - 10);
        assert_eq!(ExifBlock::parse(&block).unwrap().to_exif().orientation, 3);
    }
}
