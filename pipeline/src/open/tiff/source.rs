//! The bytes that libtiff reads, and what it says about them.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_int, c_void};

use super::ffi::vsnprintf;
use crate::reason::{Code, Reason};

/// A file in memory with a position, and notes of what went wrong while it was read.
///
/// The library holds a pointer to it; both sides change it through cells alone.
pub(super) struct Source<'a> {
    bytes: &'a [u8],
    position: Cell<u64>,
    /// Bytes that may still be read: directories and strips may share their bytes, so that
    /// a small file could take hours.
    budget: Cell<u64>,
    past_end: Cell<bool>,
    damaged: Cell<bool>,
    unsupported: Cell<bool>,
    /// Rows of a fax that were longer or shorter than they should be.
    bad_rows: Cell<u32>,
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let budget = (bytes.len() as u64).saturating_mul(8).saturating_add(16 << 20);
        Self {
            bytes,
            position: Cell::new(0),
            budget: Cell::new(budget),
            past_end: Cell::new(false),
            damaged: Cell::new(false),
            unsupported: Cell::new(false),
            bad_rows: Cell::new(0),
        }
    }

    pub(super) fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// Returns bytes of the file, or none where it has fewer.
    pub(super) fn at(&self, offset: u64, count: u64) -> &'a [u8] {
        let range = usize::try_from(offset).ok().zip(usize::try_from(count).ok());
        let rest = range.and_then(|(start, count)| self.bytes.get(start..)?.get(..count));
        rest.unwrap_or_default()
    }

    /// Forgets what was noted so far.
    pub(super) fn forget(&self) {
        self.past_end.set(false);
        self.damaged.set(false);
        self.unsupported.set(false);
        self.bad_rows.set(0);
    }

    /// Whether the library found damage that it may have filled with something. A fax of so
    /// many rows may have one in a hundred that a bad line garbled.
    pub(super) fn is_damaged(&self, rows: u32) -> bool {
        self.damaged.get() || self.bad_rows.get() > rows / 100
    }

    /// Returns the reason for a failure. `kind` is what the file would be refused as.
    pub(super) fn failure(&self, kind: impl FnOnce() -> Reason) -> Reason {
        if self.past_end.get() {
            Reason::new(Code::FileTruncated)
        } else if self.unsupported.get() {
            kind()
        } else {
            Reason::new(Code::FileCorrupt)
        }
    }

    fn take(&self, count: usize) -> &'a [u8] {
        let rest = usize::try_from(self.position.get()).ok();
        let rest = rest.and_then(|start| self.bytes.get(start..)).unwrap_or_default();
        if rest.len() < count {
            self.past_end.set(true);
        }
        let taken = &rest[..rest.len().min(count)];
        let Some(left) = self.budget.get().checked_sub(taken.len() as u64) else { return &[] };
        self.budget.set(left);
        self.position.set(self.position.get().saturating_add(taken.len() as u64));
        taken
    }

    fn note(&self, message: &str, is_error: bool) {
        if is_error {
            // said before the library reads on with fewer bytes
            let is_harmless = message.contains("Limiting to");
            self.damaged.set(self.damaged.get() || !is_harmless);
            let is_unsupported = ["upported", "different values per sample", "not configured"];
            if is_unsupported.iter().any(|words| message.contains(words)) {
                self.unsupported.set(true);
            }
        } else if FILLED.iter().any(|words| message.contains(words)) {
            self.damaged.set(true);
        } else if BAD_ROW.iter().any(|words| message.contains(words)) {
            self.bad_rows.set(self.bad_rows.get().saturating_add(1));
        }
    }
}

/// In warnings about a row of a fax, which the library cuts or fills.
const BAD_ROW: [&str; 2] = ["Line length mismatch", "Premature EOL"];

/// In warnings after which the library returns made-up pixels as if they had been there.
const FILLED: [&str; 5] = [
    "remature end of",
    "Only decoded",
    "instead of RST",
    "Improper JPEG",
    "Corrupt JPEG data: bad",
];

/// # Safety
/// `data` is a live `Source`.
unsafe fn source<'s>(data: *mut c_void) -> &'s Source<'s> {
    unsafe { &*data.cast::<Source<'_>>() }
}

