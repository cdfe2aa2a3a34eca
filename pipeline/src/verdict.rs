//! The judgement: a body that is a function of the inputs, in an envelope that is not.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::application::Object;
use crate::examination::{
    Basis, Evidence, FieldName, Fingerprints, MediaType, Page, Polygon, Portrait, Source,
};
use crate::hidden::hidden_debug;
use crate::kind::Kind;
use crate::reason::{FixableBy, Reason};
use crate::status::Status;

/// Version of the form; raised when a member changes its meaning.
pub const SCHEMA: &str = "tekseru/verdict/1";

/// What the machine says of one application on one day.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// [`SCHEMA`].
    pub schema: String,
    /// `sha256:` and the digest of the body's canonical JSON.
    pub digest: String,
    /// A function of the inputs alone: same inputs, same build, same bytes.
    pub body: Body,
    /// What differs between runs.
    pub envelope: Envelope,
}

/// The part of a verdict that depends on the inputs alone.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Body {
    /// Whose application, at which stage.
    pub subject: Subject,
    /// The day of judging (local to the programme).
    pub on: Date,
    /// The rule set.
    pub programme: ProgrammeRef,
    /// Whether every document that the application lists has been examined.
    pub complete: bool,
    /// The worst of the required checks; never an average, never a score.
    pub outcome: Status,
    /// What would move the application on; never to approve or to refuse.
    pub advice: Advice,
    /// Every check, grave or not, in a fixed order.
    pub checks: Vec<Check>,
    /// Each document with its own outcome.
    pub documents: Vec<DocumentVerdict>,
    /// The same fact from two sources.
    pub comparisons: Vec<Comparison>,
    /// The clock.
    pub dates: Dates,
    /// Pictures that show it; `id` is `document/evidence`.
    pub evidence: Vec<DocumentEvidence>,
    /// Names and versions of what looked and judged.
    pub versions: BTreeMap<String, String>,
}

/// Whose application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// The portal's name for it.
    pub application_id: String,
    /// Its stage.
    pub stage: String,
    /// SHA-256 of the form that was judged: stage, time of acceptance and what
    /// the person typed, as JSON with sorted keys. None where there was no form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_sha256: Option<String>,
    /// The one document that is judged, where its application is not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
}

/// The rule set that judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProgrammeRef {
    /// Its name.
    pub id: String,
    /// For people.
    pub title: String,
    /// The stage's title.
    pub stage_title: String,
    /// First day on which it holds.
    pub effective_from: Date,
    /// Last day, where known.
    pub effective_to: Option<Date>,
    /// Whether it was chosen because it holds on the day of application.
    pub covers: bool,
    /// Whether the act's text has yet to be seen.
    pub to_confirm: bool,
    /// SHA-256 of the programme file.
    pub sha256: String,
}

/// What would move the application on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Nothing was found that needs anybody.
    None,
    /// A reviewer looks at what is named.
    Look,
    /// The applicant can put right what is named.
    AskApplicant,
    /// Our fault or the portal's: try again.
    WaitRetry,
}

/// One rule's outcome.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// `area.rule`, for example `passport.validity`.
    pub id: String,
    /// The document it is about; absent for the application as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
    /// How it ended.
    pub status: Status,
    /// Whether the outcome rests on it; an optional check raises to `warn` at most.
    pub required: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// What the rule asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// By how much it is met (positive) or missed (negative), in the rule's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<f64>,
    /// The rule with its numbers and its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleRef>,
    /// 0..1, where a reading is behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// What the confidence rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Pictures that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    /// Checks that had to come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
    /// Who can put it right.
    pub fixable_by: FixableBy,
    /// Whether the same inputs may come out differently when tried again.
    pub retryable: bool,
}

/// A rule with its numbers and its legal source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    /// Table of the programme file.
    pub id: String,
    /// Its numbers.
    pub parameters: Value,
    /// Title and reference of the source.
    pub source: String,
    /// First day on which it holds.
    pub effective_from: Date,
    /// Last day, where known.
    pub effective_to: Option<Date>,
}

