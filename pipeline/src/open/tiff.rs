//! TIFF: directories and samples read by the `tiff` crate, converted to RGB here. May
//! have several pages.

use std::io::Cursor;

use image::RgbImage;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

use super::exif_block::{ExifBlock, date_time, declared_dpi};
use super::header::Header;
use super::limits::Limits;
use super::orientation::Orientation;
use super::refusal::unsupported;
use super::samples::{Layout, to_rgb};
use crate::examination::MediaType;
use crate::reason::{Code, Reason};

type Untrusted<'a> = Decoder<Cursor<&'a [u8]>>;

/// Further directories are not counted: no scanner writes so many.
const MAX_DIRECTORIES: usize = 10_000;

/// A page: the position of its directory in the chain, and its header.
#[derive(Debug)]
pub(super) struct Page {
    directory: usize,
    /// Absent when the directory cannot be read.
    pub(super) header: Option<Header>,
}

/// Reads the directories of all pages. Reduced versions of other pictures are not
/// pages, unless the file has nothing else.
///
/// # Errors
/// `FILE_TRUNCATED` when pixels or the first directory are past the end of the
/// file, `FILE_CORRUPT`, `FILE_TYPE_UNSUPPORTED` for unsupported samples.
pub(super) fn pages(untrusted: &[u8]) -> Result<Vec<Page>, Reason> {
    let mut decoder =
        Decoder::new(Cursor::new(untrusted)).map_err(|error| decode_failure(&error))?;
    let mut pages = Vec::new();
    let mut reduced = Vec::new();
    for directory in 0..MAX_DIRECTORIES {
        if is_truncated(&mut decoder, untrusted.len() as u64) {
            return Err(Reason::new(Code::FileTruncated));
        }
        let kept = if is_reduced(&mut decoder) { &mut reduced } else { &mut pages };
        kept.push(Page { directory, header: header(&mut decoder) });
        if !decoder.more_images() {
            break;
        }
        if decoder.next_image().is_err() {
            pages.push(Page { directory: directory + 1, header: None });
            break;
        }
    }
    Ok(if pages.is_empty() { reduced } else { pages })
}

/// Whether a strip or tile reaches beyond the file.
fn is_truncated(decoder: &mut Untrusted<'_>, length: u64) -> bool {
    [(Tag::StripOffsets, Tag::StripByteCounts), (Tag::TileOffsets, Tag::TileByteCounts)]
        .into_iter()
        .filter_map(|(offsets, counts)| {
            let offsets = decoder.get_tag_u64_vec(offsets).ok()?;
            Some((offsets, decoder.get_tag_u64_vec(counts).ok()?))
        })
        .any(|(offsets, counts)| {
            offsets.iter().zip(&counts).any(|(at, count)| at.saturating_add(*count) > length)
        })
}

/// Bit 0 of `NewSubfileType`: a reduced version of another picture.
fn is_reduced(decoder: &mut Untrusted<'_>) -> bool {
    decoder.find_tag_unsigned::<u32>(Tag::NewSubfileType).ok().flatten().unwrap_or(0) & 1 == 1
}

fn header(decoder: &mut Untrusted<'_>) -> Option<Header> {
    let (width, height) = decoder.dimensions().ok()?;
    let number = |decoder: &mut Untrusted<'_>, tag| decoder.find_tag_unsigned::<u32>(tag).ok()?;
    let unit = number(decoder, Tag::ResolutionUnit).unwrap_or(2);
    let density = decoder.get_tag_f64(Tag::XResolution).ok();
    let taken = decoder.get_tag_ascii_string(Tag::DateTime).ok();
    let exif = ExifBlock {
        orientation: number(decoder, Tag::Orientation).and_then(Orientation::from_tag),
        taken: taken.and_then(|text| date_time(text.as_bytes())),
        dpi: None,
    };
    let density = density.and_then(|density| declared_dpi(density, unit));
    let exif = (exif != ExifBlock::default()).then_some(exif);
    Some(Header { width, height, density, exif })
}

/// Decodes a page's stored pixels.
///
/// # Errors
/// `FILE_CORRUPT`, `FILE_TRUNCATED`, `FILE_TYPE_UNSUPPORTED`, or
/// `FILE_UNPACK_BOMB` when the samples take more than six bytes per pixel of the
/// largest picture allowed.
pub(super) fn pixels(untrusted: &[u8], page: &Page, limits: &Limits) -> Result<RgbImage, Reason> {
    let bytes = limits.pixels.saturating_mul(6);
    let failed = |error| decode_failure(&error);
    let mut caps = tiff::decoder::Limits::default();
    caps.decoding_buffer_size = usize::try_from(bytes).unwrap_or(usize::MAX);
    let mut decoder = Decoder::new(Cursor::new(untrusted)).map_err(failed)?.with_limits(caps);
    decoder.seek_to_image(page.directory).map_err(failed)?;
    let size = decoder.dimensions().map_err(failed)?;
    let color = decoder.colortype().map_err(failed)?;
    let mut decoded = DecodingResult::U8(Vec::new());
    let layout = decoder.read_image_to_buffer(&mut decoded).map_err(|error| match error {
        TiffError::LimitsExceeded => Reason::new(Code::FileUnpackBomb).with("limit", bytes),
        error => decode_failure(&error),
    })?;
    let samples = eight_bits(decoded).ok_or_else(unsupported_samples)?;
    let samples = if layout.planes > 1 { interleave(&samples, layout.planes) } else { samples };
    let (samples, layout) = to_picture(size, samples, color).ok_or_else(unsupported_samples)?;
    to_rgb(size, samples, layout)
}

