//! Fields: values that were read from a page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::geometry::Polygon;
use crate::hidden::hidden_debug;

/// A value that was read, with its source, position and confidence.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Field {
    /// Name of the field.
    pub name: FieldName,
    /// The normalised value: fillers as spaces, dates as `YY-MM-DD` or `YYYY-MM-DD`.
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
    /// For a two-digit year: the possible years, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_years: Vec<i16>,
    /// Whether the value may decide a rule.
    pub sure: bool,
    /// Why the value is sure; absent when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Id of the picture that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// Why a value is sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Basis {
    /// The machine readable zone and the visual zone agree.
    #[serde(rename = "zone+visual")]
    ZoneAndVisual,
    /// The machine readable zone alone: its check digits are valid; the visual zone
    /// was not read.
    #[serde(rename = "zone")]
    Zone,
}

/// Names of fields, as in ICAO Doc 9303.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the variants have the names of the standard")]
pub enum FieldName {
    DocumentType,
    IssuingState,
    DocumentNumber,
    Surname,
    GivenNames,
    Nationality,
    DateOfBirth,
    Sex,
    DateOfExpiry,
    PersonalNumber,
    DateOfIssue,
}

impl FieldName {
    /// Every field in the order of reports.
    pub const ALL: [Self; 11] = [
        Self::DocumentType,
        Self::IssuingState,
        Self::DocumentNumber,
        Self::Surname,
        Self::GivenNames,
        Self::Nationality,
        Self::DateOfBirth,
        Self::Sex,
        Self::DateOfExpiry,
        Self::PersonalNumber,
        Self::DateOfIssue,
    ];

    /// Returns the name as serialised.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DocumentType => "document_type",
            Self::IssuingState => "issuing_state",
            Self::DocumentNumber => "document_number",
            Self::Surname => "surname",
            Self::GivenNames => "given_names",
            Self::Nationality => "nationality",
            Self::DateOfBirth => "date_of_birth",
            Self::Sex => "sex",
            Self::DateOfExpiry => "date_of_expiry",
            Self::PersonalNumber => "personal_number",
            Self::DateOfIssue => "date_of_issue",
        }
    }
}

/// Source of a value.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names need no explanation")]
pub enum Source {
    Mrz,
    Visual,
    Form,
    Translation,
    Petition,
    PoliceClearance,
    Exif,
    Iin,
}

hidden_debug!(Field);
