//! The application: its fields, how it is parsed and checked.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use super::applicant::Applicant;
use super::document::Document;
use super::fault::Fault;
use super::id::id_fault;
use super::nfc::nfc;
use crate::digest::sha256;
use crate::hidden::hidden_debug;

/// One person, one stage, and the documents uploaded for it.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Application {
    /// Id given by the portal: 1 to 64 of `A-Z a-z 0-9 . _ -`, no leading dot.
    #[serde(deserialize_with = "nfc")]
    pub application_id: String,
    /// The stage of the programme, which has a list of required documents.
    #[serde(deserialize_with = "nfc")]
    pub stage: String,
    /// The instant at which the portal accepted the application (UTC). If it is
    /// absent, the time of receipt is used, and the verdict states this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// The form that the person filled in.
    #[serde(default)]
    pub applicant: Applicant,
    /// All uploads of the application.
    #[serde(default)]
    pub documents: Vec<Document>,
}

/// Why an application cannot be used. The portal has to correct it; nothing is retried.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// Not JSON, or not in the published form.
    #[error("application is not in the published form: line {line}, column {column}: {problem}")]
    Shape {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// The kind of fault. The value may be personal and is not repeated.
        problem: &'static str,
    },
    /// In the published form, with values that cannot be used; all are listed.
    #[error("application has unusable values: {}", joined(.0))]
    Values(Vec<Fault>),
}

impl Application {
    /// Parses and checks an application.
    ///
    /// # Errors
    /// The first fault of form with its line and column, or every unusable
    /// value with its JSON pointer. Errors have pointers and rules, never
    /// personal data.
    pub fn parse(untrusted: &[u8]) -> Result<Self, ApplicationError> {
        let application: Self = serde_json::from_slice(untrusted).map_err(|e| malformed(&e))?;
        let faults = application.faults("");
        if faults.is_empty() { Ok(application) } else { Err(ApplicationError::Values(faults)) }
    }

    /// Returns the SHA-256 of stage, time of acceptance and form, as JSON with
    /// sorted keys. A verdict names by it the form that was judged.
    #[must_use]
    pub fn form_sha256(&self) -> String {
        let mut form = serde_json::json!({
            "stage": self.stage,
            "accepted_at": self.accepted_at,
            "applicant": self.applicant,
        });
        form.sort_all_objects();
        sha256(form.to_string().as_bytes())
    }

    /// Returns every unusable value with its JSON pointer. `pointer` is the
    /// place of the application in its message; empty where it is the whole.
    #[must_use]
    pub fn faults(&self, pointer: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        faults.extend(id_fault(&self.application_id, &format!("{pointer}/application_id")));
        if self.documents.len() > MAX_DOCUMENTS {
            let rule = format!("more than {MAX_DOCUMENTS}");
            faults.push(Fault::new(&format!("{pointer}/documents"), &rule));
        }
        for (i, document) in self.documents.iter().enumerate().take(MAX_DOCUMENTS) {
            let pointer = format!("{pointer}/documents/{i}");
            let id = format!("{pointer}/document_id");
            faults.extend(id_fault(&document.document_id, &id));
            let earlier = &self.documents[..i];
            if earlier.iter().any(|other| other.document_id == document.document_id) {
                faults.push(Fault::new(&id, "used twice"));
            }
            faults.extend(document.upload_faults(&pointer));
        }
        faults
    }
}

/// Most documents of an application: far above any real set. It limits the messages that one
/// application adds to a queue, and what is read whenever it is judged.
pub const MAX_DOCUMENTS: usize = 200;

fn joined(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; ")
}

/// Returns place and kind of fault, without the message of the parser, which quotes values.
fn malformed(error: &serde_json::Error) -> ApplicationError {
    let problem = match error.classify() {
        Category::Eof => "ends too early",
        Category::Data => "a value is missing or not of the type in the schema",
        Category::Syntax | Category::Io => "is not JSON",
    };
    ApplicationError::Shape { line: error.line(), column: error.column(), problem }
}

hidden_debug!(Application);
