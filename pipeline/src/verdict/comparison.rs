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
    /// Method: `exact`, `separators` (case, diacritics and separators ignored), `truncated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

/// Result of comparing two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Every character is equal.
    Equal,
    /// Equal by the named method.
    Equivalent,
    /// The values differ.
    Different,
    /// One side could not be read or is absent.
    Unreadable,
}

hidden_debug!(Comparison);
