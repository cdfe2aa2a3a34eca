//! The limits on an examining process.

/// The time and memory that one child may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ChildLimits {
    /// Seconds of wall-clock time, and of processor time.
    pub(crate) seconds: u32,
    /// Address space in MiB, in addition to what the zygote has.
    pub(crate) memory_mib: u32,
}

impl Default for ChildLimits {
    /// A minute and 512 MiB: a picture of 50 megapixels takes 143 MiB decoded.
    fn default() -> Self {
        Self { seconds: 60, memory_mib: 512 }
    }
}
