//! Fetches the uploads of a stored verdict and examines them again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pipeline::application::Document;
use pipeline::digest::sha256;
use pipeline::examination::Examination;
use pipeline::kind::Kind;
use pipeline::reason::Code;
use serde::Serialize;

use super::Comparison;
use super::arguments::Arguments;
use super::difference::{Difference, differences};
use super::stored::StoredVerdict;
use crate::cli::files::{FileContent, read_file};
use crate::cli::{Failure, Terminal};
use crate::examiner::Examiner;
use crate::objects::{Download, FetchError, Objects};
use crate::registry::JudgedOutcome;

/// Where uploads are, and an examiner for them.
pub(super) struct Uploads {
    /// None where the documents are in a folder.
    pub(super) objects: Option<Objects>,
    folder: Option<PathBuf>,
    examiner: Arc<Examiner>,
}

/// What was found where an upload was.
enum Found {
    Bytes(Vec<u8>),
    /// It is longer now than the limit.
    TooLarge(u64),
    /// There is none, and why.
    Nothing(String),
}

/// An examiner of a stored examination that is not the present one.
#[derive(Serialize)]
pub(super) struct OtherExaminer {
    stored: String,
    present: String,
}

/// Every upload examined again.
#[derive(Default)]
pub(super) struct Again {
    pub(super) comparisons: Vec<Comparison>,
    /// By document id, under the name of the examiner that is stored.
    pub(super) examinations: BTreeMap<String, Examination>,
    pub(super) other_examiners: Vec<OtherExaminer>,
}

impl Uploads {
    /// Opens the store, or takes the folder, and starts an examiner.
    ///
    /// # Errors
    /// When the configuration cannot be used, or this machine cannot examine.
    pub(super) fn open(arguments: &Arguments) -> Result<Self, Failure> {
        let folder = arguments.folder.clone();
        let objects = match folder {
            Some(_) => None,
            None => Some(arguments.store.require()?),
        };
        let examiner = Arc::new(arguments.examiner.start_examiner(&[])?);
        Ok(Self { objects, folder, examiner })
    }

    /// Examines every upload again that was examined, and returns the examinations by
    /// document id, under the name of the examiner that is stored: where the build
    /// differs, this is said once, and only what was seen is compared.
    ///
    /// # Errors
    /// When an upload is gone, or a service fails.
    pub(super) async fn examine_again(
        &self,
        stored: &StoredVerdict,
        terminal: &mut Terminal,
    ) -> Result<Again, Failure> {
        let mut again = Again::default();
        let Again { comparisons, examinations, other_examiners } = &mut again;
        for document in &stored.inputs.application.documents {
            let id = &document.document_id;
            let Some(before) = stored.examinations.get(id) else {
                comparisons.push(self.compare_absence(stored, document).await?);
                continue;
            };
            let title = format!("{id} examined again");
            let bytes = match self.fetch(stored, document).await? {
                Found::Bytes(bytes) => bytes,
                Found::TooLarge(bytes) => {
                    let changed = Difference::between("/bytes", &before.bytes, &bytes);
                    comparisons.push(Comparison::new(title, vec![changed]));
                    continue;
                }
                Found::Nothing(why) => {
                    let name = stored.name();
                    return Err(Failure::Input(format!("{name}: the upload of {id} {why}")));
                }
            };
            let hash = sha256(&bytes);
            if hash != before.sha256 {
                let changed = Difference::between("/sha256", &before.sha256, &hash);
                comparisons.push(Comparison::new(format!("{id}: another upload"), vec![changed]));
            }
            let mut now = self.examine(bytes, before.kind).await?;
            let is_said = other_examiners.iter().any(|other| other.stored == before.examiner);
            if now.examiner != before.examiner && !is_said {
                terminal.warn(&format!(
                    "the examiner differs, so what it reads may differ:\n  stored   {}\n  present  {}",
                    before.examiner, now.examiner
                ));
                let present = now.examiner.clone();
                other_examiners.push(OtherExaminer { stored: before.examiner.clone(), present });
            }
            now.examiner.clone_from(&before.examiner);
            comparisons.push(compared(title, before, &now)?);
            examinations.insert(id.clone(), now);
        }
        Ok(again)
    }

    /// Compares why a document was not examined with what is there now.
    async fn compare_absence(
        &self,
        stored: &StoredVerdict,
        document: &Document,
    ) -> Result<Comparison, Failure> {
        let id = &document.document_id;
        let code = match stored.inputs.outcomes.get(id) {
            Some(JudgedOutcome::Unavailable(reason)) => reason.code,
            Some(JudgedOutcome::Examined(_)) | None => {
                return Ok(Comparison::none(format!("{id}: was not examined yet")));
            }
        };
        let now = match self.fetch(stored, document).await? {
            Found::Nothing(_) => Some(Code::FileNotFound),
            Found::TooLarge(_) => Some(Code::FileTooLarge),
            Found::Bytes(_) => None,
        };
        if ![Code::FileNotFound, Code::FileTooLarge].contains(&code) {
            return Ok(Comparison::none(format!("{id}: was not examined, {}", code.name())));
        }
        let differs = now != Some(code);
        let found = differs.then(|| {
            let now = now.map_or("a file to examine", Code::name);
            Difference::between("/code", &code.name(), &now)
        });
        Ok(Comparison::new(format!("{id} fetched again"), found.into_iter().collect()))
    }

    async fn fetch(&self, stored: &StoredVerdict, document: &Document) -> Result<Found, Failure> {
        let nothing = |why: &str| Ok(Found::Nothing(why.to_owned()));
        let limit = self.examiner.file_limits(document.kind).bytes;
        if let Some(folder) = &self.folder {
            let Some(file) = &document.file else { return nothing("names no file") };
            return match read_file(&folder.join(Path::new(file)), Some(folder), limit) {
                Ok(FileContent::Bytes(bytes)) => Ok(Found::Bytes(bytes)),
                Ok(FileContent::TooLarge { bytes }) => Ok(Found::TooLarge(bytes)),
                Err(error) => nothing(&format!("cannot be read: {error}")),
            };
        }
        let Some((object, objects)) = document.object.as_ref().zip(self.objects.as_ref()) else {
            return nothing("is a file; name its folder with --folder");
        };
        match objects.fetch(stored.revision.application.portal(), object, limit).await {
            Ok(Download::Complete(file)) => {
                let read = tokio::task::spawn_blocking(|| file.read()).await;
                Ok(Found::Bytes(read.map_err(Failure::internal)?.map_err(Failure::internal)?))
            }
            Ok(Download::TooLarge { bytes }) => Ok(Found::TooLarge(bytes)),
            Err(FetchError::Missing(_)) => nothing("is gone from the store"),
            Err(error) => Err(Failure::internal(error)),
        }
    }

    async fn examine(&self, bytes: Vec<u8>, kind: Kind) -> Result<Examination, Failure> {
        let examiner = Arc::clone(&self.examiner);
        let result = tokio::task::spawn_blocking(move || examiner.examine(&bytes, kind)).await;
        let result = result.map_err(Failure::internal)?.map_err(Failure::internal)?;
        Ok(result.examined.examination)
    }
}

fn compared(
    title: String,
    before: &Examination,
    again: &Examination,
) -> Result<Comparison, Failure> {
    let value = |examination| serde_json::to_value(examination).map_err(Failure::internal);
    Ok(Comparison::new(title, differences(&value(before)?, &value(again)?)))
}
