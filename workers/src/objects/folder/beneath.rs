//! Files below one folder, reached without following a link.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use jiff::Timestamp;
use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use tempfile::TempPath;

use super::Found;

/// A folder that is held open: renaming it elsewhere changes nothing.
pub(super) struct Beneath(OwnedFd);

/// What Linux lets a name be long, in bytes.
pub(super) const LONGEST_NAME: usize = 255;

const FOLDER: OFlags = OFlags::DIRECTORY.union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

impl Beneath {
    /// A bucket.
    pub(super) fn open(root: &Path, bucket: &str) -> io::Result<Self> {
        step(&File::open(root)?, bucket, false)?
            .map(Self)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// A plain file, if it is there.
    pub(super) fn read(&self, path: &[String]) -> io::Result<Option<File>> {
        let Some((folder, name)) = self.walk(path, false)? else { return Ok(None) };
        // a pipe must not be waited for
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

    /// Gives a written file its name, in place of what had it.
    pub(super) fn place(&self, written: TempPath, path: &[String]) -> io::Result<()> {
        let Some((folder, name)) = self.walk(path, true)? else {
            return Err(io::ErrorKind::NotFound.into());
        };
        rustix::fs::renameat(CWD, &*written, &folder, name)?;
        // the name is gone: nothing is left to be removed
        let _ = written.keep();
        Ok(rustix::fs::fsync(&folder)?)
    }

    /// Removes a file, and folders that this leaves empty.
    pub(super) fn remove(&self, path: &[String]) -> io::Result<()> {
        let Some((folder, name)) = self.walk(path, false)? else { return Ok(()) };
        match rustix::fs::unlinkat(&folder, name, AtFlags::empty()) {
            Ok(()) => rustix::fs::fsync(&folder)?,
            Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
        for depth in (1..path.len()).rev() {
            let Some((folder, name)) = self.walk(&path[..depth], false)? else { break };
            if rustix::fs::unlinkat(&folder, name, AtFlags::REMOVEDIR).is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Keys of plain files that begin with `prefix`, in order.
    pub(super) fn list(&self, prefix: &str) -> io::Result<Vec<Found>> {
        let mut found = Vec::new();
        gather(&self.0, "", prefix, &mut found)?;
        found.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        Ok(found)
    }

    /// The folder of a path's last name, and that name.
    fn walk<'p>(&self, path: &'p [String], make: bool) -> io::Result<Option<(OwnedFd, &'p str)>> {
        let Some((name, folders)) = path.split_last() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let mut at = self.0.try_clone()?;
        for folder in folders {
            let Some(next) = step(&at, folder, make)? else { return Ok(None) };
            at = next;
        }
        Ok(Some((at, name)))
    }
}

/// Makes a bucket if it is not there.
pub(super) fn make(root: &Path, bucket: &str) -> io::Result<()> {
    step(&File::open(root)?, bucket, true).map(drop)
}

fn step(at: &impl AsFd, name: &str, make: bool) -> io::Result<Option<OwnedFd>> {
    if make {
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

fn gather(at: &OwnedFd, above: &str, prefix: &str, found: &mut Vec<Found>) -> io::Result<()> {
    for entry in Dir::read_from(at)? {
        let entry = entry?;
        // names that are no UTF-8 are none of ours
        let Ok(name) = entry.file_name().to_str() else { continue };
        if matches!(name, "." | "..") {
            continue;
        }
        let key = format!("{above}{name}");
        let (kind, changed) = kind(at, name)?;
        match kind {
            FileType::RegularFile if key.starts_with(prefix) => found.push(Found { key, changed }),
            FileType::Directory => {
                let below = format!("{key}/");
                let may_hold = below.starts_with(prefix) || prefix.starts_with(&below);
                if may_hold && let Some(folder) = step(at, name, false)? {
                    gather(&folder, &below, prefix, found)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What it is, which some file systems do not tell in a listing, and when it changed.
fn kind(at: &OwnedFd, name: &str) -> io::Result<(FileType, Timestamp)> {
    match rustix::fs::statat(at, Path::new(name), AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => {
            let changed = Timestamp::from_second(stat.st_mtime).unwrap_or(Timestamp::MAX);
            Ok((FileType::from_raw_mode(stat.st_mode), changed))
        }
        Err(Errno::NOENT) => Ok((FileType::Unknown, Timestamp::MAX)),
        Err(error) => Err(error.into()),
    }
}
