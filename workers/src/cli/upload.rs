//! Reads an upload from disk: a plain file, inside its folder, of a bounded size.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// What a file holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Upload {
    /// All of it.
    Bytes(Vec<u8>),
    /// More than the limit; not read.
    TooLarge {
        /// Its length.
        bytes: u64,
    },
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UploadError {
    /// Nothing is there.
    #[error("no such file")]
    Missing,
    /// Something is there that holds no document.
    #[error("is {0}, not a plain file; put the document itself there")]
    NotPlain(&'static str),
    /// A link to somewhere else: its target belongs to someone else.
    #[error("is a link that leaves its folder; put the document itself there")]
    Outside,
    /// The system does not let us.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
}

/// Reads a file of at most `limit` bytes. With a `folder`, links must not leave it.
///
/// # Errors
/// When there is no such file, or nothing that should be read.
pub(crate) fn read(path: &Path, folder: Option<&Path>, limit: u64) -> Result<Upload, UploadError> {
    let real = path.canonicalize().map_err(of_io)?;
    if let Some(folder) = folder
        && !real.starts_with(folder.canonicalize().map_err(of_io)?)
    {
        return Err(UploadError::Outside);
    }
    plain(&real.symlink_metadata().map_err(of_io)?)?;
    // what was plain a moment ago may be a link or a pipe now: follow no link,
    // wait for nothing, and look again at what was opened
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(&real)
        .map_err(of_io)?;
    let metadata = file.metadata().map_err(of_io)?;
    plain(&metadata)?;
    take(&file, metadata.len(), limit).map_err(of_io)
}

fn take(file: &File, length: u64, limit: u64) -> io::Result<Upload> {
    if length > limit {
        return Ok(Upload::TooLarge { bytes: length });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    // one byte over the limit is enough to know, should it grow meanwhile
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let read = bytes.len() as u64;
    Ok(if read > limit { Upload::TooLarge { bytes: read } } else { Upload::Bytes(bytes) })
}

fn plain(metadata: &std::fs::Metadata) -> Result<(), UploadError> {
    let kind = metadata.file_type();
    match () {
        () if kind.is_file() => Ok(()),
        () if kind.is_dir() => Err(UploadError::NotPlain("a folder")),
        () if kind.is_symlink() => Err(UploadError::NotPlain("a link")),
        () => Err(UploadError::NotPlain("a device, pipe or socket")),
    }
}

fn of_io(error: io::Error) -> UploadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => UploadError::Missing,
        _ => UploadError::Unreadable(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    const LIMIT: u64 = 8;

    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("inside");
        std::fs::create_dir_all(inside.join("sub")).unwrap();
        std::fs::write(folder.path().join("secret"), "secret").unwrap();
        std::fs::write(inside.join("limit"), "12345678").unwrap();
        std::fs::write(inside.join("over"), "123456789").unwrap();
        symlink("limit", inside.join("link")).unwrap();
        symlink("../secret", inside.join("leaves")).unwrap();
        symlink("nowhere", inside.join("dangles")).unwrap();
        symlink("/dev/zero", inside.join("device")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            inside.join("pipe"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        folder
    }

    #[test]
    fn plain_files_up_to_the_limit_are_read() {
        let folder = folder();
        let inside = folder.path().join("inside");
        let read = |name: &str| read(&inside.join(name), Some(&inside), LIMIT).unwrap();
        assert_eq!(read("limit"), Upload::Bytes(b"12345678".to_vec()));
        assert_eq!(read("link"), Upload::Bytes(b"12345678".to_vec()));
        assert_eq!(read("over"), Upload::TooLarge { bytes: 9 });
    }

    #[test]
    fn anything_else_is_refused() {
        let folder = folder();
        let inside = folder.path().join("inside");
        let refusal = |name: &str| read(&inside.join(name), Some(&inside), LIMIT).unwrap_err();
        assert!(matches!(refusal("nothing"), UploadError::Missing));
        assert!(matches!(refusal("limit/below"), UploadError::Missing));
        assert!(matches!(refusal("dangles"), UploadError::Missing));
        assert!(matches!(refusal("sub"), UploadError::NotPlain("a folder")));
        assert!(matches!(refusal("pipe"), UploadError::NotPlain(_)));
        assert!(matches!(refusal("leaves"), UploadError::Outside));
        assert!(matches!(refusal("device"), UploadError::Outside));
        assert!(matches!(read(&inside.join("device"), None, LIMIT), Err(UploadError::NotPlain(_))));
    }

    #[test]
    fn a_file_that_grows_is_found_too_large() {
        let folder = folder();
        let file = File::open(folder.path().join("inside/over")).unwrap();
        assert_eq!(take(&file, 1, LIMIT).unwrap(), Upload::TooLarge { bytes: 9 });
    }
}
