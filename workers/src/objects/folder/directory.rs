//! Files in the folder of one bucket, opened without following links.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use jiff::Timestamp;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use tempfile::TempPath;

use super::super::location::ListedObject;

/// The open folder of a bucket: renaming the folder has no effect on it.
pub(super) struct BucketDirectory(OwnedFd);

/// The longest file name on Linux, in bytes.
pub(super) const MAX_NAME: usize = 255;

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl BucketDirectory {
    /// Opens the folder of a bucket.
    pub(super) fn open(root: &Path, bucket: &str) -> io::Result<Self> {
        open_folder(&File::open(root)?, bucket, false)?
            .map(Self)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Opens a regular file, if it exists.
    pub(super) fn read(&self, path: &[String]) -> io::Result<Option<File>> {
        let Some((folder, name)) = self.open_parent(path, false)? else { return Ok(None) };
        // without NONBLOCK, opening a pipe would wait for its writer
        let flags =
            OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = match rustix::fs::openat(&folder, name, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if file.metadata()?.is_file() {
            Ok(Some(file))
        } else {
            Err(io::ErrorKind::InvalidInput.into())
        }
    }

    /// Renames a written file to a path, in place of an existing file.
    pub(super) fn rename_into(&self, written: TempPath, path: &[String]) -> io::Result<()> {
        let Some((folder, name)) = self.open_parent(path, true)? else {
            return Err(io::ErrorKind::NotFound.into());
        };
        rustix::fs::renameat(CWD, &*written, &folder, name)?;
        // the temporary name is gone: there is nothing to remove
        let _ = written.keep();
        Ok(rustix::fs::fsync(&folder)?)
    }

    /// Removes a file, and folders that are empty afterwards.
    pub(super) fn remove(&self, path: &[String]) -> io::Result<()> {
        let Some((folder, name)) = self.open_parent(path, false)? else { return Ok(()) };
        match rustix::fs::unlinkat(&folder, name, AtFlags::empty()) {
            Ok(()) => rustix::fs::fsync(&folder)?,
            Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
        for depth in (1..path.len()).rev() {
            let Some((folder, name)) = self.open_parent(&path[..depth], false)? else { break };
            if rustix::fs::unlinkat(&folder, name, AtFlags::REMOVEDIR).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Lists regular files whose keys begin with `prefix`, in order.
    pub(super) fn list(&self, prefix: &str) -> io::Result<Vec<ListedObject>> {
        let mut found = Vec::new();
        collect(&self.0, "", prefix, &mut found)?;
        found.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        Ok(found)
    }

    /// Opens the folder of a path's last name; returns it with that name.
    fn open_parent<'p>(
        &self,
        path: &'p [String],
        create: bool,
    ) -> io::Result<Option<(OwnedFd, &'p str)>> {
        let Some((name, folders)) = path.split_last() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut at = self.0.try_clone()?;
        for folder in folders {
            let Some(next) = open_folder(&at, folder, create)? else { return Ok(None) };
            at = next;
        }
        Ok(Some((at, name)))
    }
}

/// Creates the folder of a bucket if it does not exist.
pub(super) fn create_bucket(root: &Path, bucket: &str) -> io::Result<()> {
    open_folder(&File::open(root)?, bucket, true).map(drop)
}

fn open_folder(at: &impl AsFd, name: &str, create: bool) -> io::Result<Option<OwnedFd>> {
    if create {
        match rustix::fs::mkdirat(at, name, Mode::RWXU) {
            Ok(()) => rustix::fs::fsync(at)?,
            Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
    }
    match rustix::fs::openat(at, name, FOLDER, Mode::empty()) {
        Ok(folder) => Ok(Some(folder)),
        Err(Errno::NOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn collect(
    at: &OwnedFd,
    above: &str,
    prefix: &str,
    found: &mut Vec<ListedObject>,
) -> io::Result<()> {
    for entry in Dir::read_from(at)? {
        let entry = entry?;
        // this program writes only UTF-8 names
        let Ok(name) = entry.file_name().to_str() else { continue };
        if matches!(name, "." | "..") {
            continue;
        }
        let key = format!("{above}{name}");
        let (file_type, last_modified) = type_and_modification(at, name)?;
        match file_type {
            FileType::RegularFile if key.starts_with(prefix) => {
                found.push(ListedObject { key, last_modified })
            }
            FileType::Directory => {
                let below = format!("{key}/");
                let may_hold = below.starts_with(prefix) || prefix.starts_with(&below);
                if may_hold && let Some(folder) = open_folder(at, name, false)? {
                    collect(&folder, &below, prefix, found)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the type of a file, which some file systems do not list, and when it was modified.
fn type_and_modification(at: &OwnedFd, name: &str) -> io::Result<(FileType, Timestamp)> {
    match rustix::fs::statat(at, Path::new(name), AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => {
            let last_modified = Timestamp::from_second(stat.st_mtime).unwrap_or(Timestamp::MAX);
            Ok((FileType::from_raw_mode(stat.st_mode), last_modified))
        }
        Err(Errno::NOENT) => Ok((FileType::Unknown, Timestamp::MAX)),
        Err(error) => Err(error.into()),
    }
}
