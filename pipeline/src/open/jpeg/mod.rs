//! JPEG: markers parsed here, pixels decoded by libjpeg.

mod decode;
mod segments;

use std::borrow::Cow;

use image::RgbImage;

pub use self::decode::version;
use self::segments::{
    LOSSLESS_LS, NUMBER_OF_LINES, QUANTISATION, START_OF_SCAN, Segment, Segments, u16_at,
};
use super::exif_block::{ExifBlock, declared_dpi};
use super::header::Header;
use super::refusal::unsupported;
use crate::reason::{Code, Reason};

/// Reads the segments from the first to the end of the picture. The end may be missing:
/// decoding shows whether data is missing, too.
///
/// # Errors
/// `FILE_TRUNCATED` when the file ends before the data of the picture, `FILE_CORRUPT`
/// when the picture does, `FILE_TYPE_UNSUPPORTED` for a coding that libjpeg does not have.
pub(super) fn header(untrusted: &[u8]) -> Result<Header, Reason> {
    let mut size = None;
    let mut lines = None;
    let mut density = None;
    let mut exif = None;
    let mut has_data = false;
    let mut segments = Segments::new(untrusted);
    for segment in segments.by_ref() {
        let content = segment.content;
        match segment.marker {
            _ if segment.is_frame() => {
                check_coding(&segment)?;
                size = size.or_else(|| frame_size(content));
            }
            LOSSLESS_LS => return Err(unsupported("image/jls")),
            START_OF_SCAN => has_data = true,
            NUMBER_OF_LINES => lines = lines.or_else(|| u16_at(content, 0)),
            0xe0 if content.starts_with(b"JFIF\0") => {
                density = density.or_else(|| jfif_dpi(content));
            }
            // some cameras write another byte in place of the second zero
            0xe1 if content.starts_with(b"Exif\0") => {
                exif = exif.or_else(|| ExifBlock::parse(content.get(6..)?));
            }
            _ => {}
        }
    }
    match size {
        Some((width, height)) if has_data => {
            let height = if height == 0 { lines.unwrap_or(0) } else { height };
            Ok(Header { width: width.into(), height: height.into(), density, exif })
        }
        _ if segments.has_end => Err(Reason::new(Code::FileCorrupt)),
        _ => Err(Reason::new(Code::FileTruncated)),
    }
}

/// Refuses what libjpeg does not decode, by the name of the coding.
fn check_coding(frame: &Segment<'_>) -> Result<(), Reason> {
    let coding = match (frame.marker, frame.content.first()) {
        (0xc3 | 0xcb, _) => "image/jpeg, lossless",
        (0xc5..=0xc7 | 0xcd..=0xcf, _) => "image/jpeg, hierarchical",
        (_, Some(12)) => "image/jpeg, 12 bits",
        _ => return Ok(()),
    };
    Err(unsupported(coding))
}

/// Returns width and height; a height of 0 stands after the first scan (DNL).
fn frame_size(content: &[u8]) -> Option<(u16, u16)> {
    Some((u16_at(content, HEIGHT_AT + 2)?, u16_at(content, HEIGHT_AT)?))
}

/// Where a frame states its height, after the precision.
const HEIGHT_AT: usize = 1;

/// Returns the horizontal density: units are 1 for inches, 2 for centimetres, 0 for an
/// aspect ratio alone.
fn jfif_dpi(content: &[u8]) -> Option<f64> {
    declared_dpi(u16_at(content, 8)?.into(), u32::from(*content.get(7)?) + 1)
}

/// Decodes the stored pixels.
///
/// # Errors
/// `FILE_TRUNCATED` when a part of the picture has no data, `FILE_CORRUPT`,
/// `FILE_TYPE_UNSUPPORTED`.
pub(super) fn pixels(untrusted: &[u8], header: &Header) -> Result<RgbImage, Reason> {
    decode::decode(&with_height(untrusted, header.height), header.width, header.height)
}

/// Returns the bytes; a frame that leaves its height to a later segment states it at once,
/// as libjpeg needs it.
fn with_height(untrusted: &[u8], height: u32) -> Cow<'_, [u8]> {
    let frame = Segments::new(untrusted).find(Segment::is_frame);
    match (frame, u16::try_from(height)) {
        (Some(frame), Ok(height)) if u16_at(frame.content, HEIGHT_AT) == Some(0) => {
            let at = frame.at + HEIGHT_AT;
            let mut file = untrusted.to_vec();
            file[at..at + 2].copy_from_slice(&height.to_be_bytes());
            Cow::Owned(file)
        }
        _ => Cow::Borrowed(untrusted),
    }
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

/// Returns the first quantisation table, in the order of the file.
fn first_table(untrusted: &[u8]) -> Option<[u16; 64]> {
    let mut before_data =
        Segments::new(untrusted).take_while(|segment| segment.marker != START_OF_SCAN);
    let (kind, values) =
        before_data.find(|segment| segment.marker == QUANTISATION)?.content.split_first()?;
    let wide = kind >> 4 != 0;
    let mut table = [0; 64];
    for (i, value) in table.iter_mut().enumerate() {
        *value = if wide { u16_at(values, 2 * i)? } else { u16::from(*values.get(i)?) };
    }
    Some(table)
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
