//! Reads files that the command line names: plain, inside their folder, of limited size.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// The content of a file.
#[derive(Debug, PartialEq)]
pub(crate) enum FileContent {
    /// All bytes of the file.
    Bytes(Vec<u8>),
    /// The file is longer than the limit and was not read.
    TooLarge {
        /// Length of the file.
        bytes: u64,
    },
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// The file does not exist.
    #[error("no such file")]
    Missing,
    /// The path names something other than a file.
    #[error("is {0}, not a plain file; put the file itself there")]
    NotPlain(&'static str),
    /// A link to another folder, whose files may belong to another person.
    #[error("is a link to a file outside its folder; put the file itself there")]
    OutsideFolder,
    /// The system refuses to read the file.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
}

/// Reads a file of at most `limit` bytes. With a `folder`, links must not lead out of it.
///
/// # Errors
/// When the file does not exist, is not a plain file or cannot be read.
pub(crate) fn read_file(
    path: &Path,
    folder: Option<&Path>,
    limit: u64,
) -> Result<FileContent, FileError> {
    let real = path.canonicalize().map_err(from_io)?;
    if let Some(folder) = folder
        && !real.starts_with(folder.canonicalize().map_err(from_io)?)
    {
        return Err(FileError::OutsideFolder);
    }
    require_plain(&real.symlink_metadata().map_err(from_io)?)?;
    // the path may have become a link or a pipe since that check: follow no link,
    // do not wait for a writer, and check again what was opened
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(&real)
        .map_err(from_io)?;
    let metadata = file.metadata().map_err(from_io)?;
    require_plain(&metadata)?;
    read_limited(&file, metadata.len(), limit).map_err(from_io)
}

fn read_limited(file: &File, length: u64, limit: u64) -> io::Result<FileContent> {
    if length > limit {
        return Ok(FileContent::TooLarge { bytes: length });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    // the file may grow meanwhile: one byte over the limit shows it
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let read = bytes.len() as u64;
    Ok(if read > limit { FileContent::TooLarge { bytes: read } } else { FileContent::Bytes(bytes) })
}

fn require_plain(metadata: &std::fs::Metadata) -> Result<(), FileError> {
    let kind = metadata.file_type();
    match () {
        () if kind.is_file() => Ok(()),
        () if kind.is_dir() => Err(FileError::NotPlain("a folder")),
        () if kind.is_symlink() => Err(FileError::NotPlain("a link")),
        () => Err(FileError::NotPlain("a device, pipe or socket")),
    }
}

fn from_io(error: io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileError::Missing,
        _ => FileError::Unreadable(error),
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
        let read = |name: &str| read_file(&inside.join(name), Some(&inside), LIMIT).unwrap();
        assert_eq!(read("limit"), FileContent::Bytes(b"12345678".to_vec()));
        assert_eq!(read("link"), FileContent::Bytes(b"12345678".to_vec()));
        assert_eq!(read("over"), FileContent::TooLarge { bytes: 9 });
    }

    #[test]
    fn other_files_are_refused() {
        let folder = folder();
        let inside = folder.path().join("inside");
        let refusal = |name: &str| read_file(&inside.join(name), Some(&inside), LIMIT).unwrap_err();
        assert!(matches!(refusal("nothing"), FileError::Missing));
        assert!(matches!(refusal("limit/below"), FileError::Missing));
        assert!(matches!(refusal("dangles"), FileError::Missing));
        assert!(matches!(refusal("sub"), FileError::NotPlain("a folder")));
        assert!(matches!(refusal("pipe"), FileError::NotPlain(_)));
        assert!(matches!(refusal("leaves"), FileError::OutsideFolder));
        assert!(matches!(refusal("device"), FileError::OutsideFolder));
        assert!(matches!(
            read_file(&inside.join("device"), None, LIMIT),
            Err(FileError::NotPlain(_))
        ));
    }

    #[test]
    fn a_growing_file_is_reported_too_large() {
        let folder = folder();
        let file = File::open(folder.path().join("inside/over")).unwrap();
        assert_eq!(read_limited(&file, 1, LIMIT).unwrap(), FileContent::TooLarge { bytes: 9 });
    }
}
