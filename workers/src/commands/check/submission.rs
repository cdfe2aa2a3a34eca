//! One folder as an application: as its `application.json` says, or by its files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use pipeline::application::{Applicant, Application, Document};
use pipeline::kind::Kind;
use pipeline::reason::{Code, Reason};

use super::find::APPLICATION;
use super::listing::Listing;
use super::{guess, write};
use crate::cli::exit::Failure;
use crate::cli::text::escaped;
use crate::cli::upload::{self, Upload};
use crate::commands::declared;

/// Far above any application; the documents themselves are other files.
const MAX_APPLICATION: u64 = 1 << 20;
/// As many documents as the published form allows.
const MAX_FILES: usize = 200;

/// One application as it lies in a folder.
pub(crate) struct Submission {
    /// Where its files are.
    pub(crate) folder: PathBuf,
    /// What was submitted.
    pub(crate) application: Application,
    /// Kinds that were guessed, by document id.
    pub(crate) notes: BTreeMap<String, Reason>,
    /// The file of each document, in the application's order, where there is one.
    pub(crate) files: Vec<Option<PathBuf>>,
    /// What the caller should know.
    pub(crate) remarks: Vec<String>,
    /// Where results go.
    pub(crate) out: PathBuf,
}

impl Submission {
    /// A second application with the same place for its results.
    pub(crate) fn given_twice(&self) -> Failure {
        let (folder, id) = (self.folder.display(), &self.application.application_id);
        Failure::Input(format!(
            "{folder}: application `{id}` was given already; it is checked once"
        ))
    }
}

/// Reads the application of one folder, or makes one from its files.
///
/// # Errors
/// When its `application.json` cannot be used, or there is nothing in it.
pub(crate) fn read(folder: &Path, stage: &str, out: Option<&Path>) -> Result<Submission, Failure> {
    let listing = Listing::of(folder)?;
    let mut submission = if listing.has(APPLICATION) {
        submitted(folder, &listing)?
    } else {
        guessed(folder, &listing, stage)?
    };
    if let Some(out) = out {
        submission.out = out.join(&submission.application.application_id);
    }
    Ok(submission)
}

fn submitted(folder: &Path, listing: &Listing) -> Result<Submission, Failure> {
    let path = folder.join(APPLICATION);
    let unusable = |why: String| Failure::Input(format!("{}: {why}", path.display()));
    let bytes = match upload::read(&path, Some(folder), MAX_APPLICATION) {
        Ok(Upload::Bytes(bytes)) => bytes,
        Ok(Upload::TooLarge { bytes }) => {
            return Err(unusable(format!("{bytes} bytes; at most {MAX_APPLICATION} are read")));
        }
        Err(error) => return Err(unusable(error.to_string())),
    };
    let application = Application::parse(&bytes).map_err(|e| unusable(e.to_string()))?;
    let mut remarks = Vec::new();
    let mut files = Vec::new();
    for document in &application.documents {
        files.push(match (&document.file, listing.named(&document.document_id).as_slice()) {
            (Some(file), _) => Some(folder.join(file)),
            (None, [name]) => Some(folder.join(name)),
            (None, found) => {
                remarks.push(no_object(folder, &document.document_id, found.len()));
                None
            }
        });
    }
    let (notes, out) = (BTreeMap::new(), folder.join(write::FOLDER));
    Ok(Submission { folder: folder.to_owned(), application, notes, files, remarks, out })
}

fn no_object(folder: &Path, id: &str, found: usize) -> String {
    let folder = folder.display();
    match found {
        0 => format!(
            "{folder}: {id}: is an object in a store, which `check` does not reach; put it here as `{id}` with any extension"
        ),
        _ => format!(
            "{folder}: {id}: several files have this name with different extensions; leave the one that is meant"
        ),
    }
}

fn guessed(folder: &Path, listing: &Listing, stage: &str) -> Result<Submission, Failure> {
    let name = folder.display();
    if listing.files.is_empty() {
        return Err(Failure::Input(format!("{name}: holds no document and no {APPLICATION}")));
    }
    if listing.files.len() > MAX_FILES {
        let found = listing.files.len();
        return Err(Failure::Input(format!(
            "{name}: {found} files; an application has at most {MAX_FILES}"
        )));
    }
    let mut documents = Vec::new();
    let mut notes = BTreeMap::new();
    let mut ids = BTreeSet::new();
    for file in &listing.files {
        let text = file.to_string_lossy();
        let kind = guess::kind(&text);
        let id = free_id(&mut ids, kind);
        notes.insert(id.clone(), Reason::new(Code::DocKindGuessed).with("kind", kind.name()));
        documents.push(document(id, kind, &text));
    }
    let mut remarks = vec![format!(
        "{name}: no {APPLICATION}: stage {stage} taken, kinds guessed from file names"
    )];
    if !listing.folders.is_empty() {
        remarks.push(format!("{name}: its sub-folders were not looked into"));
    }
    let application = Application {
        application_id: id_of(folder),
        stage: stage.to_owned(),
        accepted_at: None,
        applicant: Applicant::default(),
        documents,
    };
    let files = listing.files.iter().map(|file| Some(folder.join(file))).collect();
    let out = folder.join(write::FOLDER);
    Ok(Submission { folder: folder.to_owned(), application, notes, files, remarks, out })
}

fn document(document_id: String, kind: Kind, file: &str) -> Document {
    Document {
        document_id,
        kind,
        unknown_kind: None,
        file: Some(escaped(file)),
        object: None,
        media_type: declared::media_type(Path::new(file)).map(str::to_owned),
        sha256: None,
    }
}

/// `passport`, `passport-2`, …: file names may hold the names of persons.
fn free_id(taken: &mut BTreeSet<String>, kind: Kind) -> String {
    let numbered = (2..).map(|n| format!("{kind}-{n}"));
    let mut ids = std::iter::once(kind.to_string()).chain(numbered);
    ids.find(|id| taken.insert(id.clone())).unwrap_or_default()
}

/// The folder's name in the alphabet of ids.
fn id_of(folder: &Path) -> String {
    let real = folder.canonicalize();
    let name = real.as_deref().unwrap_or(folder).file_name().unwrap_or(OsStr::new("application"));
    write::safe_name(&name.to_string_lossy())
}

#[cfg(test)]
mod tests;
