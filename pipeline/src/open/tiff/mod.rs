//! TIFF through the system's libtiff. May have several pages.
//!
//! Unsafe code is allowed here because libtiff is a C library: scanners and cameras write
//! kinds of TIFF that no decoder in Rust reads. Only the few functions used are declared,
//! after `tiffio.h` of 4.5.0. It reads from memory, never from a file, and gives samples as
//! they are stored; colours, opacity and orientation are our own.
#![allow(unsafe_code)]

mod blocks;
mod ffi;
mod file;
mod form;
mod jbig;
mod lab;
mod pages;
mod paint;
mod source;
mod unpack;
mod ycbcr;

use image::RgbImage;

pub(super) use self::pages::{Page, Pages, pages};

use self::file::TiffFile;
use self::form::{Form, Unshown};
use super::limits::Limits;
use super::refusal::unsupported_kind_of;
use crate::examination::MediaType;
use crate::reason::{Code, Reason};

/// Returns the version of the library, as `libtiff/4.5.0`.
#[must_use]
pub fn version() -> String {
    format!("libtiff/{}", file::version())
}

/// Returns the kinds of compression that TIFF 6.0 has and this library lacks.
#[must_use]
pub fn missing_decoders() -> Vec<String> {
    const USUAL: [u16; 8] = [2, 3, 4, 5, 6, 7, 8, 32773];
    let missing = USUAL.into_iter().filter(|compression| !file::has_decoder(*compression));
    missing.map(form::compression_name).collect()
}

/// Decodes a page's stored pixels. Its size has been checked.
///
/// # Errors
/// `FILE_CORRUPT`, `FILE_TRUNCATED`, `FILE_TYPE_UNSUPPORTED` with the kind inside TIFF, or
/// `FILE_UNPACK_BOMB` when a strip takes more than six bytes per pixel of the
/// largest picture allowed.
pub(super) fn pixels(untrusted: &[u8], page: &Page, limits: &Limits) -> Result<RgbImage, Reason> {
    let corrupt = || Reason::new(Code::FileCorrupt);
    let mut file = TiffFile::open(untrusted, limits)?;
    if !file.go_to(page.directory) {
        return Err(file.source.failure(corrupt));
    }
    let form = Form::read(&file).map_err(|unshown| match unshown {
        Unshown::Raw => unsupported_kind(pages::RAW),
        Unshown::Kind(kind) => unsupported_kind(&kind),
    })?;
    let header = page.header.as_ref().ok_or_else(corrupt)?;
    let size = (header.width, header.height);
    if file.short_or_default(ffi::COMPRESSION) == Some(JBIG) {
        // libtiff reverses the bits of each byte where their order is the usual one
        let is_reversed = file.short_or_default(ffi::FILL_ORDER) == Some(1);
        if !jbig::has_size(file.stored(0), is_reversed, size) {
            return Err(corrupt());
        }
    }
    file.source.forget();
    let picture = blocks::picture(&mut file, form, size, limits)?;
    picture.ok_or_else(|| {
        let compression = file.short_or_default(ffi::COMPRESSION).unwrap_or_default();
        let kind =
            || unsupported_kind(&format!("a variant of {}", form::compression_name(compression)));
        file.source.failure(kind)
    })
}

const JBIG: u16 = 34661;

/// Refuses a kind of TIFF by its name.
fn unsupported_kind(kind: &str) -> Reason {
    unsupported_kind_of(MediaType::Tiff, kind)
}
