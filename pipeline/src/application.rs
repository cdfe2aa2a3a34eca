//! What a portal submits: one application of one person at one stage.
//!
//! The same JSON is the data of a message and the `application.json` of a
//! folder. Unknown fields are ignored, an unknown kind becomes [`Kind::Other`],
//! and every text is normalised to NFC at this door.

use std::borrow::Cow;
use std::fmt;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::error::Category;
use unicode_normalization::UnicodeNormalization;

use crate::digest::{is_hex, sha256};
use crate::hidden::hidden_debug;
use crate::kind::Kind;

/// One person, one stage, and the documents uploaded for it.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Application {
    /// The portal's name for it: 1 to 64 of `A-Z a-z 0-9 . _ -`, no leading dot.
    #[serde(deserialize_with = "nfc")]
    pub application_id: String,
    /// Which list of documents applies; a name of the programme file.
    #[serde(deserialize_with = "nfc")]
    pub stage: String,
    /// The instant at which the portal accepted the application (UTC). Absent:
    /// the caller's time of receipt is used, and the verdict says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// What the person typed into the form.
    #[serde(default)]
    pub applicant: Applicant,
    /// Every upload that belongs to the application.
    #[serde(default)]
    pub documents: Vec<Document>,
}

/// What the person typed into the form. Personal data: `Debug` prints nothing.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Applicant {
    /// The same name in one or more scripts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Date>,
    /// Sex as in the passport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Kazakhstan's individual identification number, 12 digits as typed.
    #[serde(default, deserialize_with = "nfc_option", skip_serializing_if = "Option::is_none")]
    pub iin: Option<String>,
    /// Citizenships as ICAO Doc 9303 part 3 codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citizenships: Vec<String>,
}

/// A name in one script.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Name {
    /// `latin` or `cyrillic`.
    #[serde(deserialize_with = "nfc")]
    pub script: String,
    /// Primary identifier.
    #[serde(default, deserialize_with = "nfc")]
    pub surname: String,
    /// Secondary identifier.
    #[serde(default, deserialize_with = "nfc")]
    pub given_names: String,
    /// Patronymic, where the form has one.
    #[serde(default, deserialize_with = "nfc_option", skip_serializing_if = "Option::is_none")]
    pub patronymic: Option<String>,
}

/// Sex as the visual zone of a passport has it; the zone prints `<` for `X`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the letters are the standard's own")]
pub enum Sex {
    M,
    F,
    X,
}

/// One upload with one declared kind.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "DocumentWire", into = "DocumentWire")]
pub struct Document {
    /// The portal's name for it; same alphabet as `application_id`.
    pub document_id: String,
    /// What the portal says it is.
    pub kind: Kind,
    /// The declared kind's own word where it is none of ours.
    pub unknown_kind: Option<String>,
    /// Where the bytes are: beside `application.json` …
    pub file: Option<String>,
    /// … or in the object store. Exactly one of the two.
    pub object: Option<Object>,
    /// The media type that the portal believes it has; compared, never trusted.
    pub media_type: Option<String>,
    /// SHA-256 of the bytes, lower-case hexadecimal; compared when given.
    pub sha256: Option<String>,
}

/// A place in an S3-compatible store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Object {
    /// Bucket name.
    pub bucket: String,
    /// Object key.
    pub key: String,
    /// The version that was uploaded, where the bucket keeps versions.
    #[serde(default)]
    pub version_id: Option<String>,
}

/// The longest key that S3 knows, in bytes.
pub const MAX_KEY: usize = 1024;
const KEY_RULE: &str = "1 to 1024 bytes, no control characters, no segment `.` or `..`";

