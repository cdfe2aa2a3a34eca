//! Who can fix a check.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who can fix a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names need no explanation")]
pub enum FixableBy {
    Applicant,
    Reviewer,
    Operator,
    Portal,
    Nobody,
}
