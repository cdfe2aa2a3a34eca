//! PNG: chunks parsed here, pixels decoded by the `png` crate. Only the still picture
//! of an animation is used.

use std::io::Cursor;

use image::RgbImage;
use png::{ColorType, DecodingError, Transformations, Unit};

use super::exif_block::{ExifBlock, declared_dpi};
use super::header::Header;
use super::samples::{Layout, to_rgb};
use crate::reason::{Code, Reason};

/// Signature, then chunks of length, name, data and checksum.
const SIGNATURE: usize = 8;

/// Checks every chunk's bounds and reads the chunks before the pixels.
///
/// # Errors
/// `FILE_TRUNCATED` when a chunk reaches past the end of the file or the last
/// one is missing, `FILE_CORRUPT` when the header cannot be read.
pub(super) fn header(untrusted: &[u8]) -> Result<Header, Reason> {
    let mut chunks = Chunks { rest: &untrusted[SIGNATURE..] };
    let mut exif = None;
    let mut density = None;
    loop {
        let (name, data) = chunks.next().ok_or_else(|| Reason::new(Code::FileTruncated))?;
        match name {
            b"IEND" => break,
            b"eXIf" => exif = ExifBlock::parse(data),
            b"pHYs" => density = pixels_per_metre(data),
            _ => {}
        }
    }
    let mut decoder = png::Decoder::new(Cursor::new(untrusted));
    let info = decoder.read_header_info().map_err(|_| Reason::new(Code::FileCorrupt))?;
    Ok(Header { width: info.width, height: info.height, density, exif })
}

/// Counts the frames of an animation beside the still picture: each has a chunk
/// `fcTL`, and one before the pixels is about the still picture itself.
pub(super) fn further_frames(untrusted: &[u8]) -> usize {
    let chunks = Chunks { rest: untrusted.get(SIGNATURE..).unwrap_or_default() };
    chunks.skip_while(|(name, _)| *name != b"IDAT").filter(|(name, _)| *name == b"fcTL").count()
}

struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.rest.split_first_chunk()?;
        let (name, rest) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let data = rest.get(..length)?;
        self.rest = rest.get(length.checked_add(4)?..)?;
        Some((name, data))
    }
}

fn pixels_per_metre(data: &[u8]) -> Option<f64> {
    let (x, rest) = data.split_first_chunk()?;
    let per_metre = f64::from(u32::from_be_bytes(*x));
    let unit_is_metre = rest.get(4) == Some(&(Unit::Meter as u8));
    unit_is_metre.then(|| declared_dpi(per_metre / 100.0, 3)).flatten()
}

/// Decodes the stored pixels: palette, grey, 1 to 16 bits and opacity to RGB.
///
/// # Errors
/// `FILE_CORRUPT`, `FILE_TRUNCATED` when the data end early, `FILE_UNPACK_BOMB`
/// when texts and profiles unpack to more than `unpacked_bytes`.
pub(super) fn pixels(untrusted: &[u8], unpacked_bytes: u64) -> Result<RgbImage, Reason> {
    let failed = |error| decode_failure(&error, unpacked_bytes);
    let bytes = usize::try_from(unpacked_bytes).unwrap_or(usize::MAX);
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(untrusted), png::Limits { bytes });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(failed)?;
    let length = reader.output_buffer_size().ok_or_else(|| Reason::new(Code::FileCorrupt))?;
    let mut samples = vec![0; length];
    let info = reader.next_frame(&mut samples).map_err(failed)?;
    let layout = match info.color_type {
        ColorType::Grayscale => Layout::L,
        ColorType::GrayscaleAlpha => Layout::La,
        ColorType::Rgba => Layout::Rgba,
        ColorType::Rgb | ColorType::Indexed => Layout::Rgb,
    };
    to_rgb((info.width, info.height), samples, layout)
}

fn decode_failure(error: &DecodingError, limit: u64) -> Reason {
    match error {
        DecodingError::IoError(_) => Reason::new(Code::FileTruncated),
        DecodingError::LimitsExceeded => Reason::new(Code::FileUnpackBomb).with("limit", limit),
        _ => Reason::new(Code::FileCorrupt),
    }
}
