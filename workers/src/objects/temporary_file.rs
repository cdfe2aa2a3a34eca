//! An unlinked temporary file with a size limit, hashed while it is written.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::download::DownloadedFile;

/// A temporary file of up to `max_bytes`.
pub(super) struct TemporaryFile {
    file: File,
    hash: Sha256,
    bytes: u64,
    max_bytes: u64,
}

/// Whether a chunk was within the size limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// It was, and is written.
    Complete,
    /// It was not, and is not written.
    TooLarge {
        /// Bytes so far, including this chunk.
        bytes: u64,
    },
}

impl TemporaryFile {
    /// Creates a file that never has a name, so a crash leaves nothing behind.
    pub(super) fn create(folder: &Path, max_bytes: u64) -> io::Result<Self> {
        let file = File::from_std(tempfile::tempfile_in(folder)?);
        Ok(Self { file, hash: Sha256::new(), bytes: 0, max_bytes })
    }

    /// Returns the number of bytes written.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends a chunk. A full disk may be reported one call later, at the latest by [`Self::finish`].
    pub(super) async fn write(&mut self, chunk: &[u8]) -> io::Result<Written> {
        let bytes = self.bytes + chunk.len() as u64;
        if bytes > self.max_bytes {
            return Ok(Written::TooLarge { bytes });
        }
        self.file.write_all(chunk).await?;
        self.hash.update(chunk);
        self.bytes = bytes;
        Ok(Written::Complete)
    }

    /// Discards everything that was written.
    pub(super) async fn restart(&mut self) -> io::Result<()> {
        if self.bytes > 0 {
            self.file.flush().await?;
            self.file.set_len(0).await?;
            self.file.rewind().await?;
            self.hash = Sha256::new();
            self.bytes = 0;
        }
        Ok(())
    }

    /// Returns the file, ready to be read from its start.
    pub(super) async fn finish(
        mut self,
        etag: Option<String>,
        version_id: Option<String>,
    ) -> io::Result<DownloadedFile> {
        self.file.flush().await?;
        self.file.rewind().await?;
        let sha256 = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(DownloadedFile {
            bytes: self.bytes,
            sha256,
            etag,
            version_id,
            file: self.file.into_std().await,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn write_to_full_disk() -> io::Result<DownloadedFile> {
        let file = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let (hash, bytes) = (Sha256::new(), 0);
        let mut temporary =
            TemporaryFile { file: File::from_std(file), hash, bytes, max_bytes: 10 };
        temporary.write(b"0123456789").await?;
        temporary.finish(None, None).await
    }

    #[tokio::test]
    async fn a_full_disk_is_reported_at_the_latest_when_finished() {
        assert_eq!(write_to_full_disk().await.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[tokio::test]
    async fn one_byte_too_many_is_refused_and_a_restart_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut temporary = TemporaryFile::create(folder.path(), 4).unwrap();
        assert_eq!(temporary.write(b"wxyz").await.unwrap(), Written::Complete);
        assert_eq!(temporary.write(b"!").await.unwrap(), Written::TooLarge { bytes: 5 });
        temporary.restart().await.unwrap();
        temporary.write(b"abc").await.unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it has no name");
        let file = temporary.finish(None, None).await.unwrap();
        assert_eq!(file.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(file.read().unwrap(), b"abc");
    }
}
