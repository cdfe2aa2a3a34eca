//! Declarations of the used part of `tiffio.h`.

use std::ffi::{c_char, c_int, c_void};

/// `SampleFormat` and the like: a tag whose value the library writes as `uint16_t`.
pub(super) struct Short(pub(super) u32);
/// A tag whose value the library writes as `uint32_t`.
pub(super) struct Long(pub(super) u32);
/// A tag whose value the library writes as `float`.
pub(super) struct Float(pub(super) u32);
/// A tag for which the library writes a pointer to this many numbers.
pub(super) struct Floats<const N: usize>(pub(super) u32);

pub(super) const SUBFILE_TYPE: Long = Long(254);
pub(super) const WIDTH: Long = Long(256);
pub(super) const HEIGHT: Long = Long(257);
pub(super) const BITS: Short = Short(258);
pub(super) const COMPRESSION: Short = Short(259);
pub(super) const PHOTOMETRIC: Short = Short(262);
pub(super) const FILL_ORDER: Short = Short(266);
pub(super) const ORIENTATION: Short = Short(274);
pub(super) const SAMPLES: Short = Short(277);
pub(super) const ROWS_PER_STRIP: Long = Long(278);
pub(super) const X_RESOLUTION: Float = Float(282);
pub(super) const PLANAR: Short = Short(284);
pub(super) const RESOLUTION_UNIT: Short = Short(296);
pub(super) const TILE_WIDTH: Long = Long(322);
pub(super) const TILE_HEIGHT: Long = Long(323);
pub(super) const INK_SET: Short = Short(332);
pub(super) const SAMPLE_FORMAT: Short = Short(339);
pub(super) const WHITE_POINT: Floats<2> = Floats(318);
pub(super) const YCBCR_COEFFICIENTS: Floats<3> = Floats(529);
pub(super) const REFERENCE_BLACK_WHITE: Floats<6> = Floats(532);
// each of these is written in its own way
pub(super) const DATE_TIME: u32 = 306;
pub(super) const COLOUR_MAP: u32 = 320;
pub(super) const SUB_IFD: u32 = 330;
pub(super) const EXTRA_SAMPLES: u32 = 338;
pub(super) const YCBCR_SUBSAMPLING: u32 = 530;
/// What decoders are asked for, as an `int`: not a tag of a file.
pub(super) const JPEG_COLOUR_MODE: u32 = 65538;
pub(super) const JPEG_COLOUR_MODE_RGB: c_int = 1;
pub(super) const SGILOG_FORMAT: u32 = 65560;
pub(super) const SGILOG_FORMAT_8BIT: c_int = 3;

pub(super) type Handler =
    extern "C" fn(*mut c_void, *mut c_void, *const c_char, *const c_char, *mut c_void) -> c_int;
pub(super) type ReadWrite = extern "C" fn(*mut c_void, *mut c_void, isize) -> isize;

#[link(name = "tiff")]
unsafe extern "C" {
    pub(super) fn TIFFGetVersion() -> *const c_char;
    pub(super) fn TIFFIsCODECConfigured(scheme: u16) -> c_int;
    pub(super) fn TIFFSetErrorHandler(handler: *const c_void) -> *const c_void;
    pub(super) fn TIFFSetWarningHandler(handler: *const c_void) -> *const c_void;
    pub(super) fn TIFFOpenOptionsAlloc() -> *mut c_void;
    pub(super) fn TIFFOpenOptionsFree(options: *mut c_void);
    pub(super) fn TIFFOpenOptionsSetMaxSingleMemAlloc(options: *mut c_void, bytes: isize);
    pub(super) fn TIFFOpenOptionsSetErrorHandlerExtR(
        options: *mut c_void,
        handler: Handler,
        data: *mut c_void,
    );
    pub(super) fn TIFFOpenOptionsSetWarningHandlerExtR(
        options: *mut c_void,
        handler: Handler,
        data: *mut c_void,
    );
    pub(super) fn TIFFClientOpenExt(
        name: *const c_char,
        mode: *const c_char,
        data: *mut c_void,
        read: ReadWrite,
        write: ReadWrite,
        seek: extern "C" fn(*mut c_void, u64, c_int) -> u64,
        close: extern "C" fn(*mut c_void) -> c_int,
        size: extern "C" fn(*mut c_void) -> u64,
        map: *const c_void,
        unmap: *const c_void,
        options: *mut c_void,
    ) -> *mut c_void;
    pub(super) fn TIFFClose(tiff: *mut c_void);
    pub(super) fn TIFFReadDirectory(tiff: *mut c_void) -> c_int;
    pub(super) fn TIFFLastDirectory(tiff: *mut c_void) -> c_int;
    pub(super) fn TIFFSetSubDirectory(tiff: *mut c_void, offset: u64) -> c_int;
    pub(super) fn TIFFCurrentDirOffset(tiff: *mut c_void) -> u64;
    pub(super) fn TIFFGetField(tiff: *mut c_void, tag: u32, ...) -> c_int;
    pub(super) fn TIFFGetFieldDefaulted(tiff: *mut c_void, tag: u32, ...) -> c_int;
    pub(super) fn TIFFSetField(tiff: *mut c_void, tag: u32, ...) -> c_int;
    pub(super) fn TIFFIsTiled(tiff: *mut c_void) -> c_int;
    pub(super) fn TIFFStripSize(tiff: *mut c_void) -> isize;
    pub(super) fn TIFFTileSize(tiff: *mut c_void) -> isize;
    pub(super) fn TIFFNumberOfStrips(tiff: *mut c_void) -> u32;
    pub(super) fn TIFFNumberOfTiles(tiff: *mut c_void) -> u32;
    pub(super) fn TIFFGetStrileOffset(tiff: *mut c_void, block: u32) -> u64;
    pub(super) fn TIFFGetStrileByteCount(tiff: *mut c_void, block: u32) -> u64;
    pub(super) fn TIFFReadEncodedStrip(
        tiff: *mut c_void,
        strip: u32,
        into: *mut c_void,
        bytes: isize,
    ) -> isize;
    pub(super) fn TIFFReadFromUserBuffer(
        tiff: *mut c_void,
        block: u32,
        from: *mut c_void,
        from_bytes: isize,
        into: *mut c_void,
        into_bytes: isize,
    ) -> c_int;
    pub(super) fn TIFFReadEncodedTile(
        tiff: *mut c_void,
        tile: u32,
        into: *mut c_void,
        bytes: isize,
    ) -> isize;
}

unsafe extern "C" {
    /// `arguments` is a `va_list`, which the calling conventions of x86-64 and of 64-bit
    /// ARM pass as a pointer.
    pub(super) fn vsnprintf(
        into: *mut c_char,
        bytes: usize,
        format: *const c_char,
        arguments: *mut c_void,
    ) -> c_int;
}
