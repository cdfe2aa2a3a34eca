//! Reads one folder as an application: from its `application.json`, or from its files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use pipeline::application::{Applicant, Application, Document};
use pipeline::kind::Kind;
use pipeline::reason::{Code, Reason};

use super::applications::APPLICATION_FILE;
use super::kind_from_name::kind_from_name;
use super::listing::Listing;
use crate::cli::Failure;
use crate::cli::files::{FileContent, read_file};
use crate::cli::text::escaped;
use crate::commands::declared_media_type::declared_media_type;
use crate::commands::results::{self, safe_name};

/// Most bytes of an `application.json`; documents are other files.
const MAX_APPLICATION_BYTES: u64 = 1 << 20;
/// The published schema allows as many documents.
const MAX_FILES: usize = 200;

/// One application in a folder.
pub(crate) struct Submission {
    /// The folder of the application.
    pub(crate) folder: PathBuf,
    /// The application as it was submitted.
    pub(crate) application: Application,
    /// Notes about guessed kinds, by document id.
    pub(crate) notes: BTreeMap<String, Reason>,
    /// The file of each document, in the application's order, where there is one.
    pub(crate) files: Vec<Option<PathBuf>>,
    /// Remarks for the caller.
    pub(crate) remarks: Vec<String>,
    /// The folder for results.
    pub(crate) out: PathBuf,
}

impl Submission {
    /// Returns the failure for a second application with the same folder for results.
    pub(crate) fn duplicate(&self) -> Failure {
        let (folder, id) = (self.folder.display(), &self.application.application_id);
        Failure::Input(format!(
            "{folder}: application `{id}` is on the command line twice; only the first is checked"
        ))
    }
}

/// Reads the application of one folder, or makes one from its files.
///
/// # Errors
/// When its `application.json` cannot be used, or the folder is empty.
pub(crate) fn read_submission(
    folder: &Path,
    stage: &str,
    out: Option<&Path>,
) -> Result<Submission, Failure> {
    let listing = Listing::read(folder)?;
    let mut submission = if listing.has_file(APPLICATION_FILE) {
        read_application(folder, &listing)?
    } else {
        guess_application(folder, &listing, stage)?
    };
    if let Some(out) = out {
        submission.out = out.join(&submission.application.application_id);
    }
    Ok(submission)
}

fn read_application(folder: &Path, listing: &Listing) -> Result<Submission, Failure> {
    let path = folder.join(APPLICATION_FILE);
    let unusable = |why: String| Failure::Input(format!("{}: {why}", path.display()));
    let bytes = match read_file(&path, Some(folder), MAX_APPLICATION_BYTES) {
        Ok(FileContent::Bytes(bytes)) => bytes,
        Ok(FileContent::TooLarge { bytes }) => {
            return Err(unusable(format!(
                "has {bytes} bytes; at most {MAX_APPLICATION_BYTES} are allowed"
            )));
        }
        Err(error) => return Err(unusable(error.to_string())),
    };
    let application = Application::parse(&bytes).map_err(|e| unusable(e.to_string()))?;
    let mut remarks = Vec::new();
    let mut files = Vec::new();
    for document in &application.documents {
        files.push(match (&document.file, listing.files_named(&document.document_id).as_slice()) {
            (Some(file), _) => Some(folder.join(file)),
            (None, [name]) => Some(folder.join(name)),
            (None, found) => {
                remarks.push(no_file_remark(folder, &document.document_id, found.len()));
                None
            }
        });
    }
    let (notes, out) = (BTreeMap::new(), folder.join(results::FOLDER));
    Ok(Submission { folder: folder.to_owned(), application, notes, files, remarks, out })
}

fn no_file_remark(folder: &Path, id: &str, found: usize) -> String {
    let folder = folder.display();
    match found {
        0 => format!(
            "{folder}: {id}: the document is in an object store, which `check` does not read; put its file here and name it `{id}`, with any extension"
        ),
        _ => format!(
            "{folder}: {id}: several files have this name with different extensions; keep only one of them"
        ),
    }
}

fn guess_application(folder: &Path, listing: &Listing, stage: &str) -> Result<Submission, Failure> {
    let name = folder.display();
    if listing.files.is_empty() {
        return Err(Failure::Input(format!(
            "{name}: contains no document and no {APPLICATION_FILE}; put the documents there"
        )));
    }
    if listing.files.len() > MAX_FILES {
        let found = listing.files.len();
        return Err(Failure::Input(format!(
            "{name}: contains {found} files; an application may have at most {MAX_FILES}"
        )));
    }
    let mut documents = Vec::new();
    let mut notes = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for file in &listing.files {
        let text = file.to_string_lossy();
        let kind = kind_from_name(&text);
        let id = free_id(&mut ids, kind);
        notes.insert(id.clone(), Reason::new(Code::DocKindGuessed).with("kind", kind.name()));
        documents.push(document(id, kind, &text));
    }
    let mut remarks = vec![format!(
        "{name}: has no {APPLICATION_FILE}; the stage is taken as {stage}, and kinds are guessed from file names"
    )];
    if !listing.folders.is_empty() {
        remarks.push(format!("{name}: the files in its sub-folders were not checked"));
    }
    let application = Application {
        application_id: id_from_folder(folder),
        stage: stage.to_owned(),
        accepted_at: None,
        applicant: Applicant::default(),
        documents,
    };
    let files = listing.files.iter().map(|file| Some(folder.join(file))).collect();
    let out = folder.join(results::FOLDER);
    Ok(Submission { folder: folder.to_owned(), application, notes, files, remarks, out })
}

fn document(document_id: String, kind: Kind, file: &str) -> Document {
    Document {
        document_id,
        kind,
        unknown_kind: None,
        file: Some(escaped(file)),
        object: None,
        media_type: declared_media_type(Path::new(file)).map(str::to_owned),
        sha256: None,
    }
}

/// Returns `passport`, `passport-2`, … and no file name, which may contain a person's name.
fn free_id(taken: &mut BTreeSet<String>, kind: Kind) -> String {
    let numbered = (2..).map(|n| format!("{kind}-{n}"));
    let mut ids = std::iter::once(kind.to_string()).chain(numbered);
    ids.find(|id| taken.insert(id.clone())).unwrap_or_default()
}

/// Returns the folder's name in the alphabet of ids.
fn id_from_folder(folder: &Path) -> String {
    let real = folder.canonicalize();
    let name = real.as_deref().unwrap_or(folder).file_name().unwrap_or(OsStr::new("application"));
    safe_name(&name.to_string_lossy())
}
