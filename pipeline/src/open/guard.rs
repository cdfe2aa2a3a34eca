//! The one gate through which third-party decoders are called.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::reason::{Code, Reason};

/// Runs a decoder; a panic inside means that the file is corrupt.
///
/// Asserting unwind safety is sound here: what `decode` borrows is the untrusted
/// bytes, which nobody changes, and what it builds is lost with the panic.
/// Neither a stack overflow nor a failed allocation comes back from here; they
/// end the examining process, and its parent says so.
pub(super) fn guarded<T>(decode: impl FnOnce() -> Result<T, Reason>) -> Result<T, Reason> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| Err(Reason::new(Code::FileCorrupt)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_corrupt_file() {
        let result = guarded::<()>(|| panic!("a decoder met what it did not expect"));
        assert_eq!(result.unwrap_err().code, Code::FileCorrupt);
    }
}
