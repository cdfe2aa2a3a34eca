//! Where uploads are fetched from and results are put: S3-compatible stores, or a folder.
//!
//! Nothing here relies on conditional writes: several stores ignore them without
//! a word. Result keys and bodies are deterministic, so writing twice is harmless.

mod check;
mod config;
mod errors;
mod folder;
mod place;
mod s3;
mod temporary;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use pipeline::application::Object;

pub(crate) use check::{Checked, Finding};
pub(crate) use config::{Buckets, Checksums, FolderConfig, Limits, Problems, S3Config};
pub(crate) use errors::{FetchError, StoreError, Trouble};
pub(crate) use folder::Folder;
pub(crate) use place::Place;
pub(crate) use s3::S3;

/// One store: buckets with uploads that are read, and one bucket for results.
#[derive(Clone, Debug)]
pub(crate) enum Objects {
    /// Any store that speaks S3.
    S3(S3),
    /// `root/bucket/key` on this machine.
    Folder(Folder),
}

/// What became of fetching an upload.
#[derive(Debug)]
pub(crate) enum Fetch {
    /// All of it.
    Whole(Fetched),
    /// More than the limit: never downloaded whole.
    TooLarge {
        /// Its length, or how much of it had come when it was given up.
        bytes: u64,
    },
}

/// An upload in an unlinked temporary file; gone when dropped.
pub(crate) struct Fetched {
    /// Its length.
    pub(crate) bytes: u64,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub(crate) sha256: String,
    /// The store's mark of these bytes, quotes included, where it gives one.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests see by it what was fetched"))]
    pub(crate) etag: Option<String>,
    /// The version that was read, where the bucket keeps versions.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests see by it what was fetched"))]
    pub(crate) version_id: Option<String>,
    file: File,
}

impl Fetched {
    /// The bytes. Blocks on the disk.
    ///
    /// # Errors
    /// When the disk fails, or gives another number of bytes than were written.
    pub(crate) fn read(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.bytes).unwrap_or(0));
        self.file.read_to_end(&mut bytes)?;
        if bytes.len() as u64 == self.bytes {
            Ok(bytes)
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fetched({} bytes, sha256 {})", self.bytes, self.sha256)
    }
}

/// A result that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) key: String,
    /// When it was written last.
    pub(crate) changed: Timestamp,
}

const DELETES_AT_ONCE: usize = 8;
const PAGE: usize = 1000;

impl Objects {
    /// An upload, hashed while it is written to a capped, unlinked temporary file.
    ///
    /// # Errors
    /// Split by what the caller does next; see [`FetchError`].
    pub(crate) async fn fetch(
        &self,
        object: &Object,
        most_bytes: u64,
    ) -> Result<Fetch, FetchError> {
        let place = self.upload_place(object).map_err(FetchError::from)?;
        self.download(&place, object.version_id.as_deref(), most_bytes).await
    }

    /// Writes a result; overwriting with the same bytes is harmless, so no conditional PUT is relied on.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn put(
        &self,
        key: &str,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<(), StoreError> {
        self.write(&self.result_place(key)?, bytes, media_type).await
    }

    /// A result, if it is there.
    ///
    /// # Errors
    /// When the store refuses or does not answer, or when it is larger than `most_bytes`.
    pub(crate) async fn get(
        &self,
        key: &str,
        most_bytes: u64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let place = self.result_place(key)?;
        let fetched = match self.download(&place, None, most_bytes).await {
            Ok(Fetch::Whole(fetched)) => fetched,
            Ok(Fetch::TooLarge { bytes }) => return Err(StoreError::TooLarge { place, bytes }),
            Err(FetchError::Missing(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let read = tokio::task::spawn_blocking(|| fetched.read()).await;
        read.map_err(io::Error::other).and_then(|read| read).map(Some).map_err(StoreError::Disk)
    }

    /// Removes results, one by one: `DeleteObjects` needs checksums that some
    /// stores refuse. What is not there is removed already. Every key is tried.
    ///
    /// # Errors
    /// The first failure.
    pub(crate) async fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        let places =
            keys.iter().map(|key| self.result_place(key)).collect::<Result<Vec<_>, _>>()?;
        let removals = places.into_iter().map(|place| async move { self.remove(&place).await });
        let ends: Vec<_> = stream::iter(removals).buffer_unordered(DELETES_AT_ONCE).collect().await;
        ends.into_iter().collect()
    }

    /// The error of a caller that gave up waiting.
    pub(crate) fn too_slow(&self, key: &str) -> StoreError {
        let place = Place::new(&self.buckets().results, key);
        StoreError::Unavailable { place, trouble: Trouble::TimedOut }
    }

    /// Keys of results that begin with `prefix`, in order.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        match self {
            Self::S3(s3) => s3.list(prefix).await,
            Self::Folder(folder) => folder.list(prefix).await,
        }
    }

    /// Results that begin with `prefix` and come after a key, in order: a
    /// thousand or so, and none at the end.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn page(&self, prefix: &str, after: &str) -> Result<Vec<Found>, StoreError> {
        let mut page = match self {
            Self::S3(s3) => s3.page(prefix, after).await?,
            Self::Folder(folder) => folder.page(prefix).await?,
        };
        // stores promise an order, and some keep no promise
        page.retain(|found| found.key.as_str() > after);
        page.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        page.truncate(PAGE);
        Ok(page)
    }

    /// Puts an upload where a portal would; for `tekseru submit`.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn upload(
        &self,
        object: &Object,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<(), StoreError> {
        self.write(&self.upload_place(object)?, bytes, media_type).await
    }

    /// Whether the store answers and lets results be read: cheap enough for readiness.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) async fn ready(&self) -> Result<(), StoreError> {
        self.get(check::ABSENT, 1).await.map(drop)
    }

    /// Tries what a worker needs, and what it should not be allowed; for `tekseru doctor`.
    pub(crate) async fn check(&self) -> Vec<Checked> {
        check::store(self).await
    }

    fn buckets(&self) -> &Buckets {
        match self {
            Self::S3(s3) => s3.buckets(),
            Self::Folder(folder) => folder.buckets(),
        }
    }

    fn upload_place(&self, object: &Object) -> Result<Place, StoreError> {
        let place = Place::new(&object.bucket, &object.key);
        if !self.buckets().uploads.contains(&object.bucket) {
            return Err(StoreError::Refused {
                place,
                code: "bucket is not among those for uploads".to_owned(),
            });
        }
        place.usable()
    }

    fn result_place(&self, key: &str) -> Result<Place, StoreError> {
        Place::new(&self.buckets().results, key).usable()
    }

    async fn download(
        &self,
        place: &Place,
        version: Option<&str>,
        most: u64,
    ) -> Result<Fetch, FetchError> {
        match self {
            Self::S3(s3) => s3.download(place, version, most).await,
            Self::Folder(folder) => folder.download(place, most).await,
        }
    }

    async fn write(&self, place: &Place, bytes: Bytes, media_type: &str) -> Result<(), StoreError> {
        match self {
            Self::S3(s3) => s3.write(place, bytes, media_type).await,
            Self::Folder(folder) => folder.write(place, bytes).await,
        }
    }

    async fn remove(&self, place: &Place) -> Result<(), StoreError> {
        match self {
            Self::S3(s3) => s3.remove(place).await,
            Self::Folder(folder) => folder.remove(place).await,
        }
    }
}
