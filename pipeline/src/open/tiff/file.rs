//! A TIFF opened by libtiff.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::null;
use std::sync::Once;

use super::ffi::*;
use super::source::{self, Source};
use crate::open::limits::Limits;
use crate::reason::{Code, Reason};

/// A `TIFF` with the bytes that it reads.
pub(super) struct TiffFile<'a> {
    tiff: *mut c_void,
    /// Behind its own pointer, because the library has one to it.
    pub(super) source: Box<Source<'a>>,
}

impl<'a> TiffFile<'a> {
    /// Reads the header, and no directory yet.
    ///
    /// # Errors
    /// `FILE_TRUNCATED`, `FILE_CORRUPT`.
    pub(super) fn open(untrusted: &'a [u8], limits: &Limits) -> Result<Self, Reason> {
        silence();
        let source = Box::new(Source::new(untrusted));
        let data: *mut c_void = (&raw const *source).cast_mut().cast();
        // six bytes for each pixel, and in any case what the file itself has
        let largest = limits.pixels.saturating_mul(6).max(limits.bytes);
        let largest = isize::try_from(largest).unwrap_or(isize::MAX);
        // SAFETY: the options live until they are freed below, and the library copies them;
        // the source outlives the library's handle; the strings end in zero. Modes: read,
        // header alone, not mapped.
        let tiff = unsafe {
            let options = TIFFOpenOptionsAlloc();
            if options.is_null() {
                return Err(Reason::new(Code::FileCorrupt));
            }
            TIFFOpenOptionsSetMaxSingleMemAlloc(options, largest);
            TIFFOpenOptionsSetErrorHandlerExtR(options, source::on_error, data);
            TIFFOpenOptionsSetWarningHandlerExtR(options, source::on_warning, data);
            let tiff = TIFFClientOpenExt(
                c"document".as_ptr(),
                c"rhm".as_ptr(),
                data,
                source::read,
                source::write,
                source::seek,
                source::close,
                source::size,
                null(),
                null(),
                options,
            );
            TIFFOpenOptionsFree(options);
            tiff
        };
        if tiff.is_null() {
            return Err(source.failure(|| Reason::new(Code::FileCorrupt)));
        }
        Ok(Self { tiff, source })
    }

    /// Goes to the next directory of the chain, from the header to the first.
    pub(super) fn next(&mut self) -> bool {
        // SAFETY: the handle is live.
        unsafe { TIFFReadDirectory(self.tiff) == 1 }
    }

    /// Goes to the directory at an offset.
    pub(super) fn go_to(&mut self, offset: u64) -> bool {
        // SAFETY: the handle is live.
        offset != 0 && unsafe { TIFFSetSubDirectory(self.tiff, offset) == 1 }
    }

    pub(super) fn is_last(&self) -> bool {
        // SAFETY: the handle is live.
        unsafe { TIFFLastDirectory(self.tiff) != 0 }
    }

    pub(super) fn offset(&self) -> u64 {
        // SAFETY: the handle is live.
        unsafe { TIFFCurrentDirOffset(self.tiff) }
    }

    pub(super) fn short(&self, tag: Short) -> Option<u16> {
        let mut value = 0u16;
        // SAFETY: the type of the tag is that of the value.
        (unsafe { TIFFGetField(self.tiff, tag.0, &raw mut value) } == 1).then_some(value)
    }

    /// Returns the value, or what the standard says that it is where it is absent.
    pub(super) fn short_or_default(&self, tag: Short) -> Option<u16> {
        let mut value = 0u16;
        // SAFETY: as above.
        (unsafe { TIFFGetFieldDefaulted(self.tiff, tag.0, &raw mut value) } == 1).then_some(value)
    }

    pub(super) fn long(&self, tag: Long) -> Option<u32> {
        let mut value = 0u32;
        // SAFETY: as above.
        (unsafe { TIFFGetField(self.tiff, tag.0, &raw mut value) } == 1).then_some(value)
    }

    pub(super) fn float(&self, tag: Float) -> Option<f64> {
        let mut value = 0f32;
        // SAFETY: as above.
        (unsafe { TIFFGetField(self.tiff, tag.0, &raw mut value) } == 1).then(|| value.into())
    }

