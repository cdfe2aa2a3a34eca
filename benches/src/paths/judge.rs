//! Examines and judges a drawn application.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::date;
use pipeline::application::Application;
use pipeline::examination::Examination;
use pipeline::kind::Kind;
use pipeline::open::Limits;
use pipeline::programme::Programme;
use pipeline::{Case, ExaminationOutcome, examine};
use serde_json::{Value, json};

use crate::accuracy::BenchError;

/// Judges the application of a folder, and returns its examinations, which name the
/// digests of their pictures, and its body. Bytes that were `seen` before, as the same
/// kind, are not examined again.
///
/// # Errors
/// When a file cannot be read, or the application is not valid.
pub fn judge_folder(
    folder: &Path,
    seen: &mut HashMap<(Kind, Vec<u8>), Examination>,
) -> Result<Value, BenchError> {
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(|error| BenchError::file(&path, error))
    };
    let invalid = |error: &dyn std::fmt::Display| {
        BenchError::file(folder, std::io::Error::other(error.to_string()))
    };
    let application =
        Application::parse(&read("application.json")?).map_err(|error| invalid(&error))?;
    let mut examined: BTreeMap<&str, Examination> = BTreeMap::new();
    for document in &application.documents {
        let bytes = read(document.file.as_deref().unwrap_or_default())?;
        let key = (document.kind, bytes);
        let examination = seen.get(&key).cloned().unwrap_or_else(|| {
            examine(&key.1, document.kind, &Limits::for_kind(document.kind)).examination
        });
        if !matches!(document.kind, Kind::Passport | Kind::Portrait) {
            seen.insert(key, examination.clone());
        }
        examined.insert(&document.document_id, examination);
    }
    let outcomes = examined.iter().map(|(id, one)| (*id, ExaminationOutcome::Examined(one)));
    let body = pipeline::judge(&Case {
        application: &application,
        examinations: outcomes.collect(),
        guessed_kinds: BTreeMap::new(),
        programmes: Programme::built_in(),
        received_at: Timestamp::UNIX_EPOCH,
        on: date(2026, 1, 2),
    });
    let body = body.map_err(|error| invalid(&error))?;
    Ok(json!({ "examinations": examined, "body": body }))
}
