//! Objects in an S3-compatible store, and which keys are safe.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An object in an S3-compatible store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Object {
    /// Bucket name.
    pub bucket: String,
    /// Object key.
    pub key: String,
    /// The uploaded version, if the bucket is versioned.
    #[serde(default)]
    pub version_id: Option<String>,
}

/// The longest key that S3 allows, in bytes.
pub const MAX_KEY: usize = 1024;
pub(super) const KEY_RULE: &str = "1 to 1024 bytes, no control characters, no segment `.` or `..`";

/// Returns whether a key names the same object everywhere. Proxies and some
/// stores normalise dot segments, so that the key could then name another
/// bucket; control characters do not survive a listing.
#[must_use]
pub fn is_key(key: &str) -> bool {
    (1..=MAX_KEY).contains(&key.len())
        && !key.chars().any(char::is_control)
        && !key.split('/').any(|segment| matches!(segment, "." | ".."))
}
