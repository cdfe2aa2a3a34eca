//! Writes results: completely or not at all, readable only by their owner.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use pipeline::application::is_id;
use pipeline::examination::EvidencePicture;

use crate::cli::Failure;

/// Folder of results in an application's folder; it is never read as documents.
pub(super) const FOLDER: &str = "verdict";
/// The verdict, as the schema defines it.
pub(super) const VERDICT: &str = "verdict.json";
/// The report for the reviewer.
pub(super) const REPORT: &str = "report.html";
/// Pictures: `evidence/DOCUMENT/EVIDENCE.png`.
pub(super) const EVIDENCE: &str = "evidence";

/// The files of one application's results.
pub(super) struct Results<'a> {
    /// Pictures by document id.
    pub(super) pictures: Vec<(&'a str, &'a [EvidencePicture])>,
    /// The report, as HTML.
    pub(super) report: &'a str,
    /// The verdict, as JSON.
    pub(super) verdict: &'a str,
}

/// Writes an application's results: the verdict last, so that the files that it
/// names exist before it. Removes pictures of an earlier run that no longer belong to it.
///
/// # Errors
/// When the folder cannot be written, or is a link.
pub(super) fn write_results(out: &Path, results: &Results<'_>) -> Result<(), Failure> {
    create_folder(out)?;
    let evidence = out.join(EVIDENCE);
    create_folder(&evidence)?;
    let mut kept = BTreeSet::new();
    for (document, of_document) in &results.pictures {
        kept.extend(write_pictures(&evidence.join(safe_name(document)), of_document)?);
    }
    write_file(&out.join(REPORT), results.report.as_bytes())?;
    write_file(&out.join(VERDICT), results.verdict.as_bytes())?;
    remove_old_pictures(&evidence, &kept)
        .map_err(|error| Failure::io(&evidence, "remove old pictures", &error))
}

/// Writes pictures into a folder; their ids are the file names.
///
/// # Errors
/// When the folder cannot be written, or is a link.
pub(super) fn write_pictures(
    out: &Path,
    pictures: &[EvidencePicture],
) -> Result<Vec<PathBuf>, Failure> {
    if !pictures.is_empty() {
        create_folder(out)?;
    }
    let mut written = Vec::new();
    for picture in pictures {
        let extension = if picture.evidence.media_type == "image/jpeg" { "jpg" } else { "png" };
        let path = out.join(format!("{}.{extension}", safe_name(&picture.evidence.id)));
        write_file(&path, &picture.bytes)?;
        written.push(path);
    }
    Ok(written)
}

/// Returns a name in the alphabet of ids, so that a name cannot lead out of its folder.
pub(super) fn safe_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' };
    let safe: String = name.chars().map(plain).take(64).collect();
    let safe = safe.trim_start_matches('.');
    if is_id(safe) { safe.to_owned() } else { "unnamed".to_owned() }
}

/// Creates a folder; a link in its place would lead the results elsewhere.
fn create_folder(path: &Path) -> Result<(), Failure> {
    let failure =
        |error| Failure::io(path, "create this folder; choose another with --out", &error);
    // its content is personal: only its owner may read it
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failure)?;
    if path.symlink_metadata().map_err(failure)?.is_symlink() {
        let path = path.display();
        return Err(Failure::Input(format!(
            "{path}: is a link, and results are not written through links; choose a real folder"
        )));
    }
    Ok(())
}

/// Writes a file that only its owner can read: under a temporary name, then moved to its place.
///
/// # Errors
/// When the folder of the file cannot be written.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || -> io::Result<()> {
        let parent = path.parent().filter(|parent| *parent != Path::new(""));
        let parent = parent.unwrap_or(Path::new("."));
        let mut beside = tempfile::NamedTempFile::new_in(parent)?;
        beside.write_all(bytes)?;
        beside.as_file().sync_all()?;
        beside.persist(path)?;
        File::open(parent)?.sync_all()
    };
    write().map_err(|error| Failure::io(path, "write", &error))
}

/// Removes the pictures that are not in `kept`, and no other file.
fn remove_old_pictures(evidence: &Path, kept: &BTreeSet<PathBuf>) -> io::Result<()> {
    for document in fs::read_dir(evidence)? {
        let document = document?;
        if !document.file_type()?.is_dir() {
            continue;
        }
        for picture in fs::read_dir(document.path())? {
            let path = picture?.path();
            let is_picture = path.extension().is_some_and(|e| e == "png" || e == "jpg");
            if is_picture && !kept.contains(&path) {
                fs::remove_file(&path)?;
            }
        }
        // fails where other files remain, which then stay
        let _ = fs::remove_dir(document.path());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use pipeline::examination::{Evidence, EvidenceKind};

    use super::*;

    fn picture(id: &str) -> EvidencePicture {
        let evidence = Evidence {
            id: id.to_owned(),
            kind: EvidenceKind::Crop,
            page: 1,
            polygon: Vec::new(),
            media_type: "image/png".to_owned(),
            width: 1,
            height: 1,
            sha256: String::new(),
            masked: None,
        };
        EvidencePicture { evidence, bytes: b"picture".to_vec() }
    }

    fn write(out: &Path, document: &str, ids: &[&str]) -> Result<(), Failure> {
        let made: Vec<EvidencePicture> = ids.iter().map(|id| picture(id)).collect();
        let pictures = vec![(document, made.as_slice())];
        write_results(out, &Results { pictures, report: "report", verdict: "{}" })
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn results_are_complete_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("verdict");
        write(&out, "D-1", &["zone-1", "zone-1-masked"]).unwrap();
        assert_eq!(names(&out), ["evidence", "report.html", "verdict.json"]);
        assert_eq!(names(&out.join("evidence/D-1")), ["zone-1-masked.png", "zone-1.png"]);
        let mode = out.join("verdict.json").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn only_pictures_of_an_earlier_run_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("verdict");
        write(&out, "D-1", &["zone-1", "zone-2"]).unwrap();
        fs::write(out.join("evidence/D-1/notes.txt"), "mine").unwrap();
        write(&out, "D-1", &["zone-1"]).unwrap();
        assert_eq!(names(&out.join("evidence/D-1")), ["notes.txt", "zone-1.png"]);
        write(&out, "D-2", &["zone-1"]).unwrap();
        assert_eq!(names(&out.join("evidence")), ["D-1", "D-2"]);
        fs::remove_file(out.join("evidence/D-1/notes.txt")).unwrap();
        write(&out, "D-2", &["zone-1"]).unwrap();
        assert_eq!(names(&out.join("evidence")), ["D-2"]);
    }

    #[test]
    fn nothing_is_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let out = folder.path().join("verdict");
        symlink(elsewhere.path(), &out).unwrap();
        assert!(write(&out, "D-1", &["zone-1"]).is_err());
        assert!(names(elsewhere.path()).is_empty());
    }

    #[test]
    fn names_stay_in_their_folder() {
        for (name, safe) in [
            ("A-104", "A-104"),
            ("../../etc/passwd", "-..-etc-passwd"),
            ("..", "unnamed"),
            ("Анна", "----"),
            ("", "unnamed"),
        ] {
            assert_eq!(safe_name(name), safe);
        }
        assert_eq!(safe_name(&"x".repeat(100)).len(), 64);
    }
}
