//! One uploaded document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::fault::Fault;
use super::id::id_fault;
use super::object::{KEY_RULE, Object, is_key};
use crate::digest::is_hex;
use crate::hidden::hidden_debug;
use crate::kind::Kind;

/// One upload with a declared kind.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "DocumentWire", into = "DocumentWire")]
pub struct Document {
    /// Id given by the portal; same alphabet as `application_id`.
    pub document_id: String,
    /// The declared kind.
    pub kind: Kind,
    /// The portal's word for the kind, if the word is not known.
    pub unknown_kind: Option<String>,
    /// Name of a file beside `application.json` …
    pub file: Option<String>,
    /// … or an object in the object store. Exactly one of the two is present.
    pub object: Option<Object>,
    /// The declared media type; compared with the content, never trusted.
    pub media_type: Option<String>,
    /// SHA-256 of the bytes, lower-case hexadecimal; compared with the content if present.
    pub sha256: Option<String>,
}

impl Document {
    /// Returns every unusable value with its JSON pointer. `pointer` is the
    /// place of the document in its message.
    #[must_use]
    pub fn faults(&self, pointer: &str) -> Vec<Fault> {
        let id = id_fault(&self.document_id, &format!("{pointer}/document_id"));
        id.into_iter().chain(self.upload_faults(pointer)).collect()
    }

    pub(super) fn upload_faults(&self, pointer: &str) -> Vec<Fault> {
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
        if self.sha256.as_deref().is_some_and(|hash| !is_hex(hash, 64)) {
            add("/sha256", "64 lower-case hexadecimal digits");
        }
        faults
    }
}

/// Returns whether the text is a name in one folder: no separator, no parent, no
/// control characters.
fn is_file_name(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text != "."
        && text != ".."
        && !text.chars().any(|c| c == '/' || c == '\\' || c.is_control())
}

/// One upload with a declared kind: exactly one of `file` and `object`.
// The JSON form, in which the kind may be a word that is not known.
#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Document")]
struct DocumentWire {
    /// Id given by the portal: 1 to 64 of `A-Z a-z 0-9 . _ -`, no leading dot.
    document_id: String,
    /// `passport`, `portrait`, …; an unknown word counts as `other` and gets a reason.
    kind: String,
    /// A file beside `application.json`.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// An object in the object store.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Object>,
    /// The declared media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits. Without it, and without the
    /// object's `version_id`, each new command makes the object be fetched again.
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

hidden_debug!(Document);