    pub(super) fn floats<const N: usize>(&self, tag: Floats<N>) -> Option<[f32; N]> {
        let mut values: *const f32 = null();
        // SAFETY: the library writes a pointer to `N` numbers of its own, copied at once.
        unsafe {
            if TIFFGetFieldDefaulted(self.tiff, tag.0, &raw mut values) != 1 || values.is_null() {
                return None;
            }
            Some(std::array::from_fn(|i| *values.add(i)))
        }
    }

    pub(super) fn date_time(&self) -> Option<Vec<u8>> {
        let mut text: *const c_char = null();
        // SAFETY: the library writes a pointer to a string of its own, copied at once.
        unsafe {
            if TIFFGetField(self.tiff, DATE_TIME, &raw mut text) != 1 || text.is_null() {
                return None;
            }
            Some(CStr::from_ptr(text).to_bytes().to_vec())
        }
    }

    /// Returns the offsets of the directories within this one, at most `limit`.
    pub(super) fn sub_directories(&self, limit: usize) -> Vec<u64> {
        let (mut count, mut offsets) = (0u16, null::<u64>());
        // SAFETY: the library writes a count and a pointer to as many numbers.
        unsafe {
            let found = TIFFGetField(self.tiff, SUB_IFD, &raw mut count, &raw mut offsets);
            if found != 1 || offsets.is_null() {
                return Vec::new();
            }
            (0..usize::from(count).min(limit)).map(|i| *offsets.add(i)).collect()
        }
    }

    /// Returns what each sample after the colours means.
    pub(super) fn extra_samples(&self) -> Vec<u16> {
        let (mut count, mut meanings) = (0u16, null::<u16>());
        // SAFETY: the library writes a count and a pointer to as many numbers.
        unsafe {
            let found = TIFFGetField(self.tiff, EXTRA_SAMPLES, &raw mut count, &raw mut meanings);
            if found != 1 || meanings.is_null() {
                return Vec::new();
            }
            (0..usize::from(count)).map(|i| *meanings.add(i)).collect()
        }
    }

    /// Returns red, green and blue of each colour of the palette for so many bits.
    pub(super) fn colour_map(&self, bits: u16) -> Option<Vec<[u16; 3]>> {
        let mut maps = [null::<u16>(); 3];
        let [red, green, blue] = maps.each_mut().map(|map| &raw mut *map);
        // SAFETY: the library writes three pointers to arrays with as many numbers as a
        // sample of this picture has values; it reads no directory where they are fewer.
        unsafe {
            if TIFFGetField(self.tiff, COLOUR_MAP, red, green, blue) != 1
                || maps.iter().any(|map| map.is_null())
                || self.short(BITS) != Some(bits)
                || bits > 16
            {
                return None;
            }
            Some((0..1usize << bits).map(|i| maps.map(|map| *map.add(i))).collect())
        }
    }

    pub(super) fn subsampling(&self) -> (u16, u16) {
        let (mut across, mut down) = (2u16, 2u16);
        // SAFETY: the library writes two numbers.
        unsafe {
            TIFFGetFieldDefaulted(self.tiff, YCBCR_SUBSAMPLING, &raw mut across, &raw mut down)
        };
        (across, down)
    }

    /// Asks the decoder of the present directory for a form of its samples.
    pub(super) fn ask(&self, what: u32, value: c_int) {
        // SAFETY: the two values of `ffi` that are used here take an `int`.
        unsafe { TIFFSetField(self.tiff, what, value) };
    }

    pub(super) fn is_tiled(&self) -> bool {
        // SAFETY: the handle is live.
        unsafe { TIFFIsTiled(self.tiff) != 0 }
    }

    /// Returns the decoded bytes of a strip or tile, if they can be counted.
    pub(super) fn block_bytes(&self) -> Option<usize> {
        // SAFETY: the handle is live.
        let bytes = unsafe {
            if self.is_tiled() { TIFFTileSize(self.tiff) } else { TIFFStripSize(self.tiff) }
        };
        usize::try_from(bytes).ok().filter(|bytes| *bytes > 0)
    }

