//! Bucket and key, and which keys are taken at all.

use std::fmt;

use pipeline::application::{MAX_KEY, is_key};

use super::StoreError;

/// Where an object lies. Keys are logged; bodies never are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Bucket name.
    pub(crate) bucket: String,
    /// Object key.
    pub(crate) key: String,
}

impl Place {
    pub(super) fn new(bucket: &str, key: &str) -> Self {
        Self { bucket: bucket.to_owned(), key: key.to_owned() }
    }

    /// Itself, if no store can take its key for another place.
    pub(super) fn usable(self) -> Result<Self, StoreError> {
        if is_key(&self.key) { Ok(self) } else { Err(self.refused()) }
    }

    /// The error for a key that the store cannot hold.
    pub(super) fn refused(self) -> StoreError {
        StoreError::Refused { place: self, code: "key cannot be used".to_owned() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // an unusable key comes from outside: no line breaks, no endless lines
        let key: String = self.key.chars().take(MAX_KEY).flat_map(char::escape_debug).collect();
        write!(f, "{}/{key}", self.bucket.escape_debug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_lead_elsewhere_are_not_taken() {
        for key in
            ["a", "a/b.pdf", "фото.jpg", "a b+c%2F", "..a", "a..", "a/...", "/a", "a//b", "a/"]
        {
            assert!(is_key(key), "{key}");
        }
        for key in
            ["", ".", "..", "../a", "a/..", "a/../b", "./a", "a/./b", "a\0b", "a\nb", "a\u{85}"]
        {
            assert!(!is_key(key), "{key:?}");
        }
        assert!(is_key(&"k".repeat(1024)));
        assert!(!is_key(&"k".repeat(1025)));
    }

    #[test]
    fn a_place_prints_on_one_line() {
        assert_eq!(Place::new("b", "a\n\u{1b}[2J").to_string(), r"b/a\n\u{1b}[2J");
    }
}
