//! The source of examining processes.

use std::ffi::OsString;

use super::zygote_handle::ZygoteHandle;

/// The source of examining processes.
pub(super) enum ChildSource {
    /// Forks of the zygote.
    Zygote(ZygoteHandle),
    /// A program that plays a child.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests play children that fail"))]
    Program(Program),
}

/// A program that plays a child.
pub(super) struct Program {
    pub(super) path: OsString,
    pub(super) arguments: Vec<OsString>,
}
