//! The verdict on one document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::application::Object;
use crate::examination::{
    Basis, Evidence, FieldName, Fingerprints, MediaType, Page, Polygon, Portrait, Source,
};
use crate::hidden::hidden_debug;
use crate::kind::Kind;
use crate::status::Status;

/// The verdict on one document, with its facts.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentVerdict {
    /// The portal's id of the document.
    pub document_id: String,
    /// Declared kind.
    pub kind: Kind,
    /// The portal's own word where the kind is not known to us.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_kind: Option<String>,
    /// Whether the stage requires its kind.
    pub required: bool,
    /// The worst of its required checks; never `pass` while its content is not read.
    pub outcome: Status,
    /// File in the folder of `application.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Location in the object store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    /// SHA-256 of the examined bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Name and version of the examiner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examiner: Option<String>,
    /// Length of the file in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Type of the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// Number of pages in the file.
    pub page_count: u32,
    /// The examined pages.
    pub pages: Vec<Page>,
    /// The fields that were read; two-digit years are resolved where the programme
    /// allows it.
    pub fields: Vec<VerdictField>,
    /// Faces and measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portrait: Option<Portrait>,
    /// Exact and perceptual fingerprints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprints: Option<Fingerprints>,
}

/// A field as the verdict interprets it.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictField {
    /// Name of the field.
    pub name: FieldName,
    /// The value; dates as `YYYY-MM-DD` where the year is known.
    pub value: String,
    /// The characters exactly as read.
    pub raw: String,
    /// Source of the value.
    pub source: Source,
    /// Page that contains it.
    pub page: u32,
    /// Its outline on that page.
    pub polygon: Polygon,
    /// 0..1: confidence of its least certain character.
    pub confidence: f64,
    /// Other possible readings, the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// Number of characters changed by repair.
    pub changed: u32,
    /// Whether the value may decide a rule.
    pub sure: bool,
    /// Why the value is sure; absent when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Id of the picture that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// An evidence picture of one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentEvidence {
    /// `document/evidence`, unique within the verdict.
    pub id: String,
    /// The document that it shows.
    pub document_id: String,
    /// Description of the picture.
    pub evidence: Evidence,
}

hidden_debug!(DocumentVerdict, VerdictField);
