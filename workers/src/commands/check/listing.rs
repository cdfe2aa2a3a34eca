//! What lies in a folder.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use super::write;
use crate::cli::exit::Failure;

/// What lies in a folder, by name; hidden entries and our own results left out.
pub(super) struct Listing {
    /// Files, and whatever else is no folder.
    pub(super) files: Vec<OsString>,
    /// Folders; links to folders are not among them.
    pub(super) folders: Vec<OsString>,
}

impl Listing {
    /// Reads a folder; both lists are sorted.
    ///
    /// # Errors
    /// When it is none or cannot be read.
    pub(super) fn of(folder: &Path) -> Result<Self, Failure> {
        let name = folder.display();
        if folder.is_file() {
            return Err(Failure::Input(format!(
                "{name}: is a file; `check` takes folders, for a single file there is `tekseru examine --kind passport {name}`"
            )));
        }
        let unreadable = |error| Failure::Input(format!("{name}: cannot be read: {error}"));
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let is_folder = entry.file_type().map_err(unreadable)?.is_dir();
            let name = entry.file_name();
            let hidden = name.as_encoded_bytes().starts_with(b".");
            let left_out = [write::FOLDER, "Thumbs.db", "desktop.ini"].iter().any(|n| name == *n);
            match is_folder {
                _ if hidden || left_out => {}
                true => folders.push(name),
                false => files.push(name),
            }
        }
        files.sort_unstable();
        folders.sort_unstable();
        Ok(Self { files, folders })
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.files.iter().any(|file| file == name)
    }

    /// The file of that name, else every one of that name with an extension.
    pub(super) fn named(&self, id: &str) -> Vec<&OsStr> {
        let files = || self.files.iter().map(OsString::as_os_str);
        let exact: Vec<&OsStr> = files().filter(|file| *file == id).collect();
        if exact.is_empty() {
            files().filter(|file| Path::new(file).file_stem() == Some(OsStr::new(id))).collect()
        } else {
            exact
        }
    }
}
