//! WebP: chunks parsed here, pixels decoded by the `image` crate. Only the first frame of an
//! animation is used.
//!
//! The crate gets a file of the picture's own chunks: it refuses files whose header promises
//! metadata that does not follow, and others that every browser shows.

use std::io::Cursor;

use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, Rgb, RgbImage, imageops};

use super::exif_block::ExifBlock;
use super::header::Header;
use super::refusal::undecodable;
use super::samples::{Layout, to_rgb};
use crate::examination::MediaType;
use crate::reason::{Code, Reason};

/// Reads the container.
///
/// # Errors
/// `FILE_TRUNCATED` when the file ends before its picture or one of its frames does,
/// `FILE_CORRUPT` when it cannot be read.
pub(super) fn header(untrusted: &[u8]) -> Result<Header, Reason> {
    let container = Container::read(untrusted)?;
    let (width, height) = match container.canvas {
        Some(canvas) => canvas,
        None => decoder(&container.still())?.dimensions(),
    };
    let exif = container.exif.and_then(ExifBlock::parse);
    Ok(Header { width, height, density: None, exif })
}

/// Decodes the stored pixels.
///
/// # Errors
/// `FILE_CORRUPT`, also when the picture has another size than the header.
pub(super) fn pixels(untrusted: &[u8], header: &Header) -> Result<RgbImage, Reason> {
    let corrupt = || Reason::new(Code::FileCorrupt);
    let container = Container::read(untrusted)?;
    let still = container.still();
    let decoder = decoder(&still)?;
    let (width, height) = decoder.dimensions();
    let (x, y) = container.corner;
    let (right, bottom) = (u64::from(x) + u64::from(width), u64::from(y) + u64::from(height));
    let size = (header.width, header.height);
    let fits = right <= size.0.into() && bottom <= size.1.into();
    if !fits || (!container.is_animated && (width, height) != size) {
        return Err(corrupt());
    }
    let layout = match decoder.color_type() {
        ColorType::Rgba8 => Layout::Rgba,
        _ => Layout::Rgb,
    };
    let mut samples = vec![0; usize::try_from(decoder.total_bytes()).unwrap_or(0)];
    decoder.read_image(&mut samples).map_err(|error| undecodable(&error, MediaType::Webp))?;
    let frame = to_rgb((width, height), samples, layout)?;
    if (width, height) == size {
        return Ok(frame);
    }
    // what a frame does not cover is transparent
    let mut canvas = RgbImage::from_pixel(size.0, size.1, Rgb([255; 3]));
    imageops::replace(&mut canvas, &frame, x.into(), y.into());
    Ok(canvas)
}

/// Counts the frames of an animation; 0 for a still picture. Frames after a fault are not
/// counted.
pub(super) fn frames(untrusted: &[u8]) -> usize {
    chunks(untrusted.get(12..).unwrap_or_default()).filter(|chunk| &chunk.name == b"ANMF").count()
}

fn decoder(still: &[u8]) -> Result<WebPDecoder<Cursor<&[u8]>>, Reason> {
    WebPDecoder::new(Cursor::new(still)).map_err(|error| undecodable(&error, MediaType::Webp))
}

/// A name and data, padded to an even length.
struct Chunk<'a> {
    name: [u8; 4],
    data: &'a [u8],
    is_complete: bool,
}

/// Returns chunks one after another. The last may be cut; its padding may be missing.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_first_chunk()?;
        let (length, after) = after.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let is_complete = length <= after.len();
        let (data, _) = after.split_at(length.min(after.len()));
        rest = after.get(length.checked_add(length % 2)?..).unwrap_or_default();
        Some(Chunk { name: *name, data, is_complete })
    })
}

/// The used parts of a file.
#[derive(Default)]
struct Container<'a> {
    /// Of an extended file, which alone may have the parts below `picture`.
    canvas: Option<(u32, u32)>,
    /// `VP8 ` or `VP8L`; of an animation, of its first frame.
    picture: Option<Chunk<'a>>,
    opacity: Option<&'a [u8]>,
    is_animated: bool,
    /// Where the frame is on the canvas.
    corner: (u32, u32),
    exif: Option<&'a [u8]>,
}

