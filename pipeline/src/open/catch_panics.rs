//! Calls third-party decoders and catches their panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::reason::{Code, Reason};

/// Runs a decoder; a panic inside means that the file is corrupt.
///
/// Asserting unwind safety is sound here: `decode` borrows the untrusted bytes,
/// which are never changed, and its results are lost with the panic. A stack
/// overflow or a failed allocation is not caught; it ends the examining process,
/// and its parent reports it.
pub(super) fn catch_panics<T>(decode: impl FnOnce() -> Result<T, Reason>) -> Result<T, Reason> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(Reason::new(Code::FileCorrupt)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_corrupt_file() {
        let result = catch_panics::<()>(|| panic!("a decoder met what it did not expect"));
        assert_eq!(result.unwrap_err().code, Code::FileCorrupt);
    }
}