/// One document: what it is, what was read, how it fares.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentVerdict {
    /// The portal's name for it.
    pub document_id: String,
    /// Declared kind.
    pub kind: Kind,
    /// The portal's own word where the kind is none of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_kind: Option<String>,
    /// Whether the stage asks for its kind.
    pub required: bool,
    /// The worst of its required checks; `not_run` while it is not examined.
    pub outcome: Status,
    /// File beside `application.json` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// … or place in the object store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Object>,
    /// SHA-256 of the examined bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Name and version of what examined it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub examiner: Option<String>,
    /// Length of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// What the content is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<MediaType>,
    /// Pages in the file.
    pub page_count: u32,
    /// Pages that were examined.
    pub pages: Vec<Page>,
    /// What was read, two-digit years resolved where the programme's window allows.
    pub fields: Vec<VerdictField>,
    /// Faces and measures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portrait: Option<Portrait>,
    /// Fingerprints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprints: Option<Fingerprints>,
}

/// A value as the verdict understands it.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VerdictField {
    /// What it is.
    pub name: FieldName,
    /// The value; dates as `YYYY-MM-DD` where the year could be told.
    pub value: String,
    /// The characters exactly as read.
    pub raw: String,
    /// Where it comes from.
    pub source: Source,
    /// Page it stands on.
    pub page: u32,
    /// Its outline on that page.
    pub polygon: Polygon,
    /// 0..1.
    pub confidence: f64,
    /// Further readings, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// Characters altered by repair.
    pub changed: u32,
    /// Whether it may decide a rule.
    pub sure: bool,
    /// What the sureness rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// The picture that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// The same fact from two sources.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// What is compared.
    pub field: FieldName,
    /// One side.
    pub left: Source,
    /// The other.
    pub right: Source,
    /// How they compare.
    pub result: Agreement,
    /// By what: `exact`, `separators` (case, marks and separators set aside), `truncated`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// Character for character.
    Equal,
    /// By the named method.
    Equivalent,
    /// They differ.
    Different,
    /// One side could not be read or is absent.
    Unreadable,
}

/// The clock of the application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dates {
    /// When the portal accepted it; absent where the portal did not say, and
    /// the time of receipt picked the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// Whether the portal gave no instant, and the time of receipt was taken.
    pub assumed: bool,
    /// The same as a civil day in the programme's zone.
    pub application_date: Date,
    /// IANA name of that zone.
    pub timezone: String,
    /// Release of the tz database that turned one into the other.
    pub tzdb: String,
    /// Last day of the authority's review.
    pub due: Date,
    /// The last day that is safe however the first day is counted.
    pub due_safe: Date,
    /// From `on` to `due`, negative when overdue.
    pub days_left: i64,
    /// What runs out first, of what could be read surely.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_next: Option<ExpiresNext>,
}

/// What runs out first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExpiresNext {
    /// Which document.
    pub document_id: String,
    /// Its kind.
    pub kind: Kind,
    /// Its last day.
    pub date: Date,
}

/// A picture of one document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentEvidence {
    /// `document/evidence`, unique within the verdict.
    pub id: String,
    /// Which document.
    pub document_id: String,
    /// What it shows and where.
    pub evidence: Evidence,
}

/// The part of a verdict that differs between runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Envelope {
    /// One more than the revision before it.
    pub revision: u32,
    /// Digest of the revision before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_digest: Option<String>,
    /// When it was produced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_at: Option<Timestamp>,
    /// What produced it.
    pub worker: String,
    /// Whether its documents were looked at inside the sandbox; told when not.
    #[serde(default, skip_serializing_if = "Sandbox::is_on")]
    pub sandbox: Sandbox,
    /// Milliseconds by step and document.
    pub timings_ms: BTreeMap<String, f64>,
}

/// Whether documents are looked at inside the sandbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sandbox {
    /// Inside, as ever.
    #[default]
    On,
    /// Outside, as an operator asked.
    Off,
}

impl Sandbox {
    fn is_on(&self) -> bool {
        *self == Self::On
    }
}

impl Verdict {
    /// Puts a body into its envelope.
    ///
    /// # Panics
    /// Never: a body holds nothing that JSON cannot.
    #[must_use]
    pub fn new(body: Body, envelope: Envelope) -> Self {
        let digest = format!("sha256:{}", crate::digest::sha256(canonical(&body).as_bytes()));
        Self { schema: SCHEMA.to_owned(), digest, body, envelope }
    }
}

/// JSON with sorted keys and no white space: the form that is digested.
#[must_use]
pub fn canonical(body: &Body) -> String {
    let mut value = serde_json::to_value(body).expect("a body holds nothing that JSON cannot");
    value.sort_all_objects();
    value.to_string()
}

hidden_debug!(Verdict, Body, Check, DocumentVerdict, VerdictField, Comparison);