impl<'a> Container<'a> {
    fn read(untrusted: &'a [u8]) -> Result<Self, Reason> {
        let mut found = Self::default();
        let mut is_cut = false;
        for chunk in chunks(untrusted.get(12..).unwrap_or_default()) {
            let is_first = found.picture.is_none();
            // a cut picture is met before anything that follows it
            is_cut |= !chunk.is_complete && (is_first || &chunk.name == b"ANMF");
            match &chunk.name {
                b"VP8X" if found.canvas.is_none() => {
                    let size = (u24_at(chunk.data, 4), u24_at(chunk.data, 7));
                    found.canvas =
                        size.0.zip(size.1).map(|(width, height)| (width + 1, height + 1));
                }
                b"ANMF" if is_first => found.read_frame(chunk.data),
                b"ALPH" if is_first => found.opacity = Some(chunk.data),
                b"VP8 " | b"VP8L" if is_first => found.picture = Some(chunk),
                b"EXIF" if found.canvas.is_some() => found.exif = found.exif.or(Some(chunk.data)),
                _ => {}
            }
        }
        let length = untrusted.get(4..).and_then(<[u8]>::first_chunk);
        let length = length.map_or(0, |bytes| u32::from_le_bytes(*bytes));
        let ends_early = u64::from(length) + 8 > untrusted.len() as u64;
        if is_cut || (ends_early && (found.picture.is_none() || found.is_animated)) {
            return Err(Reason::new(Code::FileTruncated));
        }
        Ok(found)
    }

    fn read_frame(&mut self, data: &'a [u8]) {
        self.is_animated = true;
        // positions are stored halved
        let corner = u24_at(data, 0).zip(u24_at(data, 3));
        self.corner = corner.map_or((0, 0), |(x, y)| (x * 2, y * 2));
        for chunk in chunks(data.get(16..).unwrap_or_default()) {
            match &chunk.name {
                b"ALPH" => self.opacity = Some(chunk.data),
                b"VP8 " | b"VP8L" => {
                    self.picture = Some(chunk);
                    return;
                }
                _ => {}
            }
        }
    }

    /// Returns a file with the picture alone.
    fn still(&self) -> Vec<u8> {
        let mut body = b"WEBP".to_vec();
        let picture = self.picture.as_ref();
        let lossy = picture.filter(|picture| &picture.name == b"VP8 ");
        // the frame's size, in 14 bits each, after its tag and its start code
        let size = lossy.and_then(|lossy| Some((u16_at(lossy.data, 6)?, u16_at(lossy.data, 8)?)));
        if let (Some(opacity), Some((width, height))) = (self.opacity, size) {
            const HAS_OPACITY: u8 = 0x10;
            let less_one = |side: u16| u32::from(side & 0x3fff).wrapping_sub(1).to_le_bytes();
            let (width, height) = (less_one(width), less_one(height));
            let extended = [&[HAS_OPACITY, 0, 0, 0], &width[..3], &height[..3]].concat();
            write_chunk(b"VP8X", &extended, &mut body);
            write_chunk(b"ALPH", opacity, &mut body);
        }
        if let Some(picture) = picture {
            write_chunk(&picture.name, picture.data, &mut body);
        }
        let mut file = Vec::with_capacity(body.len() + 9);
        write_chunk(b"RIFF", &body, &mut file);
        file
    }
}

fn write_chunk(name: &[u8; 4], data: &[u8], out: &mut Vec<u8>) {
    out.extend(name);
    out.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_le_bytes());
    out.extend(data);
    out.extend(&[0][..data.len() % 2]);
}

fn u24_at(bytes: &[u8], at: usize) -> Option<u32> {
    let &[a, b, c] = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes([a, b, c, 0]))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|bytes| u16::from_le_bytes(*bytes))
}
