//! Finds the folders that contain one application each.

use std::path::{Component, Path, PathBuf};

use super::listing::Listing;
use crate::cli::Failure;

/// Name of the file that describes an application.
pub(super) const APPLICATION_FILE: &str = "application.json";

/// Returns the folders that contain one application each: this folder, or its sub-folders.
///
/// # Errors
/// When the folder does not exist or is empty.
pub(crate) fn find_applications(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    let listing = Listing::read(path)?;
    let has_application = |folder: &PathBuf| folder.join(APPLICATION_FILE).is_file();
    if listing.has_file(APPLICATION_FILE) {
        return Ok(vec![path.to_owned()]);
    }
    let folders: Vec<PathBuf> = listing.folders.iter().map(|name| path.join(name)).collect();
    if folders.iter().any(has_application) || (listing.files.is_empty() && !folders.is_empty()) {
        return Ok(folders);
    }
    if listing.files.is_empty() {
        let name = path.display();
        return Err(Failure::Input(format!(
            "{name}: contains no document and no {APPLICATION_FILE}; put the documents there"
        )));
    }
    Ok(vec![path.to_owned()])
}

/// Refuses a folder of results within an input: the next run would read it as an application.
///
/// # Errors
/// When the folder of results is within one of the inputs.
pub(crate) fn refuse_output_within(inputs: &[PathBuf], out: &Path) -> Result<(), Failure> {
    let real = resolve(out);
    let contains_out =
        |input: &&PathBuf| input.canonicalize().is_ok_and(|input| real.starts_with(input));
    match inputs.iter().find(contains_out) {
        None => Ok(()),
        Some(input) => Err(Failure::Usage(format!(
            "--out {} is inside the input {}, so the next run would read the results as \
             documents; choose another folder, or omit --out",
            out.display(),
            input.display()
        ))),
    }
}

/// Returns the path without links and without `..`, also where it does not exist yet.
fn resolve(path: &Path) -> PathBuf {
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
