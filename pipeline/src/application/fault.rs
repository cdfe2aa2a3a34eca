//! A fault of a message or of an `application.json`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One fault of a message: a place and its rule, never the value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// JSON pointer into the message.
    pub pointer: String,
    /// The rule for this place.
    pub detail: String,
}

impl Fault {
    /// Creates a fault.
    #[must_use]
    pub fn new(pointer: &str, detail: &str) -> Self {
        Self { pointer: pointer.to_owned(), detail: detail.to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.detail)
    }
}
