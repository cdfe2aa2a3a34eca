//! Finds the shared libraries that decode HEIC pictures.

use std::fs;
use std::path::{Path, PathBuf};

use super::finding::Missing;

/// Returns the versions of the HEIC libraries.
///
/// # Errors
/// When a library is missing.
pub(super) fn heic_decoder() -> Result<String, Missing> {
    let missing = |library: &str| Missing {
        problem: format!("{library} was not found"),
        fix: "apt-get install libheif1 libde265-0",
    };
    let folders = library_folders(Path::new("/"));
    let version = |name: &str| library_version(&folders, name).ok_or_else(|| missing(name));
    let (heif, de265) = (version("libheif.so.1")?, version("libde265.so.0")?);
    Ok(format!("libheif {heif}, libde265 {de265}"))
}

/// Returns the folders in which distributions put shared libraries, by architecture too.
fn library_folders(root: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for folder in ["usr/local/lib", "usr/lib", "usr/lib64", "lib", "lib64"] {
        let folder = root.join(folder);
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        let by_architecture = entries.map(|entry| entry.path()).filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().ends_with("-linux-gnu"))
        });
        folders.extend(by_architecture);
        folders.push(folder);
    }
    folders
}

/// Returns the version in a library's file name after links are followed.
fn library_version(folders: &[PathBuf], name: &str) -> Option<String> {
    let real = folders.iter().find_map(|folder| folder.join(name).canonicalize().ok())?;
    let real = real.file_name()?.to_str()?;
    Some(real.split_once(".so.").map_or(real, |(_, version)| version).to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_library_is_found_by_its_links() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("usr/lib/x86_64-linux-gnu");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("libheif.so.1.15.1"), "").unwrap();
        symlink("libheif.so.1.15.1", folder.join("libheif.so.1")).unwrap();
        let folders = library_folders(root.path());
        assert_eq!(library_version(&folders, "libheif.so.1").as_deref(), Some("1.15.1"));
        assert_eq!(library_version(&folders, "libde265.so.0"), None);
    }
}
