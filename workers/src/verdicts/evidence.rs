//! Evidence pictures in the object store, and a small cache of those that this
//! process stored last: the report of a verdict shows the pictures of the
//! document that was just examined.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use pipeline::examination::EvidencePicture;

use crate::object_keys::{self, ExaminationKey};
use crate::objects::{Objects, StoreError};

/// Largest picture that is read back, in bytes.
const MAX_PICTURE: u64 = 1 << 20;
/// Capacity of the cache, in bytes; beyond it the oldest pictures are dropped.
const CACHE_BYTES: usize = 4 << 20;

/// Stores the pictures of an examination.
///
/// # Errors
/// When the store refuses or does not answer.
pub(crate) async fn store_evidence(
    objects: &Objects,
    key: &ExaminationKey,
    pictures: &[EvidencePicture],
) -> Result<(), StoreError> {
    for picture in pictures {
        let object_key = object_keys::evidence(key, &picture.evidence);
        let bytes = Bytes::from(picture.bytes.clone());
        objects.put(&object_key, bytes, &picture.evidence.media_type).await?;
    }
    Ok(())
}

/// Reads the picture under a key, if there is one.
///
/// # Errors
/// When the store refuses or does not answer, or the object is larger than our pictures.
pub(crate) async fn read_evidence(
    objects: &Objects,
    object_key: &str,
) -> Result<Option<Vec<u8>>, StoreError> {
    objects.get(object_key, MAX_PICTURE).await
}

/// The pictures that were stored last, by object key, in memory.
#[derive(Default)]
pub(crate) struct EvidenceCache(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    by_key: BTreeMap<String, Vec<u8>>,
    oldest_first: VecDeque<String>,
    bytes: usize,
}

impl EvidenceCache {
    /// Returns a picture, if it is cached.
    pub(crate) fn get(&self, object_key: &str) -> Option<Vec<u8>> {
        self.entries().by_key.get(object_key).cloned()
    }

    /// Caches a picture; a key that is cached keeps its bytes.
    pub(crate) fn put(&self, object_key: &str, bytes: &[u8]) {
        let mut entries = self.entries();
        if bytes.len() > CACHE_BYTES || entries.by_key.contains_key(object_key) {
            return;
        }
        entries.bytes += bytes.len();
        entries.by_key.insert(object_key.to_owned(), bytes.to_vec());
        entries.oldest_first.push_back(object_key.to_owned());
        while entries.bytes > CACHE_BYTES {
            let Some(oldest) = entries.oldest_first.pop_front() else { break };
            let dropped = entries.by_key.remove(&oldest).map_or(0, |bytes| bytes.len());
            entries.bytes -= dropped;
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_dropped_first_and_a_large_picture_is_not_cached() {
        let cache = EvidenceCache::default();
        for key in ["a", "b", "c", "d"] {
            cache.put(key, &vec![0; CACHE_BYTES / 3]);
        }
        assert_eq!(cache.get("a"), None);
        assert!(["b", "c", "d"].iter().all(|key| cache.get(key).is_some()));
        cache.put("large", &vec![0; CACHE_BYTES + 1]);
        assert_eq!(cache.get("large"), None);
        cache.put("b", &[1]);
        assert_eq!(
            cache.get("b").map(|bytes| bytes.len()),
            Some(CACHE_BYTES / 3),
            "a cached key keeps its bytes"
        );
    }
}
