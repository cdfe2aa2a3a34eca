//! What we tell a portal. Thin: outcomes, codes, digests and where the whole lies.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::CloudEvent;
use crate::application::{Fault, Object};
use crate::kind::Kind;
use crate::reason::Code;
use crate::status::Status;
use crate::verdict::Advice;

/// A command was taken: nothing that it asks for can be lost any more.
pub const ACCEPTED: &str = "kz.tekseru.accepted.v1";
/// One document was examined and judged.
pub const DOCUMENT_VERDICT: &str = "kz.tekseru.document.verdict.v1";
/// An application has a new revision of its verdict.
pub const APPLICATION_VERDICT: &str = "kz.tekseru.application.verdict.v1";
/// A message cannot be used; the portal mends it.
pub const REJECTED: &str = "kz.tekseru.rejected.v1";
/// We failed after every attempt; people check instead.
pub const FAILED: &str = "kz.tekseru.failed.v1";
/// The authority's time to answer runs out.
pub const DEADLINE: &str = "kz.tekseru.deadline.approaching.v1";

/// Every event that is sent.
pub const EVENTS: [&str; 6] =
    [ACCEPTED, DOCUMENT_VERDICT, APPLICATION_VERDICT, REJECTED, FAILED, DEADLINE];

/// The data of `accepted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// Type of the command.
    pub command: String,
    /// The application.
    pub application_id: String,
    /// Documents that are to be examined because of it.
    pub documents: u32,
}

/// The data of `document.verdict`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentVerdictEvent {
    /// The application.
    pub application_id: String,
    /// The document.
    pub document_id: String,
    /// Its declared kind.
    pub kind: Kind,
    /// Its outcome.
    pub outcome: Status,
    /// Codes of every check that did not simply pass, sorted.
    pub reason_codes: Vec<Code>,
    /// SHA-256 of the examined bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Digest of the verdict's body that holds it.
    pub digest: String,
    /// Revision of that verdict.
    pub revision: u32,
    /// Whether its application is known; until then it is judged alone.
    pub application_known: bool,
}

/// The data of `application.verdict`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ApplicationVerdictEvent {
    /// The application.
    pub application_id: String,
    /// Its stage.
    pub stage: String,
    /// Counts from 1; a higher one replaces a lower one, in whatever order they arrive.
    pub revision: u32,
    /// Whether every document that it lists is settled.
    pub complete: bool,
    /// The worst of its required checks.
    pub outcome: Status,
    /// What to do first; never approves and never refuses.
    pub advice: Advice,
    /// Codes of every check that did not simply pass, sorted.
    pub reason_codes: Vec<Code>,
    /// Digest of the body.
    pub digest: String,
    /// Rule set that was judged by.
    pub programme: String,
    /// Day of judging.
    pub on: Date,
    /// Last day of the authority's review.
    pub due: Date,
    /// The whole verdict.
    pub verdict: Object,
    /// The reviewer's page.
    pub report: Object,
}

/// The data of `rejected`: a problem in the shape of RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// What kind of problem, as a URI.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same in words.
    pub title: String,
    /// What to do about it.
    pub detail: String,
    /// `source` and `id` of the message, where they could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Each fault with its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// Whether the same message may be taken later.
    pub retryable: bool,
}

/// The data of `failed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failed {
    /// The application, where the message named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// The document, where the message named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// Why, as a code for operators.
    pub code: String,
    /// How often it was tried.
    pub attempts: u32,
}

/// The data of `deadline.approaching`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    /// The application.
    pub application_id: String,
    /// Last day of the authority's review.
    pub due: Date,
    /// Days until then, negative when it has passed.
    pub days_left: i64,
}

/// An event whose data fits its type.
#[derive(Debug)]
pub struct Event {
    /// Its envelope, with the data as JSON.
    pub envelope: CloudEvent<Value>,
    /// Its type.
    pub kind: String,
}

/// Reads one of our own events, as a portal would.
///
/// # Errors
/// When it is none of the published forms.
pub fn read(bytes: &[u8]) -> Result<Event, serde_json::Error> {
    let envelope: CloudEvent<Value> = serde_json::from_slice(bytes)?;
    let data = envelope.data.clone();
    match envelope.kind.as_str() {
        ACCEPTED => fits::<Accepted>(data),
        DOCUMENT_VERDICT => fits::<DocumentVerdictEvent>(data),
        APPLICATION_VERDICT => fits::<ApplicationVerdictEvent>(data),
        REJECTED => fits::<Problem>(data),
        FAILED => fits::<Failed>(data),
        DEADLINE => fits::<Deadline>(data),
        _ => Err(serde::de::Error::custom("no type of event")),
    }?;
    let kind = envelope.kind.clone();
    Ok(Event { envelope, kind })
}

fn fits<D: DeserializeOwned>(data: Value) -> Result<(), serde_json::Error> {
    serde_json::from_value::<D>(data).map(drop)
}