    pub(super) fn block_count(&self) -> u32 {
        // SAFETY: the handle is live.
        unsafe {
            if self.is_tiled() {
                TIFFNumberOfTiles(self.tiff)
            } else {
                TIFFNumberOfStrips(self.tiff)
            }
        }
    }

    /// Whether a strip or tile reaches beyond the file.
    pub(super) fn is_truncated(&self) -> bool {
        let end = |block| {
            // SAFETY: the handle is live; the library checks the number.
            unsafe {
                let bytes = TIFFGetStrileByteCount(self.tiff, block);
                TIFFGetStrileOffset(self.tiff, block).saturating_add(bytes)
            }
        };
        (0..self.block_count()).any(|block| end(block) > self.source.length())
    }

    /// Returns the bytes of a strip or tile as they are in the file.
    pub(super) fn stored(&self, block: u32) -> &'a [u8] {
        // SAFETY: the handle is live; the library checks the number.
        let (offset, bytes) = unsafe {
            (TIFFGetStrileOffset(self.tiff, block), TIFFGetStrileByteCount(self.tiff, block))
        };
        self.source.at(offset, bytes)
    }

    /// Whether a strip or tile has this many bytes in the file. libtiff reads on beyond its
    /// end where nothing is compressed.
    pub(super) fn has_bytes(&self, block: u32, bytes: usize) -> bool {
        // SAFETY: the handle is live; the library checks the number.
        unsafe { TIFFGetStrileByteCount(self.tiff, block) >= bytes as u64 }
    }

    /// Decodes a strip or tile. A last strip with fewer rows fills a part of the buffer.
    pub(super) fn decode(&mut self, block: u32, into: &mut [u8]) -> bool {
        let bytes = into.len().cast_signed();
        let buffer: *mut c_void = into.as_mut_ptr().cast();
        let with_end = self.jpeg_with_end(block);
        // SAFETY: the handle is live; at most `bytes` are written, and the stream with its
        // end lives longer than the call.
        let is_decoded = unsafe {
            if let Some(mut stream) = with_end {
                let (from, length) = (stream.as_mut_ptr().cast(), stream.len().cast_signed());
                TIFFReadFromUserBuffer(self.tiff, block, from, length, buffer, bytes) == 1
            } else if self.is_tiled() {
                TIFFReadEncodedTile(self.tiff, block, buffer, bytes) > 0
            } else {
                TIFFReadEncodedStrip(self.tiff, block, buffer, bytes) > 0
            }
        };
        is_decoded && !self.source.is_damaged(self.long(HEIGHT).unwrap_or(0))
    }

    /// Returns a JPEG that does not end as it should, with an end mark. The library reports
    /// a mark that is missing and pixels that are missing in the same way.
    fn jpeg_with_end(&self, block: u32) -> Option<Vec<u8>> {
        const END: &[u8] = &[0xff, 0xd9];
        if self.short_or_default(COMPRESSION) != Some(7) {
            return None;
        }
        let stored = self.stored(block);
        (!stored.is_empty() && !stored.ends_with(END)).then(|| [stored, END].concat())
    }
}

impl Drop for TiffFile<'_> {
    fn drop(&mut self) {
        // SAFETY: obtained from the library and closed once, before the source goes.
        unsafe { TIFFClose(self.tiff) }
    }
}

/// Whether the library has a decoder for a compression.
pub(super) fn has_decoder(compression: u16) -> bool {
    // SAFETY: takes a number and returns one.
    unsafe { TIFFIsCODECConfigured(compression) == 1 }
}

/// Returns the version of the library, such as `4.5.0`.
pub(super) fn version() -> String {
    // SAFETY: takes nothing and returns a constant string.
    let text = unsafe { CStr::from_ptr(TIFFGetVersion()) }.to_string_lossy();
    let number =
        text.split([' ', '\n']).find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    number.unwrap_or("unknown").to_owned()
}

/// What the library says without naming a file would go to the standard error.
fn silence() {
    static ONCE: Once = Once::new();
    // SAFETY: null stands for no handler.
    ONCE.call_once(|| unsafe {
        TIFFSetErrorHandler(null());
        TIFFSetWarningHandler(null());
    });
}
