//! A downloaded object.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

/// The result of a download.
#[derive(Debug)]
pub(crate) enum Download {
    /// The whole object was downloaded.
    Complete(DownloadedFile),
    /// The object is larger than the limit, and was not downloaded to its end.
    TooLarge {
        /// Its length, or how much of it was received.
        bytes: u64,
    },
}

/// An object in an unlinked temporary file, which ends when this is dropped.
pub(crate) struct DownloadedFile {
    /// Its length.
    pub(crate) bytes: u64,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub(crate) sha256: String,
    /// Its ETag with quotes, where the store sends one.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests check the download"))]
    pub(crate) etag: Option<String>,
    /// Its version id, where the bucket has versions.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests check the download"))]
    pub(crate) version_id: Option<String>,
    pub(super) file: File,
}

impl DownloadedFile {
    /// Reads all bytes. Blocks on the disk.
    ///
    /// # Errors
    /// When the disk fails, or returns another number of bytes than were written.
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

impl fmt::Debug for DownloadedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DownloadedFile({} bytes, sha256 {})", self.bytes, self.sha256)
    }
}
