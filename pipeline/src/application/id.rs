//! Ids of applications and documents.

use super::fault::Fault;

const ID_RULE: &str = "1 to 64 of A-Z a-z 0-9 . _ - and no leading dot";

/// Returns whether the text is an id. Ids become file names, object keys and
/// routing keys, so their alphabet is small.
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && !text.starts_with('.')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// Returns a fault if the text is not an id.
pub(crate) fn id_fault(id: &str, pointer: &str) -> Option<Fault> {
    (!is_id(id)).then(|| Fault::new(pointer, ID_RULE))
}
