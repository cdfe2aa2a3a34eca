//! The verdict: a body that is a function of the inputs, in an envelope that is not.

mod body;
mod check;
mod comparison;
mod dates;
mod document;
mod envelope;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::sha256;
use crate::hidden::hidden_debug;

pub use body::{Advice, Body, Note, ProgrammeRef, Subject, UnreadDocument};
pub use check::{Check, RuleRef};
pub use comparison::{Agreement, Comparison};
pub use dates::{Clock, Dates, ExpiresNext, HolidayTable};
pub use document::{DocumentEvidence, DocumentVerdict, VerdictField};
pub use envelope::{Envelope, Sandbox};

/// Version of the schema; increased when a field changes its meaning.
pub const SCHEMA: &str = "tekseru/verdict/1";

/// The machine's verdict on one application on one day.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Version of the schema: `tekseru/verdict/1`.
    pub schema: String,
    /// `sha256:` and the SHA-256 of the body's canonical JSON.
    pub digest: String,
    /// Depends on the inputs alone: same inputs, same build, same bytes.
    pub body: Body,
    /// Differs between runs.
    pub envelope: Envelope,
}

impl Verdict {
    /// Computes the digest of a body and puts it into its envelope.
    ///
    /// # Panics
    /// Never: JSON can express every body.
    #[must_use]
    pub fn new(body: Body, envelope: Envelope) -> Self {
        let digest = digest(&body);
        Self { schema: SCHEMA.to_owned(), digest, body, envelope }
    }
}

/// Returns the digest of a body.
///
/// # Panics
/// Never: JSON can express every body.
#[must_use]
pub fn digest(body: &Body) -> String {
    format!("sha256:{}", sha256(canonical_json(body).as_bytes()))
}

/// Returns the JSON with sorted keys and without white space, which is digested.
///
/// # Panics
/// Never: JSON can express every body.
#[must_use]
pub fn canonical_json(body: &Body) -> String {
    let mut value = serde_json::to_value(body).expect("JSON can express every body");
    value.sort_all_objects();
    value.to_string()
}

hidden_debug!(Verdict);
