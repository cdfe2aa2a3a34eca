//! `root/bucket/key` on one machine: for trying out, and for portals without a store.
//!
//! A key is walked segment by segment and no link is followed, so none leads
//! out of its bucket. Files are written beside and renamed: readers see all of
//! a result or none of it. No versions and no ETags: an opened file stays what it was.

mod beneath;

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncReadExt;
use tokio::task::spawn_blocking;

use super::config::{Problems, bucket_problems};
use super::temporary::{Room, Temporary};
use super::{Buckets, Fetch, FetchError, FolderConfig, Found, Place, StoreError, Trouble};
use beneath::Beneath;

/// The store; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Folder(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    buckets: Buckets,
    temporary: PathBuf,
}

const CHUNK: usize = 64 << 10;

/// How a file is called while it is written.
const UNFINISHED: &str = ".writing-";
/// Nobody writes for so long.
const FORSAKEN: Duration = Duration::from_secs(3600);

/// Takes out what was left by whoever was killed while writing: no listing
/// finds it, so nobody else would.
fn drop_unfinished(root: &Path) {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    for entry in entries {
        let is_ours = entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes());
        let written = entry.metadata().and_then(|metadata| metadata.modified());
        let is_old = written.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > FORSAKEN));
        if is_ours && is_old && fs::remove_file(entry.path()).is_err() {
            tracing::warn!("A file that was never finished cannot be removed from the store");
        }
    }
}

impl Folder {
    /// The folder must be there: a mount that is missing must not become an
    /// empty store. Buckets are made in it.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration.
    pub(crate) fn open(config: FolderConfig) -> Result<Self, Problems> {
        let FolderConfig { root, uploads, results, temporary } = config;
        let mut problems = bucket_problems(&uploads, &results);
        if !root.is_dir() {
            problems.push(format!("`{}` is no folder", root.display()));
        }
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        drop_unfinished(&root);
        for bucket in uploads.iter().chain([&results]) {
            beneath::make(&root, bucket).map_err(|error| {
                Problems(vec![format!("bucket `{bucket}` cannot be made: {error}")])
            })?;
        }
        Ok(Self(Arc::new(Inner { root, buckets: Buckets { uploads, results }, temporary })))
    }

    pub(super) fn buckets(&self) -> &Buckets {
        &self.0.buckets
    }

    pub(super) async fn download(&self, place: &Place, most: u64) -> Result<Fetch, FetchError> {
        let file = self.at(place, |beneath, path| beneath.read(path)).await?;
        let Some(file) = file else { return Err(FetchError::Missing(place.clone())) };
        let length = file.metadata().map_err(|error| store_error(place, &error))?.len();
        if length > most {
            return Ok(Fetch::TooLarge { bytes: length });
        }
        let mut temporary = Temporary::create(&self.0.temporary, most).map_err(FetchError::Disk)?;
        let mut file = tokio::fs::File::from_std(file);
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = file.read(&mut chunk).await.map_err(|error| store_error(place, &error))?;
            if read == 0 {
                return temporary
                    .finish(None, None)
                    .await
                    .map(Fetch::Whole)
                    .map_err(FetchError::Disk);
            }
            if let Room::Over { bytes } =
                temporary.write(&chunk[..read]).await.map_err(FetchError::Disk)?
            {
                return Ok(Fetch::TooLarge { bytes });
            }
        }
    }

    pub(super) async fn write(&self, place: &Place, bytes: Bytes) -> Result<(), StoreError> {
        let root = self.0.root.clone();
        self.at(place, move |beneath, path| {
            // beside the buckets, where no listing finds it, on the same file system
            let mut file = tempfile::Builder::new()
                .prefix(UNFINISHED)
                .permissions(Permissions::from_mode(0o600))
                .tempfile_in(&root)?;
            file.write_all(&bytes)?;
            file.as_file().sync_all()?;
            beneath.place(file.into_temp_path(), path)
        })
        .await
    }

    pub(super) async fn remove(&self, place: &Place) -> Result<(), StoreError> {
        self.at(place, |beneath, path| beneath.remove(path)).await
    }

    pub(super) async fn list(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        let found = self.page(prefix).await?;
        Ok(found.into_iter().map(|found| found.key).collect())
    }

    /// All of them at once.
    pub(super) async fn page(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        let place = Place::new(&self.0.buckets.results, prefix);
        let prefix = prefix.to_owned();
        self.on_bucket(&place, move |beneath| beneath.list(&prefix)).await
    }

    async fn at<T: Send + 'static>(
        &self,
        place: &Place,
        act: impl FnOnce(&Beneath, &[String]) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let segments: Vec<String> = place.key.split('/').map(str::to_owned).collect();
        if segments
            .iter()
            .any(|segment| segment.is_empty() || segment.len() > beneath::LONGEST_NAME)
        {
            return Err(place.clone().refused());
        }
        self.on_bucket(place, move |beneath| act(beneath, &segments)).await
    }

    async fn on_bucket<T: Send + 'static>(
        &self,
        place: &Place,
        act: impl FnOnce(&Beneath) -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (root, bucket) = (self.0.root.clone(), place.bucket.clone());
        let done = spawn_blocking(move || act(&Beneath::open(&root, &bucket)?)).await;
        done.map_err(io::Error::other)
            .and_then(|done| done)
            .map_err(|error| store_error(place, &error))
    }
}

fn store_error(place: &Place, error: &io::Error) -> StoreError {
    use io::ErrorKind as Kind;
    let place = place.clone();
    match error.kind() {
        Kind::PermissionDenied | Kind::ReadOnlyFilesystem => {
            StoreError::Refused { place, code: error.kind().to_string() }
        }
        // objects that are not there are no errors
        Kind::NotFound => StoreError::Refused { place, code: "no such bucket".to_owned() },
        // a folder where a file is meant, or a file where a folder is
        Kind::NotADirectory | Kind::IsADirectory | Kind::InvalidInput => place.refused(),
        _ if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) => {
            place.refused()
        }
        kind => StoreError::Unavailable { place, trouble: Trouble::Disk(kind) },
    }
}
