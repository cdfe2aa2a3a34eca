//! JPEG: markers parsed here, pixels decoded by the `image` crate.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::{ColorType, ImageDecoder, RgbImage};

use super::exif_block::{ExifBlock, declared_dpi};
use super::header::Header;
use super::refusal::undecodable;
use super::samples::{Layout, to_rgb};
use crate::examination::MediaType;
use crate::reason::{Code, Reason};

/// Reads the markers from the first to the end of the picture.
///
/// # Errors
/// `FILE_TRUNCATED` when the end of the picture is missing: decoders fill the rest
/// with grey, which must not count as a document.
/// `FILE_CORRUPT` without a frame header.
pub(super) fn header(untrusted: &[u8]) -> Result<Header, Reason> {
    let truncated = || Reason::new(Code::FileTruncated);
    let mut size = None;
    let mut density = None;
    let mut exif = None;
    let mut rest = &untrusted[2..];
    loop {
        let (marker, after) = next_marker(rest).ok_or_else(truncated)?;
        rest = after;
        match marker {
            END_OF_IMAGE => break,
            0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let length =
            rest.first_chunk().map(|bytes| u16::from_be_bytes(*bytes)).ok_or_else(truncated)?;
        let segment = rest.get(2..usize::from(length).max(2)).ok_or_else(truncated)?;
        rest = &rest[usize::from(length).max(2)..];
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                size = size.or_else(|| frame_size(segment));
            }
            0xe0 if segment.starts_with(b"JFIF\0") => {
                density = density.or_else(|| jfif_dpi(segment))
            }
            0xe1 if segment.starts_with(b"Exif\0\0") => {
                exif = exif.or_else(|| ExifBlock::parse(segment));
            }
            _ => {}
        }
    }
    let (width, height) = size.ok_or_else(|| Reason::new(Code::FileCorrupt))?;
    Ok(Header { width, height, density, exif })
}

const END_OF_IMAGE: u8 = 0xd9;

/// Returns the next marker's second byte and the bytes after it. Entropy-coded data
/// and junk between segments are skipped.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut from = 0;
    loop {
        let at = from + bytes[from..].iter().position(|byte| *byte == 0xff)?;
        match *bytes.get(at + 1)? {
            // a stuffed zero belongs to the data, a second 0xff is padding
            0x00 => from = at + 2,
            0xff => from = at + 1,
            marker => return Some((marker, &bytes[at + 2..])),
        }
    }
}

fn frame_size(segment: &[u8]) -> Option<(u32, u32)> {
    let &[_, h1, h0, w1, w0] = segment.first_chunk()?;
    Some((u16::from_be_bytes([w1, w0]).into(), u16::from_be_bytes([h1, h0]).into()))
}

/// Returns the horizontal density: units are 1 for inches, 2 for centimetres, 0 for an
/// aspect ratio alone.
fn jfif_dpi(segment: &[u8]) -> Option<f64> {
    let &[unit, x1, x0] = segment.get(7..10)?.first_chunk()?;
    declared_dpi(u16::from_be_bytes([x1, x0]).into(), u32::from(unit) + 1)
}

/// Decodes the stored pixels.
///
/// # Errors
/// `FILE_CORRUPT`, or `FILE_TYPE_UNSUPPORTED` for a coding that is not supported
/// (arithmetic, lossless).
pub(super) fn pixels(untrusted: &[u8], header: &Header) -> Result<RgbImage, Reason> {
    let failed = |error| undecodable(&error, MediaType::Jpeg);
    let decoder = JpegDecoder::new(Cursor::new(untrusted)).map_err(failed)?;
    let size = decoder.dimensions();
    if size != (header.width, header.height) {
        // several frame headers, of which another one was checked
        return Err(Reason::new(Code::FileCorrupt));
    }
    let layout = match decoder.color_type() {
        ColorType::L8 => Layout::L,
        _ => Layout::Rgb,
    };
    let mut samples = vec![0; usize::try_from(decoder.total_bytes()).unwrap_or(0)];
    decoder.read_image(&mut samples).map_err(failed)?;
    to_rgb(size, samples, layout)
}

/// The example table for luminance of ITU-T T.81, K.1, in zig-zag order.
const LUMINANCE: [u16; 64] = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37,
    29, 40, 58, 51, 61, 60, 57, 51, 56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81,
    87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
];

/// Returns the quality with which libjpeg would scale its table to the file's first one.
pub(super) fn estimate_quality(untrusted: &[u8]) -> Option<u8> {
    let table = first_table(untrusted)?;
    let ratios = table.iter().zip(LUMINANCE).map(|(q, base)| f64::from(*q) / f64::from(base));
    let percent = ratios.sum::<f64>() / 64.0 * 100.0;
    let quality = if percent <= 100.0 { 100.0 - percent / 2.0 } else { 5000.0 / percent };
    Some(quality.round().clamp(1.0, 100.0) as u8)
}

/// Returns the first quantisation table (DQT), in the order of the file.
fn first_table(untrusted: &[u8]) -> Option<[u16; 64]> {
    const DQT: u8 = 0xdb;
    const SCAN: u8 = 0xda;
    let mut rest = untrusted.get(2..)?;
    loop {
        let (marker, after) = next_marker(rest)?;
        let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
        let segment = after.get(2..length)?;
        match marker {
            DQT => {
                let (kind, values) = segment.split_first()?;
                let wide = kind >> 4 != 0;
                let mut table = [0; 64];
                for (i, value) in table.iter_mut().enumerate() {
                    *value = if wide {
                        u16::from_be_bytes([*values.get(2 * i)?, *values.get(2 * i + 1)?])
                    } else {
                        u16::from(*values.get(i)?)
                    };
                }
                return Some(table);
            }
            SCAN => return None,
            _ => rest = after.get(length..)?,
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_quality_of_the_last_save_is_estimated() {
        let rgb =
            image::RgbImage::from_fn(64, 64, |x, y| image::Rgb([x as u8 * 3, y as u8 * 3, 80]));
        for saved in [20, 50, 75, 92, 100] {
            let estimate = super::estimate_quality(&fixtures::encode::jpeg(&rgb, saved)).unwrap();
            assert!(estimate.abs_diff(saved) <= 1, "{saved}: {estimate}");
        }
        for hostile in
            [&b"\xff\xd8"[..], b"\xff\xd8\xff\xdb\x00\x01", b"\xff\xd8\xff\xdb\x00\x43\x00\x10"]
        {
            assert_eq!(super::estimate_quality(hostile), None);
        }
    }
}
