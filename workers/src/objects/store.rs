//! The operations that every kind of store has.

use std::io;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use pipeline::application::Object;

use super::buckets::Buckets;
use super::download::Download;
use super::error::{Cause, FetchError, StoreError};
use super::folder::Folder;
use super::location::{ListedObject, ObjectLocation};
use super::s3::S3;
use crate::portal::Portal;

/// One store: buckets of uploads that are read, and buckets of results.
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
    /// Fetches an upload of a portal into an unlinked temporary file, and hashes it on the way.
    ///
    /// # Errors
    /// By what the caller does next; see [`FetchError`].
    pub(crate) async fn fetch(
        &self,
        portal: &Portal,
        object: &Object,
        max_bytes: u64,
    ) -> Result<Download, FetchError> {
        let location = self.upload_location(portal, object)?;
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
            Self::S3(s3) => s3.delete_versions(&self.buckets().result(folder)).await,
            Self::Folder(_) => Ok(()),
        }
    }

    /// Returns the error for a caller whose own time limit ended.
    pub(crate) fn timeout_error(&self, key: &str) -> StoreError {
        let location = self.buckets().result(key);
        StoreError::Unavailable { location, cause: Cause::TimedOut }
    }

    /// Lists the keys of all results that begin with `prefix`, in order.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let location = self.buckets().result(prefix);
        let keys = match self {
            Self::S3(s3) => s3.list(&location).await?,
            Self::Folder(folder) => {
                let objects = folder.list_objects(&location).await?;
                objects.into_iter().map(|object| object.key).collect()
            }
        };
        Ok(keys.into_iter().map(|key| renamed(key, &location, prefix)).collect())
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
        let location = self.buckets().result(prefix);
        let start = after.strip_prefix(prefix).map(|rest| format!("{}{rest}", location.key));
        let mut page = match self {
            Self::S3(s3) => s3.list_page(&location, &start.unwrap_or_default()).await?,
            Self::Folder(folder) => folder.list_objects(&location).await?,
        };
        for object in &mut page {
            object.key = renamed(std::mem::take(&mut object.key), &location, prefix);
        }
        // S3 defines the order, but not every store keeps it
        page.retain(|object| object.key.as_str() > after);
        page.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        page.truncate(PAGE);
        Ok(page)
    }

    /// Writes an upload as its portal does; for `tekseru submit`.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    pub(crate) async fn upload(
        &self,
        portal: &Portal,
        object: &Object,
        bytes: Bytes,
        media_type: &str,
    ) -> Result<(), StoreError> {
        self.write(&self.upload_location(portal, object)?, bytes, media_type).await
    }

    /// Checks that the store answers and that results can be read, with one cheap request.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) async fn check_ready(&self) -> Result<(), StoreError> {
        self.get(ABSENT_KEY, 1).await.map(drop)
    }

    /// Whether a bucket of uploads may be read; also when the store does not answer.
    pub(crate) async fn can_read(&self, bucket: &str) -> bool {
        let absent = ObjectLocation::new(bucket, ABSENT_KEY);
        !matches!(self.download(&absent, None, 1).await, Err(FetchError::Refused { .. }))
    }

    /// Returns the object of a key in a portal's bucket of uploads.
    pub(crate) fn upload_object(&self, portal: &Portal, key: &str) -> Object {
        let bucket = self.buckets().uploads.of(portal);
        Object { bucket, key: key.to_owned(), version_id: None }
    }

    /// Returns the buckets.
    pub(crate) fn buckets(&self) -> &Buckets {
        match self {
            Self::S3(s3) => s3.buckets(),
            Self::Folder(folder) => folder.buckets(),
        }
    }

    /// A portal cannot have us read what it may not read itself.
    fn upload_location(
        &self,
        portal: &Portal,
        object: &Object,
    ) -> Result<ObjectLocation, StoreError> {
        let location = ObjectLocation::new(&object.bucket, &object.key);
        if self.buckets().uploads.of(portal) != object.bucket {
            let code = "not the bucket of this portal's uploads".to_owned();
            return Err(StoreError::Refused { location, code });
        }
        with_valid_key(location)
    }

    fn result_location(&self, key: &str) -> Result<ObjectLocation, StoreError> {
        with_valid_key(self.buckets().result(key))
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

/// Returns the key of a result that was found at a location of which `prefix` is the key.
fn renamed(found: String, location: &ObjectLocation, prefix: &str) -> String {
    match found.strip_prefix(&location.key) {
        Some(rest) => format!("{prefix}{rest}"),
        None => found,
    }
}

fn with_valid_key(location: ObjectLocation) -> Result<ObjectLocation, StoreError> {
    if location.has_valid_key() { Ok(location) } else { Err(StoreError::invalid_key(location)) }
}
