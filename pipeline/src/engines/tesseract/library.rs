//! The used part of `tesseract/capi.h`, loaded from the shared library on first use.

use std::ffi::{CStr, OsStr, c_char, c_float, c_int, c_uchar, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::ptr::null;
use std::sync::OnceLock;

/// `libtesseract.so.5`: Debian 12 ships 5.3.0, Debian 13 5.5.0.
const FILE: &CStr = c"libtesseract.so.5";
/// `RTLD_LAZY`: functions are resolved when they are called.
const LAZY: c_int = 1;

unsafe extern "C" {
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

type Handle = *mut c_void;

macro_rules! functions {
    ($($field:ident $name:literal fn($($argument:ty),*) $(-> $result:ty)?;)+) => {
        /// Functions of the library, which stays loaded.
        pub(super) struct Library {
            $(pub(super) $field: unsafe extern "C" fn($($argument),*) $(-> $result)?,)+
        }

        impl Library {
            fn load() -> Option<Self> {
                // SAFETY: both strings end in zero; the library's own start-up
                // code is trusted as that of every library on the machine.
                let library = unsafe { dlopen(FILE.as_ptr(), LAZY) };
                if library.is_null() {
                    return None;
                }
                $(
                    let found = unsafe { dlsym(library, $name.as_ptr()) };
                    if found.is_null() {
                        return None;
                    }
                    // SAFETY: the symbol is that function, declared as in capi.h.
                    let $field = unsafe {
                        std::mem::transmute::<
                            *mut c_void,
                            unsafe extern "C" fn($($argument),*) $(-> $result)?,
                        >(found)
                    };
                )+
                Some(Self { $($field),+ })
            }
        }
    };
}

functions! {
    version c"TessVersion" fn() -> *const c_char;
    create c"TessBaseAPICreate" fn() -> Handle;
    delete c"TessBaseAPIDelete" fn(Handle);
    set_variable c"TessBaseAPISetVariable" fn(Handle, *const c_char, *const c_char) -> c_int;
    init c"TessBaseAPIInit4" fn(
        Handle, *const c_char, *const c_char, c_int,
        *const *const c_char, c_int,
        *const *const c_char, *const *const c_char, usize, c_int
    ) -> c_int;
    data_path c"TessBaseAPIGetDatapath" fn(Handle) -> *const c_char;
    set_mode c"TessBaseAPISetPageSegMode" fn(Handle, c_int);
    set_image c"TessBaseAPISetImage" fn(Handle, *const c_uchar, c_int, c_int, c_int, c_int);
    set_resolution c"TessBaseAPISetSourceResolution" fn(Handle, c_int);
    recognize c"TessBaseAPIRecognize" fn(Handle, *const c_void) -> c_int;
    iterator c"TessBaseAPIGetIterator" fn(Handle) -> Handle;
    clear c"TessBaseAPIClear" fn(Handle);
    next c"TessResultIteratorNext" fn(Handle, c_int) -> c_int;
    text c"TessResultIteratorGetUTF8Text" fn(Handle, c_int) -> *mut c_char;
    confidence c"TessResultIteratorConfidence" fn(Handle, c_int) -> c_float;
    page_iterator c"TessResultIteratorGetPageIteratorConst" fn(Handle) -> Handle;
    is_start c"TessPageIteratorIsAtBeginningOf" fn(Handle, c_int) -> c_int;
    delete_iterator c"TessResultIteratorDelete" fn(Handle);
    delete_text c"TessDeleteText" fn(*const c_char);
    // of libgomp, which comes with the library
    set_levels c"omp_set_max_active_levels" fn(c_int);
}

/// `OEM_LSTM_ONLY`.
pub(super) const LSTM_ONLY: c_int = 1;
/// `RIL_WORD` and `RIL_SYMBOL`.
pub(super) const WORD: c_int = 3;
pub(super) const SYMBOL: c_int = 4;

impl Library {
    /// Returns the library, if this machine has it; searched once.
    pub(super) fn get() -> Option<&'static Self> {
        static LIBRARY: OnceLock<Option<Library>> = OnceLock::new();
        LIBRARY.get_or_init(Self::load).as_ref()
    }

    /// Restricts recognition to the calling thread. The library asks OpenMP for four
    /// threads by number, which only `OMP_THREAD_LIMIT` in the environment that
    /// the process started with, or zero active levels, can prevent.
    pub(super) fn stay_in_one_thread(&self) {
        // SAFETY: takes a number.
        unsafe { (self.set_levels)(0) }
    }

    /// Returns the library's version.
    pub(super) fn version(&self) -> String {
        // SAFETY: a constant string that the library owns.
        let version = unsafe { CStr::from_ptr((self.version)()) };
        version.to_string_lossy().into_owned()
    }

    /// Returns the folder that a started instance has its language data from.
    pub(super) fn data_folder(&self, handle: Handle) -> PathBuf {
        // SAFETY: the handle is live; the string is the instance's own and copied here.
        let path = unsafe { CStr::from_ptr((self.data_path)(handle)) };
        PathBuf::from(OsStr::from_bytes(path.to_bytes()))
    }

    /// Returns a new instance with these settings, or null.
    pub(super) fn start(&self, language: &CStr, settings: &[(&CStr, &CStr)]) -> Handle {
        let names: Vec<*const c_char> = settings.iter().map(|(name, _)| name.as_ptr()).collect();
        let values: Vec<*const c_char> = settings.iter().map(|(_, value)| value.as_ptr()).collect();
        // SAFETY: every string ends in zero and outlives the call; a null data
        // path means the folder that the library was built with.
        unsafe {
            let handle = (self.create)();
            if handle.is_null() {
                return handle;
            }
            for (name, value) in settings {
                // before the start, so that the start prints nothing either
                (self.set_variable)(handle, name.as_ptr(), value.as_ptr());
            }
            let failed = (self.init)(
                handle,
                null(),
                language.as_ptr(),
                LSTM_ONLY,
                null(),
                0,
                names.as_ptr(),
                values.as_ptr(),
                names.len(),
                0,
            );
            if failed != 0 {
                (self.delete)(handle);
                return std::ptr::null_mut();
            }
            handle
        }
    }
}
