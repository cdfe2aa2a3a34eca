//! A capped, unlinked temporary file that is hashed while it is written.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::Fetched;

/// Takes up to `most` bytes.
pub(super) struct Temporary {
    file: File,
    hash: Sha256,
    bytes: u64,
    most: u64,
}

/// Whether a chunk still fitted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// It did.
    Enough,
    /// It did not, and was not written.
    Over {
        /// What had come, with this chunk.
        bytes: u64,
    },
}

impl Temporary {
    /// Nothing ever has its name, so nothing is left behind by a crash.
    pub(super) fn create(folder: &Path, most: u64) -> io::Result<Self> {
        let file = File::from_std(tempfile::tempfile_in(folder)?);
        Ok(Self { file, hash: Sha256::new(), bytes: 0, most })
    }

    /// What is in it.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds a chunk. A full disk may be told one call later, at the latest by [`Self::finish`].
    pub(super) async fn write(&mut self, chunk: &[u8]) -> io::Result<Room> {
        let bytes = self.bytes + chunk.len() as u64;
        if bytes > self.most {
            return Ok(Room::Over { bytes });
        }
        self.file.write_all(chunk).await?;
        self.hash.update(chunk);
        self.bytes = bytes;
        Ok(Room::Enough)
    }

    /// Forgets what was written.
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

    /// What was written, ready to be read from its start.
    pub(super) async fn finish(
        mut self,
        etag: Option<String>,
        version_id: Option<String>,
    ) -> io::Result<Fetched> {
        self.file.flush().await?;
        self.file.rewind().await?;
        let sha256 = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Fetched {
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

    async fn full() -> io::Result<Fetched> {
        let file = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let (hash, bytes) = (Sha256::new(), 0);
        let mut temporary = Temporary { file: File::from_std(file), hash, bytes, most: 10 };
        temporary.write(b"0123456789").await?;
        temporary.finish(None, None).await
    }

    #[tokio::test]
    async fn a_full_disk_is_told_at_the_latest_when_finished() {
        assert_eq!(full().await.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[tokio::test]
    async fn one_byte_over_is_enough_and_nothing_is_left_by_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let mut temporary = Temporary::create(folder.path(), 4).unwrap();
        assert_eq!(temporary.write(b"wxyz").await.unwrap(), Room::Enough);
        assert_eq!(temporary.write(b"!").await.unwrap(), Room::Over { bytes: 5 });
        temporary.restart().await.unwrap();
        temporary.write(b"abc").await.unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it has no name");
        let fetched = temporary.finish(None, None).await.unwrap();
        assert_eq!(
            fetched.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(fetched.read().unwrap(), b"abc");
    }
}