/// Whether no store can take a key for another place: dot segments are
/// normalised away by proxies and some stores, and would then name another
/// bucket; control characters do not survive a listing.
#[must_use]
pub fn is_key(key: &str) -> bool {
    (1..=MAX_KEY).contains(&key.len())
        && !key.chars().any(char::is_control)
        && !key.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// Why a submission cannot be used. The portal mends it; nothing is retried.
#[derive(Debug, thiserror::Error)]
pub enum ApplicationError {
    /// Not JSON, or not of the published shape.
    #[error("application is not in the published form: line {line}, column {column}: {what}")]
    Shape {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What kind of fault; the value itself may be personal and is not told.
        what: &'static str,
    },
    /// Of the right shape with values that cannot be meant; every one is listed.
    #[error("application has unusable values: {}", joined(.0))]
    Values(Vec<Fault>),
}

impl Application {
    /// Reads and checks what a portal sent.
    ///
    /// # Errors
    /// The first fault of form with its line and column, or every unusable
    /// value with its JSON pointer. Messages hold pointers and limits, never a
    /// person's data.
    pub fn parse(untrusted: &[u8]) -> Result<Self, ApplicationError> {
        let application: Self = serde_json::from_slice(untrusted).map_err(|e| shape(&e))?;
        let faults = application.faults("");
        if faults.is_empty() { Ok(application) } else { Err(ApplicationError::Values(faults)) }
    }

    /// SHA-256 of stage, time of acceptance and what the person typed, as JSON
    /// with sorted keys: by it a verdict names the form that it is about.
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

impl Document {
    /// Returns every unusable value with its JSON pointer. `pointer` is the
    /// place of the document in its message.
    #[must_use]
    pub fn faults(&self, pointer: &str) -> Vec<Fault> {
        let id = id_fault(&self.document_id, &format!("{pointer}/document_id"));
        id.into_iter().chain(self.upload_faults(pointer)).collect()
    }

    fn upload_faults(&self, pointer: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |place: &str, rule: &str| {
            faults.push(Fault::new(&format!("{pointer}{place}"), rule));
        };
        match (&self.file, &self.object) {
            (Some(file), None) if !is_file_name(file) => {
                add("/file", "a plain file name beside application.json, without folders");
            }
            (Some(_), None) | (None, Some(_)) => {}
            _ => add("", "exactly one of file and object"),
        }
        if self.object.as_ref().is_some_and(|object| !is_key(&object.key)) {
            add("/object/key", KEY_RULE);
        }
        if self.sha256.as_deref().is_some_and(|hash| !is_sha256(hash)) {
            add("/sha256", "64 lower-case hexadecimal digits");
        }
        faults
    }
}

/// One fault of a message: a place and its rule, never the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// JSON pointer into the message.
    pub pointer: String,
    /// The rule for this place.
    pub detail: String,
}

impl Fault {
    /// Creates a fault.
    #[must_use]
    pub fn new(pointer: &str, detail: &str) -> Self {
        Self { pointer: pointer.to_owned(), detail: detail.to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.detail)
    }
}

/// Checks one id.
pub(crate) fn id_fault(id: &str, pointer: &str) -> Option<Fault> {
    (!is_id(id)).then(|| Fault::new(pointer, ID_RULE))
}

fn joined(faults: &[Fault]) -> String {
    faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("; ")
}

/// Where and what, without the parser's own words: they quote values.
fn shape(error: &serde_json::Error) -> ApplicationError {
    let what = match error.classify() {
        Category::Eof => "ends too early",
        Category::Data => "a value is missing or of another type than the schema asks for",
        Category::Syntax | Category::Io => "is not JSON",
    };
    ApplicationError::Shape { line: error.line(), column: error.column(), what }
}

/// Far above any real set; keeps one message from filling a queue.
const MAX_DOCUMENTS: usize = 200;
const ID_RULE: &str = "1 to 64 of A-Z a-z 0-9 . _ - and no leading dot";

/// Ids become file names, object keys and routing keys, so their alphabet is small.
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && !text.starts_with('.')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

/// A name in one folder: no separators, no parent, no control characters.
fn is_file_name(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text != "."
        && text != ".."
        && !text.chars().any(|c| c == '/' || c == '\\' || c.is_control())
}

fn is_sha256(text: &str) -> bool {
    is_hex(text, 64)
}

/// One upload with one declared kind: exactly one of `file` and `object`.
// The form on the wire: the kind may be a word that we do not know.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Document")]
struct DocumentWire {
    /// The portal's name for it: 1 to 64 of `A-Z a-z 0-9 . _ -`, no leading dot.
    document_id: String,
    /// `passport`, `portrait`, …; a word that is not known is taken as `other`, with a reason.
    kind: String,
    /// A file beside `application.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// A place in the object store.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Object>,
    /// The media type that the portal believes it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}

impl From<Document> for DocumentWire {
    fn from(document: Document) -> Self {
        let Document { document_id, kind, unknown_kind, file, object, media_type, sha256 } =
            document;
        let kind = unknown_kind.unwrap_or_else(|| kind.name().to_owned());
        Self { document_id, kind, file, object, media_type, sha256 }
    }
}

impl From<DocumentWire> for Document {
    fn from(wire: DocumentWire) -> Self {
        let kind = Kind::from_name(&wire.kind);
        Self {
            document_id: wire.document_id,
            kind: kind.unwrap_or(Kind::Other),
            unknown_kind: kind.is_none().then(|| wire.kind.nfc().take(64).collect()),
            file: wire.file,
            object: wire.object,
            media_type: wire.media_type.map(|text| text.nfc().take(128).collect()),
            sha256: wire.sha256,
        }
    }
}

fn nfc<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Cow::<'de, str>::deserialize(deserializer)?.nfc().collect())
}

fn nfc_option<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<Cow<'de, str>>::deserialize(deserializer)?;
    Ok(text.map(|text| text.nfc().collect()))
}

