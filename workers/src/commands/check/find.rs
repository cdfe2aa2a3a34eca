//! From the paths of a command line to folders that hold one application each.

use std::path::{Component, Path, PathBuf};

use super::listing::Listing;
use crate::cli::exit::Failure;

/// The application's own file.
pub(crate) const APPLICATION: &str = "application.json";

/// The folders that hold an application each: this one, or its sub-folders.
///
/// # Errors
/// When there is no such folder, or nothing in it.
pub(crate) fn applications(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let listing = Listing::of(path)?;
    let holds_application = |folder: &PathBuf| folder.join(APPLICATION).is_file();
    if listing.has(APPLICATION) {
        return Ok(vec![path.to_owned()]);
    }
    let folders: Vec<PathBuf> = listing.folders.iter().map(|name| path.join(name)).collect();
    if folders.iter().any(holds_application) || (listing.files.is_empty() && !folders.is_empty()) {
        return Ok(folders);
    }
    if listing.files.is_empty() {
        let name = path.display();
        return Err(Failure::Input(format!("{name}: holds no document and no application")));
    }
    Ok(vec![path.to_owned()])
}

/// Results within an input would be read as an application the next time.
pub(crate) fn refuse_out_within(paths: &[PathBuf], out: &Path) -> Result<(), Failure> {
    let real = settled(out);
    let within = |path: &&PathBuf| path.canonicalize().is_ok_and(|path| real.starts_with(path));
    match paths.iter().find(within) {
        None => Ok(()),
        Some(path) => Err(Failure::Usage(format!(
            "--out {} lies within the input {} and would be read as documents the next time; \
             choose a folder elsewhere, or leave --out away",
            out.display(),
            path.display()
        ))),
    }
}

/// The path without links and without `..`, also where it does not exist yet.
fn settled(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = path.ancestors().find_map(|p| Some((p.canonicalize().ok()?, p)));
    let Some((mut real, ancestor)) = existing else { return path };
    for part in path.strip_prefix(ancestor).unwrap_or(&path).components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            part => real.push(part),
        }
    }
    real
}
