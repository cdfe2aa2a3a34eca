//! The data of each type of event.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::application::{Fault, Object};
use crate::kind::Kind;
use crate::programme::Step;
use crate::reason::Code;
use crate::status::Status;
use crate::verdict::Advice;

/// A command was accepted and cannot be lost any more.
pub const ACCEPTED: &str = "kz.tekseru.accepted.v1";
/// One document was examined and judged.
pub const DOCUMENT_VERDICT: &str = "kz.tekseru.document.verdict.v1";
/// An application has a new revision of its verdict.
pub const APPLICATION_VERDICT: &str = "kz.tekseru.application.verdict.v1";
/// A message cannot be used; its portal has to correct it.
pub const REJECTED: &str = "kz.tekseru.rejected.v1";
/// Every attempt failed because of a technical fault; people check instead.
pub const FAILED: &str = "kz.tekseru.failed.v1";
/// The authority's time to answer is about to end, or has ended.
pub const DEADLINE: &str = "kz.tekseru.deadline.approaching.v1";

/// The types of all events.
pub const EVENTS: [&str; 6] =
    [ACCEPTED, DOCUMENT_VERDICT, APPLICATION_VERDICT, REJECTED, FAILED, DEADLINE];

/// The data of `accepted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// Type of the command.
    pub command: String,
    /// The application.
    pub application_id: String,
    /// Number of documents that will be examined because of it.
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
    /// Its kind where its content was not read by machine: a kind that is not read, a passport
    /// without any field, a portrait without a face. Empty otherwise.
    #[serde(default)]
    pub not_read: Vec<Kind>,
    /// Codes of every check that did not simply pass, sorted.
    pub reason_codes: Vec<Code>,
    /// SHA-256 of the examined bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Digest of the body of the verdict with this outcome.
    pub digest: String,
    /// Revision of that verdict.
    pub revision: u32,
    /// Whether its application is known; until then the document is judged alone.
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
    /// Whether every listed document has its final outcome.
    pub complete: bool,
    /// The worst of its required checks.
    pub outcome: Status,
    /// What to do first; never approves and never refuses.
    pub advice: Advice,
    /// Kinds of which a document was not read by machine, sorted: people read them.
    #[serde(default)]
    pub not_read: Vec<Kind>,
    /// Codes of every check that did not simply pass, sorted.
    pub reason_codes: Vec<Code>,
    /// Digest of the body.
    pub digest: String,
    /// Id of the programme that was applied.
    pub programme: String,
    /// Day of the judgement.
    pub on: Date,
    /// Last day of the stage's time limit; absent where none is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Whether that day rests on something that is to be confirmed.
    #[serde(default)]
    pub due_to_confirm: bool,
    /// The full verdict.
    pub verdict: Object,
    /// The report for the reviewer.
    pub report: Object,
}

/// The data of `rejected`: a problem in the shape of RFC 9457.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Problem {
    /// The kind of problem, as a URI.
    #[serde(rename = "type")]
    pub kind: String,
    /// The same in words.
    pub title: String,
    /// What the portal can do.
    pub detail: String,
    /// `source` and `id` of the message, if they could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// Faults with their places: at most 100, then how many more there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// Whether the same message may be accepted later.
    pub retryable: bool,
}

/// The data of `failed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failed {
    /// The application, if the message names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_id: Option<String>,
    /// The document, if the message names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// The reason, as a code for operators.
    pub code: String,
    /// Number of attempts.
    pub attempts: u32,
}

/// The data of `deadline.approaching`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    /// The application.
    pub application_id: String,
    /// The step that must end in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// Last day of the stage's time limit, as in the verdict.
    pub due: Date,
    /// Days until then; negative if it has passed.
    pub days_left: i64,
    /// Whether that day rests on something that is to be confirmed.
    #[serde(default)]
    pub to_confirm: bool,
}
