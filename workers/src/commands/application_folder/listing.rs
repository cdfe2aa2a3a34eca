//! The files and folders in a folder.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use crate::cli::Failure;
use crate::commands::results;

/// The entries of a folder by name, without hidden entries and our own results.
pub(super) struct Listing {
    /// Everything that is not a folder.
    pub(super) files: Vec<OsString>,
    /// Folders, without links to folders.
    pub(super) folders: Vec<OsString>,
}

impl Listing {
    /// Reads a folder and sorts both lists.
    ///
    /// # Errors
    /// When the path is not a folder or cannot be read.
    pub(super) fn read(folder: &Path) -> Result<Self, Failure> {
        let name = folder.display();
        if folder.is_file() {
            return Err(Failure::Input(format!(
                "{name}: is a file, but this command takes folders; to examine one file, run \
                 `tekseru examine --kind passport {name}`"
            )));
        }
        let unreadable = |error| Failure::Input(format!("{name}: cannot be read: {error}"));
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let is_folder = entry.file_type().map_err(unreadable)?.is_dir();
            let name = entry.file_name();
            let is_hidden = name.as_encoded_bytes().starts_with(b".");
            let is_ignored =
                [results::FOLDER, "Thumbs.db", "desktop.ini"].iter().any(|n| name == *n);
            match is_folder {
                _ if is_hidden || is_ignored => {}
                true => folders.push(name),
                false => files.push(name),
            }
        }
        files.sort_unstable();
        folders.sort_unstable();
        Ok(Self { files, folders })
    }

    pub(super) fn has_file(&self, name: &str) -> bool {
        self.files.iter().any(|file| file == name)
    }

    /// Returns the file with exactly this name, or all files with this name and an extension.
    pub(super) fn files_named(&self, id: &str) -> Vec<&OsStr> {
        let files = || self.files.iter().map(OsString::as_os_str);
        let exact: Vec<&OsStr> = files().filter(|file| *file == id).collect();
        if exact.is_empty() {
            files().filter(|file| Path::new(file).file_stem() == Some(OsStr::new(id))).collect()
        } else {
            exact
        }
    }
}