fn eight_bits(decoded: DecodingResult) -> Option<Vec<u8>> {
    match decoded {
        DecodingResult::U8(samples) => Some(samples),
        DecodingResult::U16(samples) => Some(samples.into_iter().map(|v| (v >> 8) as u8).collect()),
        DecodingResult::F32(samples) => {
            Some(samples.into_iter().map(|v| (v * 255.0).round() as u8).collect())
        }
        _ => None,
    }
}

/// Converts samples that are stored plane after plane to pixel order.
fn interleave(planar: &[u8], planes: usize) -> Vec<u8> {
    let plane = planar.len() / planes;
    (0..plane).flat_map(|i| (0..planes).map(move |p| planar[p * plane + i])).collect()
}

fn to_picture(
    (width, _): (u32, u32),
    samples: Vec<u8>,
    color: ColorType,
) -> Option<(Vec<u8>, Layout)> {
    Some(match color {
        ColorType::Gray(bits @ (1 | 2 | 4)) => (unpack(&samples, width as usize, bits), Layout::L),
        ColorType::Gray(_) => (samples, Layout::L),
        ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => (samples, Layout::La),
        ColorType::RGB(_) => (samples, Layout::Rgb),
        ColorType::RGBA(_) => (samples, Layout::Rgba),
        ColorType::CMYK(_) => (map_pixels(&samples, from_cmyk), Layout::Rgb),
        ColorType::YCbCr(_) => (map_pixels(&samples, from_ycbcr), Layout::Rgb),
        _ => return None,
    })
}

/// Expands rows of 1, 2 or 4 bits per sample; each row starts at a byte.
fn unpack(packed: &[u8], width: usize, bits: u8) -> Vec<u8> {
    let per_byte = usize::from(8 / bits);
    let largest = (1u8 << bits) - 1;
    let sample = |row: &[u8], x: usize| {
        let shift = 8 - bits - (x % per_byte) as u8 * bits;
        (row[x / per_byte] >> shift & largest) * (255 / largest)
    };
    packed
        .chunks_exact(width.div_ceil(per_byte).max(1))
        .flat_map(|row| (0..width).map(move |x| sample(row, x)))
        .collect()
}

fn map_pixels<const N: usize>(samples: &[u8], pixel: impl Fn([u8; N]) -> [u8; 3]) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    pixels.iter().flat_map(|p| pixel(*p)).collect()
}

fn from_cmyk([c, m, y, k]: [u8; 4]) -> [u8; 3] {
    [c, m, y].map(|ink| (u16::from(255 - ink) * u16::from(255 - k) / 255) as u8)
}

/// ITU-R BT.601, full range, as TIFF 6.0 and JFIF have it.
fn from_ycbcr([y, cb, cr]: [u8; 3]) -> [u8; 3] {
    let (y, cb, cr) = (f32::from(y), f32::from(cb) - 128.0, f32::from(cr) - 128.0);
    [y + 1.402 * cr, y - 0.344_136 * cb - 0.714_136 * cr, y + 1.772 * cb].map(|v| v.round() as u8)
}

fn unsupported_samples() -> Reason {
    unsupported(MediaType::Tiff.name())
}

fn decode_failure(error: &TiffError) -> Reason {
    match error {
        TiffError::IoError(_) => Reason::new(Code::FileTruncated),
        TiffError::UnsupportedError(_) => unsupported_samples(),
        _ => Reason::new(Code::FileCorrupt),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_samples_expand_to_the_whole_range() {
        assert_eq!(unpack(&[0b1010_0000, 0b0100_0000], 3, 1), [255, 0, 255, 0, 255, 0]);
        assert_eq!(unpack(&[0b0001_1011], 4, 2), [0, 85, 170, 255]);
        assert_eq!(unpack(&[0x0f, 0x70], 3, 4), [0, 255, 119]);
    }

    #[test]
    fn cmyk_and_ycbcr_become_rgb() {
        assert_eq!(from_cmyk([0, 0, 0, 0]), [255, 255, 255]);
        assert_eq!(from_cmyk([0, 255, 255, 0]), [255, 0, 0]);
        assert_eq!(from_cmyk([0, 0, 0, 255]), [0, 0, 0]);
        assert_eq!(from_ycbcr([76, 85, 255]), [254, 0, 0]);
        assert_eq!(from_ycbcr([128, 128, 128]), [128, 128, 128]);
    }

    #[test]
    fn planes_are_interleaved() {
        assert_eq!(interleave(&[1, 2, 10, 20, 100, 200], 3), [1, 10, 100, 2, 20, 200]);
    }
}
