//! Parts of lists.

/// A part of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// Most rows.
    pub(crate) limit: u32,
    /// Rows before the first.
    pub(crate) offset: u32,
}

impl Page {
    /// The first rows.
    pub(crate) fn first(limit: u32) -> Self {
        Self { limit, offset: 0 }
    }
}
