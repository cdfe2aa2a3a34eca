//! WebP, decoded by the `image` crate. Only the first frame of an animation is used.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, RgbImage};

use super::exif_block::ExifBlock;
use super::header::Header;
use super::refusal::undecodable;
use super::samples::{Layout, to_rgb};
use crate::examination::MediaType;
use crate::reason::{Code, Reason};

/// Reads the container.
///
/// # Errors
/// `FILE_TRUNCATED` when the container states a greater length than the file has,
/// `FILE_CORRUPT` when it cannot be read.
pub(super) fn header(untrusted: &[u8]) -> Result<Header, Reason> {
    let length = untrusted[4..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    if u64::from(length) + 8 > untrusted.len() as u64 {
        return Err(Reason::new(Code::FileTruncated));
    }
    let mut decoder = decoder(untrusted)?;
    let (width, height) = decoder.dimensions();
    let exif = decoder.exif_metadata().ok().flatten().and_then(|block| ExifBlock::parse(&block));
    Ok(Header { width, height, density: None, exif })
}

/// Decodes the stored pixels.
///
/// # Errors
/// `FILE_CORRUPT`.
pub(super) fn pixels(untrusted: &[u8]) -> Result<RgbImage, Reason> {
    let decoder = decoder(untrusted)?;
    let size = decoder.dimensions();
    let layout = match decoder.color_type() {
        ColorType::Rgba8 => Layout::Rgba,
        _ => Layout::Rgb,
    };
    let mut samples = vec![0; usize::try_from(decoder.total_bytes()).unwrap_or(0)];
    decoder.read_image(&mut samples).map_err(|error| undecodable(&error, MediaType::Webp))?;
    to_rgb(size, samples, layout)
}

fn decoder(untrusted: &[u8]) -> Result<WebPDecoder<Cursor<&[u8]>>, Reason> {
    WebPDecoder::new(Cursor::new(untrusted)).map_err(|error| undecodable(&error, MediaType::Webp))
}
