//! Declarations of the used part of `libheif/heif.h`.

use std::ffi::{CStr, c_char, c_int, c_void};

use crate::open::refusal::unsupported;
use crate::reason::{Code, Reason};

/// `struct heif_error`: two enumerations and a message that the library owns.
#[repr(C)]
pub(super) struct HeifError {
    code: c_int,
    subcode: c_int,
    message: *const c_char,
}

impl HeifError {
    pub(super) fn check(&self) -> Result<(), Reason> {
        match (self.code, self.subcode) {
            (0, _) => Ok(()),
            (_, END_OF_DATA) => Err(Reason::new(Code::FileTruncated)),
            (UNSUPPORTED_FILETYPE | UNSUPPORTED_FEATURE, _) => Err(unsupported("image/heif")),
            _ => Err(Reason::new(Code::FileCorrupt)),
        }
    }
}

/// `heif_error_Unsupported_filetype` and `heif_error_Unsupported_feature`.
const UNSUPPORTED_FILETYPE: c_int = 3;
const UNSUPPORTED_FEATURE: c_int = 4;
/// `heif_suberror_End_of_data`.
const END_OF_DATA: c_int = 100;
/// `heif_colorspace_RGB`.
pub(super) const COLORSPACE_RGB: c_int = 1;
/// `heif_chroma_interleaved_RGB` and `heif_chroma_interleaved_RGBA`.
pub(super) const CHROMA_RGB: c_int = 10;
pub(super) const CHROMA_RGBA: c_int = 11;
/// `heif_channel_interleaved`.
pub(super) const CHANNEL_INTERLEAVED: c_int = 10;
/// `heif_compression_HEVC`.
pub(super) const HEVC: c_int = 1;

#[link(name = "heif")]
unsafe extern "C" {
    pub(super) fn heif_get_version() -> *const c_char;
    pub(super) fn heif_have_decoder_for_format(format: c_int) -> c_int;
    pub(super) fn heif_context_alloc() -> *mut c_void;
    pub(super) fn heif_context_free(context: *mut c_void);
    pub(super) fn heif_context_set_max_decoding_threads(context: *mut c_void, threads: c_int);
    pub(super) fn heif_context_set_maximum_image_size_limit(context: *mut c_void, side: c_int);
    pub(super) fn heif_context_read_from_memory_without_copy(
        context: *mut c_void,
        bytes: *const c_void,
        length: usize,
        options: *const c_void,
    ) -> HeifError;
    pub(super) fn heif_context_get_number_of_top_level_images(context: *mut c_void) -> c_int;
    pub(super) fn heif_context_get_primary_image_handle(
        context: *mut c_void,
        handle: *mut *mut c_void,
    ) -> HeifError;
    pub(super) fn heif_image_handle_release(handle: *const c_void);
    pub(super) fn heif_image_handle_get_width(handle: *const c_void) -> c_int;
    pub(super) fn heif_image_handle_get_height(handle: *const c_void) -> c_int;
    pub(super) fn heif_image_handle_has_alpha_channel(handle: *const c_void) -> c_int;
    pub(super) fn heif_image_handle_get_list_of_metadata_block_IDs(
        handle: *const c_void,
        filter: *const c_char,
        ids: *mut u32,
        count: c_int,
    ) -> c_int;
    pub(super) fn heif_image_handle_get_metadata_size(handle: *const c_void, id: u32) -> usize;
    pub(super) fn heif_image_handle_get_metadata(
        handle: *const c_void,
        id: u32,
        block: *mut c_void,
    ) -> HeifError;
    pub(super) fn heif_decode_image(
        handle: *const c_void,
        image: *mut *mut c_void,
        colorspace: c_int,
        chroma: c_int,
        options: *const c_void,
    ) -> HeifError;
    pub(super) fn heif_image_get_width(image: *const c_void, channel: c_int) -> c_int;
    pub(super) fn heif_image_get_height(image: *const c_void, channel: c_int) -> c_int;
    pub(super) fn heif_image_get_plane_readonly(
        image: *const c_void,
        channel: c_int,
        stride: *mut c_int,
    ) -> *const u8;
    pub(super) fn heif_image_release(image: *const c_void);
}

unsafe extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// `RTLD_LAZY`.
const LAZY: c_int = 1;

/// Returns the version of libde265, the decoder that libheif uses. Newer versions of
/// libheif load it as a plugin, so it is asked for by name.
pub(super) fn de265_version() -> Option<String> {
    // SAFETY: the strings end in zero; the library is the one that libheif loads; its
    // function takes nothing and returns a constant string.
    unsafe {
        let library = dlopen(c"libde265.so.0".as_ptr(), LAZY);
        if library.is_null() {
            return None;
        }
        let found = dlsym(library, c"de265_get_version".as_ptr());
        if found.is_null() {
            return None;
        }
        let version =
            std::mem::transmute::<*mut c_void, unsafe extern "C" fn() -> *const c_char>(found);
        Some(CStr::from_ptr(version()).to_string_lossy().into_owned())
    }
}

/// Stands in for libde265's function of this name, which libheif calls to get a
/// worker thread; without one, libde265 decodes in the calling thread. In a
/// process that may not start threads, the library's own function would wait for
/// ever for a thread, and elsewhere a thread costs 130 MB of address space.
#[unsafe(no_mangle)]
extern "C" fn de265_start_worker_threads(_: *mut c_void, _: c_int) -> c_int {
    #[cfg(test)]
    tests::STANDS_IN.store(true, std::sync::atomic::Ordering::Relaxed);
    DE265_OK
}

const DE265_OK: c_int = 0;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub(super) static STANDS_IN: AtomicBool = AtomicBool::new(false);

    #[test]
    fn no_worker_thread_is_started() {
        let heic = include_bytes!("../../../assets/turned.heic");
        assert!(super::super::pixels(heic, &crate::open::Limits::default()).is_ok());
        assert!(STANDS_IN.load(Ordering::Relaxed), "libheif found the library's own function");
    }
}
