//! HEIC through the system's libheif.
//!
//! Unsafe code is allowed here because libheif is a C library: there is no
//! decoder of its codec in Rust, and the published bindings need a newer
//! libheif than stable distributions ship (1.15 in Debian 12). Only the few
//! functions used are declared, after `libheif/heif.h` of 1.15.1. Every pointer
//! from the library is owned by one of the types below, which releases it when
//! dropped.
#![allow(unsafe_code)]

mod boxes;
mod ffi;
mod mend;

use std::borrow::Cow;
use std::ffi::{CStr, c_int, c_void};
use std::marker::PhantomData;
use std::ptr::{null, null_mut};

use image::RgbImage;

use self::ffi::*;
use self::mend::mended;
use super::exif_block::ExifBlock;
use super::header::Header;
use super::limits::Limits;
use super::refusal::check_size;
use super::samples::over_white;
use crate::reason::{Code, Reason};

/// Returns the versions of the libraries, as `libheif/1.15.1 libde265/1.0.11`; of the second
/// `none` where libheif has no decoder of HEVC, which newer versions load as a plugin.
#[must_use]
pub fn versions() -> String {
    // SAFETY: takes nothing and returns a constant string.
    let heif = unsafe { CStr::from_ptr(heif_get_version()) };
    // SAFETY: takes a number and returns one.
    let has_decoder = unsafe { heif_have_decoder_for_format(HEVC) } != 0;
    let de265 = de265_version().filter(|_| has_decoder).unwrap_or_else(|| "none".to_owned());
    format!("libheif/{} libde265/{de265}", heif.to_string_lossy())
}

/// Reads the boxes and the primary picture's size, which is that of the upright
/// picture: libheif applies the container's own rotation and mirroring.
///
/// # Errors
/// `FILE_TRUNCATED` when a box reaches past the end of the file, else
/// `FILE_CORRUPT`.
pub(super) fn header(untrusted: &[u8]) -> Result<Header, Reason> {
    if !boxes_fit(untrusted) {
        return Err(Reason::new(Code::FileTruncated));
    }
    let file = HeifContext::read(untrusted, u32::MAX)?;
    let picture = file.primary()?;
    let (width, height) = picture.size()?;
    let exif = picture.exif().and_then(|block| ExifBlock::parse(&block));
    Ok(Header { width, height, density: None, exif })
}

/// Whether the boxes of the picture are complete. Each has a length and a name;
/// data under another name is specific to a phone.
fn boxes_fit(untrusted: &[u8]) -> bool {
    const KNOWN: [&[u8; 4]; 7] = [b"ftyp", b"meta", b"mdat", b"moov", b"free", b"skip", b"uuid"];
    let mut rest = untrusted;
    while let Some((length, after)) = rest.split_first_chunk() {
        let Some((name, after)) = after.split_first_chunk() else { return false };
        let length = match u32::from_be_bytes(*length) {
            1 => after.first_chunk().map_or(u64::MAX, |bytes| u64::from_be_bytes(*bytes)),
            length => length.into(),
        };
        // a length of 0 extends to the end of the file
        if length < 8 || !KNOWN.contains(&name) {
            return true;
        }
        let Some(next) = usize::try_from(length).ok().and_then(|length| rest.get(length..)) else {
            return false;
        };
        rest = next;
    }
    true
}

/// Decodes the primary picture, upright; transparent pixels become white.
///
/// # Errors
/// `FILE_TRUNCATED` or `FILE_CORRUPT`, as libheif reports, and `FILE_PIXEL_BOMB`
/// when the picture is larger than its header states.
pub(super) fn pixels(untrusted: &[u8], limits: &Limits) -> Result<RgbImage, Reason> {
    HeifContext::read(untrusted, limits.side)?.primary()?.decode()?.to_rgb(limits)
}

/// Counts the pictures that are not part of another one, such as its preview.
pub(super) fn pictures(untrusted: &[u8]) -> usize {
    let Ok(file) = HeifContext::read(untrusted, u32::MAX) else { return 1 };
    // SAFETY: the context is live.
    let count = unsafe { heif_context_get_number_of_top_level_images(file.context) };
    usize::try_from(count).unwrap_or(1)
}

const MAX_EXIF: usize = 1024 * 1024;

/// A `heif_context` with the file's bytes.
struct HeifContext<'a> {
    context: *mut c_void,
    bytes: Cow<'a, [u8]>,
}

impl<'a> HeifContext<'a> {
    fn read(untrusted: &'a [u8], side: u32) -> Result<Self, Reason> {
        // SAFETY: takes nothing; a null result is refused below.
        let context = unsafe { heif_context_alloc() };
        if context.is_null() {
            return Err(Reason::new(Code::FileCorrupt));
        }
        let file = Self { context, bytes: mended(untrusted) };
        // SAFETY: the context is live; the bytes live as long as `Self`, which
        // is the library's condition for not copying them, and do not move with
        // it; null options are allowed.
        unsafe {
            // tiles are decoded one after another, in this thread
            heif_context_set_max_decoding_threads(file.context, 0);
            // the library refuses tiled pictures from this size on
            let refused = c_int::try_from(side).map_or(c_int::MAX, |side| side.saturating_add(1));
            heif_context_set_maximum_image_size_limit(file.context, refused);
            heif_context_read_from_memory_without_copy(
                file.context,
                file.bytes.as_ptr().cast(),
                file.bytes.len(),
                null(),
            )
        }
        .check()?;
        Ok(file)
    }

