//! A check: the outcome of one rule.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::examination::Basis;
use crate::hidden::hidden_debug;
use crate::reason::{FixableBy, Reason};
use crate::status::Status;

/// The outcome of one rule.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Id as `area.rule`, for example `passport.validity`.
    pub id: String,
    /// The document that is checked; absent for the application as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// Status of the check.
    pub status: Status,
    /// Whether the outcome depends on it; an optional check raises to `warn` at most.
    pub required: bool,
    /// Reasons for the status.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// Value that the rule requires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Value that was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// Distance to the rule's limit in its unit: positive when the rule is met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// The rule with its parameters and its legal source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleRef>,
    /// 0..1, where the check depends on a reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// Why the value is sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Ids of the pictures that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Ids of the checks that this one depends on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// Who can fix it.
    pub fixable_by: FixableBy,
    /// Whether the same inputs may have another outcome when tried again.
    pub retryable: bool,
}

/// A rule with its parameters and its legal source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    /// Programme and table of its file.
    pub id: String,
    /// Parameters of the rule.
    pub parameters: Value,
    /// Title and reference of the source.
    pub source: String,
    /// Whether the source still has to be confirmed.
    #[serde(default)]
    pub to_confirm: bool,
    /// First day on which it is in force.
    pub effective_from: Date,
    /// Last day on which it is in force, where known.
    pub effective_to: Option<Date>,
}

hidden_debug!(Check);
