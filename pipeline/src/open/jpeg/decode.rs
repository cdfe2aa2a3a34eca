//! Decodes a JPEG through the system's libjpeg and `decode.c`.
//!
//! Unsafe code is allowed here because libjpeg is a C library. The one function of
//! `decode.c` keeps nothing that it is given.
#![allow(unsafe_code)]

use std::alloc::{Layout, handle_alloc_error};
use std::ffi::{CStr, c_char, c_int, c_uint};

use image::RgbImage;

use crate::open::refusal::unsupported;
use crate::reason::{Code, Reason};

#[link(name = "jpeg")]
unsafe extern "C" {
    fn tekseru_jpeg_decode(
        bytes: *const u8,
        length: usize,
        width: c_uint,
        height: c_uint,
        scans: c_int,
        rgb: *mut u8,
        noticed: *mut c_uint,
    ) -> c_int;
    fn tekseru_jpeg_version() -> *const c_char;
}

/// Scans that a picture may have. Encoders write ten to seventy; each takes 0.03 s at 48
/// megapixels, however little data it has.
const MAX_SCANS: c_int = 100;

/// The numbers of `enum outcome` in `decode.c`; others mean that the file is corrupt.
mod outcome {
    use std::ffi::c_int;

    pub(super) const DECODED: c_int = 0;
    pub(super) const UNSUPPORTED: c_int = 2;
    pub(super) const OUT_OF_MEMORY: c_int = 3;
}

/// The bits of `enum noticed` in `decode.c`.
mod noticed {
    use std::ffi::c_uint;

    pub(super) const NO_END: c_uint = 1;
    pub(super) const BLOCKS_MISSING: c_uint = 2;
    pub(super) const DETAIL_MISSING: c_uint = 4;
    pub(super) const DAMAGED: c_uint = 8;
    pub(super) const ARITHMETIC: c_uint = 16;
}

/// Returns the version of the library, as `libjpeg-turbo/2.1.5`.
#[must_use]
pub fn version() -> String {
    // SAFETY: takes nothing and returns a constant string.
    unsafe { CStr::from_ptr(tekseru_jpeg_version()) }.to_string_lossy().into_owned()
}

/// Decodes a picture whose header states this size.
///
/// # Errors
/// `FILE_TRUNCATED` when a part of the picture has no data, which libjpeg shows grey;
/// `FILE_CORRUPT`, also for more scans than any encoder writes; `FILE_TYPE_UNSUPPORTED`.
pub(super) fn decode(untrusted: &[u8], width: u32, height: u32) -> Result<RgbImage, Reason> {
    let mut rgb = RgbImage::new(width, height);
    let mut found: c_uint = 0;
    // SAFETY: `bytes` has `length` bytes that stay while the function runs, and `rgb` room
    // for three bytes of each pixel of this size, which the function compares first.
    let outcome = unsafe {
        tekseru_jpeg_decode(
            untrusted.as_ptr(),
            untrusted.len(),
            width,
            height,
            MAX_SCANS,
            rgb.as_mut_ptr(),
            &raw mut found,
        )
    };
    let has = |bits| found & bits != 0;
    // without its end, a picture may still have all of its data
    let is_cut = has(noticed::NO_END) && has(noticed::DETAIL_MISSING | noticed::ARITHMETIC);
    let is_missing = has(noticed::BLOCKS_MISSING) || is_cut;
    // the last data before a cut may look damaged
    let is_damaged = has(noticed::DAMAGED) && !(is_missing && has(noticed::NO_END));
    match outcome {
        outcome::DECODED if is_damaged => Err(Reason::new(Code::FileCorrupt)),
        outcome::DECODED if is_missing => Err(Reason::new(Code::FileTruncated)),
        outcome::DECODED => Ok(rgb),
        outcome::UNSUPPORTED => Err(unsupported("image/jpeg")),
        // as where an allocation of our own fails
        outcome::OUT_OF_MEMORY => handle_alloc_error(Layout::for_value(rgb.as_raw().as_slice())),
        _ if has(noticed::NO_END) => Err(Reason::new(Code::FileTruncated)),
        _ => Err(Reason::new(Code::FileCorrupt)),
    }
}
