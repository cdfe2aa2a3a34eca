//! A store of files `root/bucket/key` on one machine: for trials, and for portals without an object store.
//!
//! A key is opened segment by segment and no link is followed, so no key leads
//! out of its bucket. A file is written elsewhere and renamed: readers see the
//! whole result or nothing. There are no versions or ETags: an open file does not change.

mod directory;

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncReadExt;
use tokio::task::spawn_blocking;

use super::buckets::Buckets;
use super::config::{FolderConfig, StoreConfigError};
use super::download::Download;
use super::error::{Cause, FetchError, StoreError};
use super::location::{ListedObject, ObjectLocation};
use super::temporary_file::{TemporaryFile, Written};
use directory::BucketDirectory;

/// The store; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Folder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    buckets: Buckets,
    temporary_folder: PathBuf,
}

const CHUNK: usize = 64 << 10;

/// Prefix of the name of a file while it is written.
const UNFINISHED: &str = ".writing-";
/// Longer than any write takes.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);

/// Removes files of processes that were killed while writing. No listing shows
/// them, so nothing else removes them.
fn remove_unfinished(root: &Path) {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    for entry in entries {
        let is_ours = entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes());
        let written = entry.metadata().and_then(|metadata| metadata.modified());
        let is_old = written.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > ABANDONED_AFTER));
        if is_ours && is_old && fs::remove_file(entry.path()).is_err() {
            tracing::warn!("Cannot remove an unfinished file from the store");
        }
    }
}

impl Folder {
    /// Opens an existing folder. An absent one is an error: a missing mount must not become
    /// an empty store. Buckets of portals are created when they are used.
    ///
    /// # Errors
    /// All problems of the configuration.
    pub(crate) fn open(config: FolderConfig) -> Result<Self, StoreConfigError> {
        let FolderConfig { root, buckets, temporary_folder } = config;
        let mut problems = buckets.problems();
        if !root.is_dir() {
            problems.push(format!("`{}` is not a folder", root.display()));
        }
        if !problems.is_empty() {
            return Err(StoreConfigError(problems));
        }
        remove_unfinished(&root);
        directory::create_bucket(&root, &buckets.evidence).map_err(|error| {
            let bucket = &buckets.evidence;
            StoreConfigError(vec![format!("bucket `{bucket}` cannot be created: {error}")])
        })?;
        Ok(Self(Arc::new(Inner { root, buckets, temporary_folder })))
    }

    pub(super) fn buckets(&self) -> &Buckets {
        &self.0.buckets
    }

    pub(super) async fn download(
        &self,
        location: &ObjectLocation,
        max_bytes: u64,
    ) -> Result<Download, FetchError> {
        let file = self.on_path(location, |directory, path| directory.read(path)).await?;
        let Some(file) = file else { return Err(FetchError::Missing(location.clone())) };
        let length = file.metadata().map_err(|error| store_error(location, &error))?.len();
        if length > max_bytes {
            return Ok(Download::TooLarge { bytes: length });
        }
        let mut temporary =
            TemporaryFile::create(&self.0.temporary_folder, max_bytes).map_err(FetchError::Disk)?;
        let mut file = tokio::fs::File::from_std(file);
        let mut chunk = vec![0; CHUNK];
        loop {
            let read =
                file.read(&mut chunk).await.map_err(|error| store_error(location, &error))?;
            if read == 0 {
                return temporary
                    .finish(None, None)
                    .await
                    .map(Download::Complete)
                    .map_err(FetchError::Disk);
            }
            if let Written::TooLarge { bytes } =
                temporary.write(&chunk[..read]).await.map_err(FetchError::Disk)?
            {
                return Ok(Download::TooLarge { bytes });
            }
        }
    }

    pub(super) async fn write(
        &self,
        location: &ObjectLocation,
        bytes: Bytes,
    ) -> Result<(), StoreError> {
        let root = self.0.root.clone();
        self.on_path(location, move |directory, path| {
            // outside the buckets, where no listing shows it, on the same file system
            let mut file = tempfile::Builder::new()
                .prefix(UNFINISHED)
                .permissions(Permissions::from_mode(0o600))
                .tempfile_in(&root)?;
            file.write_all(&bytes)?;
            file.as_file().sync_all()?;
            directory.rename_into(file.into_temp_path(), path)
        })
        .await
    }

    pub(super) async fn remove(&self, location: &ObjectLocation) -> Result<(), StoreError> {
        self.on_path(location, |directory, path| directory.remove(path)).await
    }

    /// Lists all objects whose key begins with that of `prefix`.
    pub(super) async fn list_objects(
        &self,
        prefix: &ObjectLocation,
    ) -> Result<Vec<ListedObject>, StoreError> {
        let key = prefix.key.clone();
        self.on_bucket(prefix, move |directory| directory.list(&key)).await
    }

    async fn on_path<T: Send + 'static>(
        &self,
        location: &ObjectLocation,
        act: impl FnOnce(&BucketDirectory, &[String]) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let segments: Vec<String> = location.key.split('/').map(str::to_owned).collect();
        if segments.iter().any(|segment| segment.is_empty() || segment.len() > directory::MAX_NAME)
        {
            return Err(StoreError::invalid_key(location.clone()));
        }
        self.on_bucket(location, move |directory| act(directory, &segments)).await
    }

    async fn on_bucket<T: Send + 'static>(
        &self,
        location: &ObjectLocation,
        act: impl FnOnce(&BucketDirectory) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (root, bucket) = (self.0.root.clone(), location.bucket.clone());
        let is_of_portal = bucket != self.0.buckets.evidence;
        let done = spawn_blocking(move || {
            if is_of_portal {
                directory::create_bucket(&root, &bucket)?;
            }
            act(&BucketDirectory::open(&root, &bucket)?)
        })
        .await;
        done.map_err(io::Error::other)
            .and_then(|done| done)
            .map_err(|error| store_error(location, &error))
    }
}

fn store_error(location: &ObjectLocation, error: &io::Error) -> StoreError {
    use io::ErrorKind as Kind;
    let location = location.clone();
    match error.kind() {
        Kind::PermissionDenied | Kind::ReadOnlyFilesystem => {
            StoreError::Refused { location, code: error.kind().to_string() }
        }
        // an absent object is not an error, so the bucket is absent
        Kind::NotFound => StoreError::Refused { location, code: "no such bucket".to_owned() },
        // a folder instead of a file, or a file instead of a folder
        Kind::NotADirectory | Kind::IsADirectory | Kind::InvalidInput => {
            StoreError::invalid_key(location)
        }
        _ if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            StoreError::invalid_key(location)
        }
        kind => StoreError::Unavailable { location, cause: Cause::Disk(kind) },
    }
}
