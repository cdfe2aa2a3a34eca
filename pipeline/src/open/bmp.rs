//! BMP: header parsed here, pixels decoded by the `image` crate.

use std::io::Cursor;

use image::codecs::bmp::BmpDecoder;
use image::{ColorType, ImageDecoder, ImageError, RgbImage};

use super::exif_block::declared_dpi;
use super::header::Header;
use super::refusal::undecodable;
use super::samples::{Layout, to_rgb};
use crate::examination::MediaType;
use crate::reason::{Code, Reason};

/// Length of `BM`, size, four reserved bytes and the offset of the pixels; then
/// follows the bitmap header, whose length is its first value.
const FILE_HEADER: u32 = 14;

/// Length of the oldest header, that of OS/2 1, whose sides have two bytes.
const CORE_HEADER: u32 = 12;

/// Reads both headers.
///
/// # Errors
/// `FILE_TRUNCATED` when a header or the pixels are past the end of the file,
/// `FILE_CORRUPT` when the pixels are in the header or the width is negative.
pub(super) fn header(untrusted: &[u8]) -> Result<Header, Reason> {
    let truncated = || Reason::new(Code::FileTruncated);
    let corrupt = || Reason::new(Code::FileCorrupt);
    let number = |at| number_at(untrusted, at).ok_or_else(truncated);
    let (pixels, length) = (number(10)?, number(14)?);
    if pixels < length.saturating_add(FILE_HEADER) {
        return Err(corrupt());
    }
    if u64::from(pixels) >= untrusted.len() as u64 {
        return Err(truncated());
    }
    if length == CORE_HEADER {
        let sides = number(18)?;
        return Ok(Header {
            width: sides & 0xffff,
            height: sides >> 16,
            density: None,
            exif: None,
        });
    }
    let width = u32::try_from(number(18)?.cast_signed()).map_err(|_| corrupt())?;
    // a negative height means that the topmost row comes first
    let height = number(22)?.cast_signed().unsigned_abs();
    let per_metre = f64::from(number(38)?);
    Ok(Header { width, height, density: declared_dpi(per_metre / 100.0, 3), exif: None })
}

/// Whether the first bytes are those of a BMP: `BM` alone also begins texts.
pub(super) fn is_bmp(head: &[u8]) -> bool {
    head.starts_with(b"BM")
        && matches!(number_at(head, 14), Some(CORE_HEADER | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

fn number_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

/// Decodes the stored pixels.
///
/// # Errors
/// `FILE_TRUNCATED` when they end early, `FILE_CORRUPT`, or
/// `FILE_TYPE_UNSUPPORTED` for variants that are not decoded (an embedded JPEG or
/// PNG, CMYK, the second header of OS/2).
pub(super) fn pixels(untrusted: &[u8], header: &Header) -> Result<RgbImage, Reason> {
    let decoder =
        BmpDecoder::new(Cursor::new(untrusted)).map_err(|error| decode_failure(&error))?;
    let size = decoder.dimensions();
    if size != (header.width, header.height) {
        return Err(Reason::new(Code::FileCorrupt));
    }
    let layout = match decoder.color_type() {
        ColorType::Rgba8 => Layout::Rgba,
        _ => Layout::Rgb,
    };
    let mut samples = vec![0; usize::try_from(decoder.total_bytes()).unwrap_or(0)];
    decoder.read_image(&mut samples).map_err(|error| decode_failure(&error))?;
    if layout == Layout::Rgba {
        make_opaque_if_clear(&mut samples);
    }
    to_rgb(size, samples, layout)
}

/// Makes a fully transparent picture opaque, as viewers do: some programs leave
/// alpha at zero.
fn make_opaque_if_clear(samples: &mut [u8]) {
    let (pixels, _) = samples.as_chunks_mut::<4>();
    if pixels.iter().all(|[_, _, _, alpha]| *alpha == 0) {
        pixels.iter_mut().for_each(|[_, _, _, alpha]| *alpha = 255);
    }
}

fn decode_failure(error: &ImageError) -> Reason {
    match error {
        ImageError::IoError(_) => Reason::new(Code::FileTruncated),
        error => undecodable(error, MediaType::Bmp),
    }
}
