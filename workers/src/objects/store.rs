//! The operations that every kind of store has.

use std::io;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use pipeline::application::Object;

use super::config::Buckets;
use super::download::Download;
use super::error::{Cause, FetchError, StoreError};
use super::folder::Folder;
use super::location::{ListedObject, ObjectLocation};
use super::s3::S3;
use crate::object_keys;

/// One store: buckets with uploads that are read, and one bucket for results.
#[derive(Clone, Debug)]
pub(crate) enum Objects {
    /// A store that speaks S3.
    S3(S3),
    /// Files `root/bucket/key` on this machine.
    Folder(Folder),
}

/// A key that is never written.
pub(super) const ABSENT_KEY: &str = "tekseru-check/absent";

const CONCURRENT_DELETES: usize = 8;
const PAGE: usize = 1000;

impl Objects {
    /// Fetches an upload into an unlinked temporary file, and hashes it on the way.
    ///
    /// # Errors
    /// By what the caller does next; see [`FetchError`].
    pub(crate) async fn fetch(
        &self,
        object: &Object,
        max_bytes: u64,
    ) -> Result<Download, FetchError> {
        let location = self.upload_location(object)?;
        self.download(&location, object.version_id.as_deref(), max_bytes).await
    }

    /// Writes a result. The same key always has the same bytes, so the PUT is not conditional.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn put(
        &self,
        key: &str,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<(), StoreError> {
        self.write(&self.result_location(key)?, bytes, media_type).await
    }

    /// Returns a result, if it exists.
    ///
    /// # Errors
    /// When the store refuses or does not answer, or when it is larger than `max_bytes`.
    pub(crate) async fn get(
        &self,
        key: &str,
        max_bytes: u64,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let location = self.result_location(key)?;
        let file = match self.download(&location, None, max_bytes).await {
            Ok(Download::Complete(file)) => file,
            Ok(Download::TooLarge { bytes }) => {
                return Err(StoreError::TooLarge { location, bytes });
            }
            Err(FetchError::Missing(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let read = tokio::task::spawn_blocking(|| file.read()).await;
        read.map_err(io::Error::other).and_then(|read| read).map(Some).map_err(StoreError::Disk)
    }

    /// Deletes results one by one: `DeleteObjects` needs checksums that some
    /// stores refuse. An absent object counts as deleted. Every key is tried.
    ///
    /// # Errors
    /// The first failure.
    pub(crate) async fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        let locations =
            keys.iter().map(|key| self.result_location(key)).collect::<Result<Vec<_>, _>>()?;
        let deletions =
            locations.into_iter().map(|location| async move { self.remove(&location).await });
        let results: Vec<_> =
            stream::iter(deletions).buffer_unordered(CONCURRENT_DELETES).collect().await;
        results.into_iter().collect()
    }

    /// Deletes every result below a folder, with all versions that the bucket keeps.
    ///
    /// # Errors
    /// The first failure; what was deleted by then stays deleted.
    pub(crate) async fn erase(&self, folder: &str) -> Result<(), StoreError> {
        self.delete(&self.list(folder).await?).await?;
        match self {
            Self::S3(s3) => s3.delete_versions(folder).await,
            Self::Folder(_) => Ok(()),
        }
    }

    /// Returns the error for a caller whose own time limit ended.
    pub(crate) fn timeout_error(&self, key: &str) -> StoreError {
        let location = ObjectLocation::new(&self.buckets().results, key);
        StoreError::Unavailable { location, cause: Cause::TimedOut }
    }

    /// Lists the keys of all results that begin with `prefix`, in order.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        match self {
            Self::S3(s3) => s3.list(prefix).await,
            Self::Folder(folder) => folder.list(prefix).await,
        }
    }

    /// Lists at most a thousand results that begin with `prefix` and come after
    /// a key, in order. An empty page is the end.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn list_page(
        &self,
        prefix: &str,
        after: &str,
    ) -> Result<Vec<ListedObject>, StoreError> {
        let mut page = match self {
            Self::S3(s3) => s3.list_page(prefix, after).await?,
            Self::Folder(folder) => folder.list_objects(prefix).await?,
        };
        // S3 defines the order, but not every store keeps it
        page.retain(|object| object.key.as_str() > after);
        page.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        page.truncate(PAGE);
        Ok(page)
    }

    /// Writes an upload as a portal does; for `tekseru submit`.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn upload(
        &self,
        object: &Object,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<(), StoreError> {
        self.write(&self.upload_location(object)?, bytes, media_type).await
    }

    /// Checks that the store answers and that results can be read, with one cheap request.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) async fn check_ready(&self) -> Result<(), StoreError> {
        self.get(ABSENT_KEY, 1).await.map(drop)
    }

    /// Whether a bucket for uploads may be read; also when it does not answer.
    pub(crate) async fn can_read_uploads(&self, bucket: &str) -> bool {
        let absent = object_keys::object(bucket, ABSENT_KEY.to_owned());
        !matches!(self.fetch(&absent, 1).await, Err(FetchError::Refused { .. }))
    }

    pub(super) fn buckets(&self) -> &Buckets {
        match self {
            Self::S3(s3) => s3.buckets(),
            Self::Folder(folder) => folder.buckets(),
        }
    }

    fn upload_location(&self, object: &Object) -> Result<ObjectLocation, StoreError> {
        let location = ObjectLocation::new(&object.bucket, &object.key);
        if !self.buckets().uploads.contains(&object.bucket) {
            return Err(StoreError::Refused {
                location,
                code: "bucket is not among those for uploads".to_owned(),
            });
        }
        with_valid_key(location)
    }

    fn result_location(&self, key: &str) -> Result<ObjectLocation, StoreError> {
        with_valid_key(ObjectLocation::new(&self.buckets().results, key))
    }

    async fn download(
        &self,
        location: &ObjectLocation,
        version_id: Option<&str>,
        max_bytes: u64,
    ) -> Result<Download, FetchError> {
        match self {
            Self::S3(s3) => s3.download(location, version_id, max_bytes).await,
            Self::Folder(folder) => folder.download(location, max_bytes).await,
        }
    }

    async fn write(
        &self,
        location: &ObjectLocation,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<(), StoreError> {
        match self {
            Self::S3(s3) => s3.write(location, bytes, media_type).await,
            Self::Folder(folder) => folder.write(location, bytes).await,
        }
    }

    pub(super) async fn remove(&self, location: &ObjectLocation) -> Result<(), StoreError> {
        match self {
            Self::S3(s3) => s3.remove(location).await,
            Self::Folder(folder) => folder.remove(location).await,
        }
    }
}

fn with_valid_key(location: ObjectLocation) -> Result<ObjectLocation, StoreError> {
    if location.has_valid_key() { Ok(location) } else { Err(StoreError::invalid_key(location)) }
}
