//! The envelope of a verdict: the part that differs between runs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The part of a verdict that differs between runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    /// Number of the revision: one more than the previous one.
    pub revision: u32,
    /// Digest of the previous revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_digest: Option<String>,
    /// When it was produced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_at: Option<Timestamp>,
    /// Name of the worker that produced it.
    pub worker: String,
    /// Whether its documents were examined inside the sandbox; present only when not.
    #[serde(default, skip_serializing_if = "Sandbox::is_on")]
    pub sandbox: Sandbox,
    /// Durations in milliseconds by step and document.
    pub timings_ms: BTreeMap<String, f64>,
}

/// Whether documents are examined inside the sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sandbox {
    /// Examined inside the sandbox, as usual.
    #[default]
    On,
    /// Examined outside the sandbox, as the operator configured.
    Off,
}

impl Sandbox {
    fn is_on(&self) -> bool {
        *self == Self::On
    }
}