hidden_debug!(Application, Applicant, Name, Document);

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<Application, ApplicationError> {
        Application::parse(json.as_bytes())
    }

    #[test]
    fn the_published_example_parses() {
        let application = parse(include_str!("../contract/examples/application.json")).unwrap();
        assert_eq!(application.documents[0].kind, Kind::Passport);
        assert_eq!(application.documents[1].object.as_ref().unwrap().key, "A-104/D-2");
    }

    #[test]
    fn an_unknown_kind_becomes_other_and_keeps_its_word() {
        let json = r#"{"application_id": "A", "stage": "s", "future": 1, "documents": [
            {"document_id": "D", "kind": "tax_return", "file": "a.pdf", "later": {}}]}"#;
        let document = &parse(json).unwrap().documents[0];
        assert_eq!(document.kind, Kind::Other);
        assert_eq!(document.unknown_kind.as_deref(), Some("tax_return"));
        let again: Document =
            serde_json::from_str(&serde_json::to_string(document).unwrap()).unwrap();
        assert!(again == *document, "a document survives its own JSON");
    }

    #[test]
    fn names_are_composed() {
        let json = "{\"application_id\": \"A\", \"stage\": \"s\", \"applicant\": {\"names\": \
            [{\"script\": \"latin\", \"surname\": \"MU\u{308}LLER\"}]}}";
        assert_eq!(parse(json).unwrap().applicant.names[0].surname, "M\u{dc}LLER");
    }

    #[test]
    fn every_unusable_value_is_listed_with_its_place() {
        let json = r#"{"application_id": "../A", "stage": "s", "documents": [
            {"document_id": "D", "kind": "cv", "file": "../../etc/passwd"},
            {"document_id": "D", "kind": "cv"},
            {"document_id": "E", "kind": "cv", "file": "a", "sha256": "ABC"}]}"#;
        let error = parse(json).unwrap_err().to_string();
        for place in [
            "/application_id",
            "/documents/0/file",
            "/documents/1/document_id",
            "/documents/1:",
            "/documents/2/sha256",
        ] {
            assert!(error.contains(place), "{place} is missing in {error}");
        }
    }

    #[test]
    fn faults_of_form_quote_no_value() {
        let json = r#"{"application_id": "A", "stage": "s", "applicant": {"iin": 740812400123}}"#;
        let error = parse(json).unwrap_err().to_string();
        assert!(error.contains("line 1, column") && !error.contains("7408"), "{error}");
    }

    #[test]
    fn debug_prints_no_person() {
        let json = r#"{"application_id": "A", "stage": "s", "applicant": {"iin": "740812400123"}}"#;
        assert!(!format!("{:?}", parse(json).unwrap()).contains("7408"));
    }
}
