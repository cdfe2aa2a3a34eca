//! Why a check has its status: a code that never changes its meaning, and parameters.
//!
//! Codes are added, never reused and never deleted. Each has two sentences in
//! every language under `texts/`, one for the applicant and one for staff; a
//! test keeps codes, texts and parameters in step.

mod code;
mod fixable_by;

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use code::Code;
pub use fixable_by::FixableBy;

/// A reason: a code with the parameters of its sentence.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// Code of the reason.
    pub code: Code,
    /// Parameters of the sentence: numbers, dates, kinds. May hold personal data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Value>,
}

impl Reason {
    /// Creates a reason without parameters.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self { code, params: BTreeMap::new() }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reason({})", self.code)
    }
}
