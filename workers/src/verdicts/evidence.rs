//! Evidence in the store; and what was written a moment ago and is asked for at
//! once: the page of a verdict holds the pictures of the document that was just
//! examined.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use pipeline::examination::EvidencePicture;

use crate::object_keys::{self, ExaminationKey};
use crate::objects::{Objects, StoreError};

/// Longest picture that is read back.
const LONGEST: u64 = 1 << 20;

/// Writes the pictures of an examination.
///
/// # Errors
/// When the store refuses or does not answer.
pub(crate) async fn store(
    objects: &Objects,
    key: &ExaminationKey,
    pictures: &[EvidencePicture],
) -> Result<(), StoreError> {
    for picture in pictures {
        let place = object_keys::evidence(key, &picture.evidence);
        let bytes = Bytes::from(picture.bytes.clone());
        objects.put(&place, bytes, &picture.evidence.media_type).await?;
    }
    Ok(())
}

/// The picture at a place, if it is there.
///
/// # Errors
/// When the store refuses or does not answer, or it is longer than ours are.
pub(crate) async fn read(objects: &Objects, place: &str) -> Result<Option<Vec<u8>>, StoreError> {
    objects.get(place, LONGEST).await
}

/// What is kept of the last pictures; beyond it the oldest go.
const MOST: usize = 4 << 20;

/// The last pictures by their keys, in memory alone.
#[derive(Default)]
pub(crate) struct Pictures(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_key: BTreeMap<String, Vec<u8>>,
    oldest_first: VecDeque<String>,
    bytes: usize,
}

impl Pictures {
    /// A picture, where it is still there.
    pub(crate) fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.kept().by_key.get(key).cloned()
    }

    /// Keeps a picture for a while.
    pub(crate) fn put(&self, key: &str, bytes: &[u8]) {
        let mut kept = self.kept();
        if bytes.len() > MOST || kept.by_key.contains_key(key) {
            return;
        }
        kept.bytes += bytes.len();
        kept.by_key.insert(key.to_owned(), bytes.to_vec());
        kept.oldest_first.push_back(key.to_owned());
        while kept.bytes > MOST {
            let Some(oldest) = kept.oldest_first.pop_front() else { break };
            let gone = kept.by_key.remove(&oldest).map_or(0, |bytes| bytes.len());
            kept.bytes -= gone;
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first_and_what_is_too_large_is_not_kept() {
        let pictures = Pictures::default();
        for key in ["a", "b", "c", "d"] {
            pictures.put(key, &vec![0; MOST / 3]);
        }
        assert_eq!(pictures.get("a"), None);
        assert!(["b", "c", "d"].iter().all(|key| pictures.get(key).is_some()));
        pictures.put("large", &vec![0; MOST + 1]);
        assert_eq!(pictures.get("large"), None);
        pictures.put("b", &[1]);
        assert_eq!(
            pictures.get("b").map(|bytes| bytes.len()),
            Some(MOST / 3),
            "a key has one body"
        );
    }
}
