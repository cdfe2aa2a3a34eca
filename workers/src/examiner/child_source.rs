//! The source of examining processes.

use std::ffi::OsString;

use super::error::ExaminerError;
use super::zygote_handle::ZygoteHandle;

/// The source of examining processes.
pub(super) enum ChildSource {
    /// Forks of the zygote.
    Zygote(ZygoteHandle),
    /// A program that plays a child.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests play children that fail"))]
    Program(Program),
}

impl ChildSource {
    /// Returns the name of the pipeline's examiner in the children; starts the zygote if
    /// it does not run.
    pub(super) fn examiner(&self) -> Result<String, ExaminerError> {
        match self {
            Self::Zygote(zygote) => zygote.examiner(),
            Self::Program(_) => Ok(pipeline::examiner::name().to_owned()),
        }
    }
}

/// A program that plays a child.
pub(super) struct Program {
    pub(super) path: OsString,
    pub(super) arguments: Vec<OsString>,
}
