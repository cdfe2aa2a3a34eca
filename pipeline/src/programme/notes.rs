//! What a person should know about a programme and no document proves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The notes of a programme, one table each; verdicts carry them, no check applies them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each field is the table of the note it names")]
pub struct Notes {
    #[serde(default)]
    pub places: Option<Places>,
    #[serde(default)]
    pub reapplication: Option<Reapplication>,
    #[serde(default)]
    pub entry: Option<Entry>,
}

/// Where the programme runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Places {
    /// Short name of the source.
    pub source: String,
    /// Names of the places.
    pub places: Vec<String>,
}

/// The time that must pass after a negative decision before the next application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reapplication {
    /// Short name of the source.
    pub source: String,
    /// Calendar days; absent while the length is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
}

/// The time in which an applicant has to enter the country after approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Short name of the source.
    pub source: String,
    /// Calendar days.
    pub days: i64,
}
