//! The result of a check.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The result of a check, from harmless to severe.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nothing here for the rule to apply to.
    NotApplicable,
    /// The rule is met.
    Pass,
    /// Met or advisory; a person should check it.
    Warn,
    /// Not checked, and why is named; counts as unsure when required, else as warn.
    NotRun,
    /// Could not read or decide.
    Unsure,
    /// Readable evidence shows the rule broken.
    Fail,
    /// Our fault or the portal's, not the applicant's.
    Error,
}

impl Status {
    /// Returns the name as serialised.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotApplicable => "not_applicable",
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::NotRun => "not_run",
            Self::Unsure => "unsure",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}
