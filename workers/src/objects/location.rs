//! Where an object is: bucket and key.

use std::fmt;

use jiff::Timestamp;
use pipeline::application::{MAX_KEY, is_key};

/// Bucket and key of an object. Keys are logged; bodies never are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectLocation {
    /// Bucket name.
    pub(crate) bucket: String,
    /// Object key.
    pub(crate) key: String,
}

/// An object in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ListedObject {
    /// Object key.
    pub(crate) key: String,
    /// When it was last written.
    pub(crate) last_modified: Timestamp,
}

impl ObjectLocation {
    pub(super) fn new(bucket: &str, key: &str) -> Self {
        Self { bucket: bucket.to_owned(), key: key.to_owned() }
    }

    /// Whether no store can take the key for that of another object.
    pub(super) fn has_valid_key(&self) -> bool {
        is_key(&self.key)
    }
}

impl fmt::Display for ObjectLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // an invalid key comes from outside: no line breaks, limited length
        let key: String = self.key.chars().take(MAX_KEY).flat_map(char::escape_debug).collect();
        write!(f, "{}/{key}", self.bucket.escape_debug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_other_objects_are_refused() {
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
    fn a_location_prints_on_one_line() {
        assert_eq!(ObjectLocation::new("b", "a\n\u{1b}[2J").to_string(), r"b/a\n\u{1b}[2J");
    }
}
