//! Comparisons of the same fact from two sources.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::examination::{FieldName, Source};
use crate::hidden::hidden_debug;

/// A comparison of the same fact from two sources.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The compared field.
    pub field: FieldName,
    /// The first source.
    pub left: Source,
    /// The second source.
    pub right: Source,
    /// Result of the comparison.
    pub result: Agreement,
    /// Method: `exact`, `separators` (case, diacritics and separators ignored), or the
    /// rule for names with its steps, such as `rus-icao-2013+patronymic-one-side`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Id of the check with this result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The document that was compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// The compared value of the first source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_value: Option<String>,
    /// The compared value of the second source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_value: Option<String>,
    /// Places of letters in `left_value` without a counterpart, from 0, in characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_differs: Vec<usize>,
    /// The same in `right_value`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub right_differs: Vec<usize>,
}

/// Result of comparing two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Every character is equal.
    Equal,
    /// Equal by the named method.
    Equivalent,
    /// Not the same, but so near that a person has to compare them.
    Close,
    /// The values differ.
    Different,
    /// One side could not be read or is absent.
    Unreadable,
    /// There is no rule to compare them by.
    NotComparable,
}

hidden_debug!(Comparison);