    fn primary(&self) -> Result<ImageHandle<'_>, Reason> {
        let mut handle = null_mut();
        // SAFETY: the context is live, and the library writes one pointer.
        unsafe { heif_context_get_primary_image_handle(self.context, &raw mut handle) }.check()?;
        Ok(ImageHandle { handle, file: PhantomData })
    }
}

impl Drop for HeifContext<'_> {
    fn drop(&mut self) {
        // SAFETY: allocated by the library and freed once.
        unsafe { heif_context_free(self.context) }
    }
}

/// A `heif_image_handle`: the picture before decoding.
struct ImageHandle<'a> {
    handle: *mut c_void,
    file: PhantomData<&'a HeifContext<'a>>,
}

impl ImageHandle<'_> {
    fn size(&self) -> Result<(u32, u32), Reason> {
        // SAFETY: the handle is live.
        let size = unsafe {
            (heif_image_handle_get_width(self.handle), heif_image_handle_get_height(self.handle))
        };
        positive(size)
    }

    /// The EXIF block without the four bytes of offset before it.
    fn exif(&self) -> Option<Vec<u8>> {
        let mut id = 0;
        // SAFETY: the handle is live, the filter ends in zero, and at most one
        // id is written; the block has the size that the library reports.
        let block = unsafe {
            let filter = c"Exif".as_ptr();
            if heif_image_handle_get_list_of_metadata_block_IDs(self.handle, filter, &raw mut id, 1)
                < 1
            {
                return None;
            }
            let size = heif_image_handle_get_metadata_size(self.handle, id);
            if size > MAX_EXIF {
                return None;
            }
            let mut block = vec![0u8; size];
            let read = heif_image_handle_get_metadata(self.handle, id, block.as_mut_ptr().cast());
            read.check().ok()?;
            block
        };
        let offset = u32::from_be_bytes(*block.first_chunk()?);
        let start = usize::try_from(offset).ok()?.checked_add(4)?;
        block.get(start..).map(<[u8]>::to_vec)
    }

    fn decode(&self) -> Result<DecodedImage<'_>, Reason> {
        // SAFETY: the handle is live.
        let (chroma, channels) = match unsafe { heif_image_handle_has_alpha_channel(self.handle) } {
            0 => (CHROMA_RGB, 3),
            _ => (CHROMA_RGBA, 4),
        };
        let mut image = null_mut();
        unsafe { heif_decode_image(self.handle, &raw mut image, COLORSPACE_RGB, chroma, null()) }
            .check()?;
        Ok(DecodedImage { image, channels, handle: PhantomData })
    }
}

impl Drop for ImageHandle<'_> {
    fn drop(&mut self) {
        // SAFETY: obtained from the library and released once.
        unsafe { heif_image_handle_release(self.handle) }
    }
}

/// A decoded `heif_image` with interleaved 8-bit samples.
struct DecodedImage<'a> {
    image: *mut c_void,
    channels: usize,
    handle: PhantomData<&'a ImageHandle<'a>>,
}

impl DecodedImage<'_> {
    fn to_rgb(&self, limits: &Limits) -> Result<RgbImage, Reason> {
        let corrupt = || Reason::new(Code::FileCorrupt);
        let mut stride: c_int = 0;
        // SAFETY: the image is live; a null plane is refused below.
        let (width, height, plane) = unsafe {
            let width = heif_image_get_width(self.image, CHANNEL_INTERLEAVED);
            let height = heif_image_get_height(self.image, CHANNEL_INTERLEAVED);
            let plane =
                heif_image_get_plane_readonly(self.image, CHANNEL_INTERLEAVED, &raw mut stride);
            (width, height, plane)
        };
        let (width, height) = positive((width, height))?;
        check_size(width, height, limits)?;
        let row = width as usize * self.channels;
        let stride =
            usize::try_from(stride).ok().filter(|stride| *stride >= row).ok_or_else(corrupt)?;
        if plane.is_null() {
            return Err(corrupt());
        }
        let mut rgb = RgbImage::new(width, height);
        for (y, out) in rgb.chunks_exact_mut(width as usize * 3).enumerate() {
            // SAFETY: the plane has `height` rows, `stride` bytes apart, of at
            // least `row` bytes each.
            let samples = unsafe { std::slice::from_raw_parts(plane.add(y * stride), row) };
            if self.channels == 3 {
                out.copy_from_slice(samples);
            } else {
                for (out, &[r, g, b, a]) in
                    out.as_chunks_mut::<3>().0.iter_mut().zip(samples.as_chunks().0)
                {
                    *out = [r, g, b].map(|value| over_white(value, a));
                }
            }
        }
        Ok(rgb)
    }
}

impl Drop for DecodedImage<'_> {
    fn drop(&mut self) {
        // SAFETY: obtained from the library and released once.
        unsafe { heif_image_release(self.image) }
    }
}

fn positive((width, height): (c_int, c_int)) -> Result<(u32, u32), Reason> {
    match (u32::try_from(width), u32::try_from(height)) {
        (Ok(width @ 1..), Ok(height @ 1..)) => Ok((width, height)),
        _ => Err(Reason::new(Code::FileCorrupt)),
    }
}
