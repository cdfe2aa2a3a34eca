//! The boxes of a file of the ISO base media format (ISO/IEC 14496-12).

/// One box.
pub(super) struct Part<'a> {
    pub(super) kind: [u8; 4],
    /// Its bytes, from the length on.
    pub(super) whole: &'a [u8],
    /// Its bytes after length and type.
    pub(super) body: &'a [u8],
}

impl<'a> Part<'a> {
    pub(super) fn is(&self, kind: &[u8; 4]) -> bool {
        self.kind == *kind
    }

    /// Returns the version of a full box and the bytes after version and flags.
    pub(super) fn version(&self) -> Option<(u8, &'a [u8])> {
        self.body.split_first_chunk().map(|([version, ..], rest): (&[u8; 4], _)| (*version, rest))
    }
}

/// Returns the boxes one after another, up to the first that is not complete.
pub(super) fn parts(bytes: &[u8]) -> impl Iterator<Item = Part<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk()?;
        let (kind, after) = after.split_first_chunk()?;
        let (head, length) = match u32::from_be_bytes(*length) {
            // to the end
            0 => (8, rest.len()),
            1 => (16, usize::try_from(u64::from_be_bytes(*after.first_chunk()?)).ok()?),
            length => (8, usize::try_from(length).ok()?),
        };
        let (whole, next) = rest.split_at_checked(length)?;
        let body = whole.get(head..)?;
        rest = next;
        Some(Part { kind: *kind, whole, body })
    })
}