pub(super) extern "C" fn read(data: *mut c_void, into: *mut c_void, count: isize) -> isize {
    // SAFETY: the library passes what it was opened with.
    let source = unsafe { source(data) };
    let taken = source.take(usize::try_from(count).unwrap_or(0));
    // SAFETY: the library passes a buffer of `count` bytes, and no more are taken.
    unsafe { std::ptr::copy_nonoverlapping(taken.as_ptr(), into.cast(), taken.len()) };
    taken.len().cast_signed()
}

pub(super) extern "C" fn write(_: *mut c_void, _: *mut c_void, _: isize) -> isize {
    0
}

pub(super) extern "C" fn seek(data: *mut c_void, offset: u64, from: c_int) -> u64 {
    // SAFETY: as above.
    let source = unsafe { source(data) };
    let start = match from {
        1 => source.position.get(),
        2 => source.length(),
        _ => 0,
    };
    source.position.set(start.wrapping_add(offset));
    source.position.get()
}

pub(super) extern "C" fn close(_: *mut c_void) -> c_int {
    0
}

pub(super) extern "C" fn size(data: *mut c_void) -> u64 {
    // SAFETY: as above.
    unsafe { source(data) }.length()
}

pub(super) extern "C" fn on_error(
    _: *mut c_void,
    data: *mut c_void,
    _: *const c_char,
    format: *const c_char,
    arguments: *mut c_void,
) -> c_int {
    note(data, format, arguments, true)
}

pub(super) extern "C" fn on_warning(
    _: *mut c_void,
    data: *mut c_void,
    _: *const c_char,
    format: *const c_char,
    arguments: *mut c_void,
) -> c_int {
    note(data, format, arguments, false)
}

/// Returns that the message needs no other handler.
fn note(data: *mut c_void, format: *const c_char, arguments: *mut c_void, is_error: bool) -> c_int {
    let mut text = [0u8; 256];
    // SAFETY: format and arguments belong together; at most 256 bytes with a zero at the end
    // are written.
    unsafe { vsnprintf(text.as_mut_ptr().cast(), text.len(), format, arguments) };
    let text = CStr::from_bytes_until_nul(&text).unwrap_or_default().to_string_lossy();
    // SAFETY: as above.
    unsafe { source(data) }.note(&text, is_error);
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_there_is_or_than_the_budget_allows() {
        let bytes = [7; 10];
        let source = Source::new(&bytes);
        assert_eq!((source.take(4).len(), source.take(4).len()), (4, 4));
        assert!(!source.past_end.get());
        assert_eq!(source.take(4).len(), 2);
        assert_eq!(source.failure(|| unreachable!()).code, Code::FileTruncated);
        source.forget();
        source.position.set(u64::MAX);
        assert_eq!(source.take(usize::MAX).len(), 0);
        source.position.set(0);
        source.budget.set(3);
        assert_eq!(source.take(4).len(), 0);
    }

    #[test]
    fn a_fax_may_have_one_bad_row_in_a_hundred() {
        let source = Source::new(&[]);
        source.note("Line length mismatch at line 3 of strip 0 (got 9, expected 8)", false);
        assert!(!source.is_damaged(100) && source.is_damaged(99));
    }

    #[test]
    fn made_up_pixels_are_damage_and_a_foreign_kind_is_none() {
        let noted = |message, is_error| {
            let source = Source::new(&[]);
            source.note(message, is_error);
            (source.damaged.get(), source.unsupported.get())
        };
        assert_eq!(noted("Corrupt JPEG data: premature end of data segment", false), (true, false));
        assert_eq!(
            noted("Corrupt JPEG data: 3 extraneous bytes before marker", false),
            (false, false)
        );
        assert_eq!(noted("Premature end of JPEG file", false), (true, false));
        assert_eq!(noted("Line length mismatch at line 3", false), (false, false));
        assert_eq!(noted("Bad code word at line 3", true), (true, false));
        assert_eq!(
            noted("Too large strip byte count 9, strip 0. Limiting to 4", true),
            (false, false)
        );
        assert_eq!(noted("Unsupported JPEG process: SOF type 0xc3", true), (true, true));
    }
}
