//! The body of a verdict: the part that depends on the inputs alone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::check::Check;
use super::comparison::Comparison;
use super::dates::Dates;
use super::document::{DocumentEvidence, DocumentVerdict};
use crate::hidden::hidden_debug;
use crate::kind::Kind;
use crate::programme::Certainty;
use crate::status::Status;

/// The part of a verdict that depends on the inputs alone.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Body {
    /// The application or document that is judged.
    pub subject: Subject,
    /// The day of judging, local to the programme.
    pub on: Date,
    /// The programme whose rules were applied.
    pub programme: ProgrammeRef,
    /// Whether every document that the application lists has been examined.
    pub complete: bool,
    /// The worst of the required checks; not an average and not a score.
    pub outcome: Status,
    /// The next step for the application; never an approval or a refusal.
    pub advice: Advice,
    /// Documents whose content was not read by machine: people read them.
    #[serde(default)]
    pub not_read: Vec<UnreadDocument>,
    /// Every check in a fixed order.
    pub checks: Vec<Check>,
    /// Each document with its own outcome.
    pub documents: Vec<DocumentVerdict>,
    /// Comparisons of the same fact from two sources.
    pub comparisons: Vec<Comparison>,
    /// Dates and deadlines.
    pub dates: Dates,
    /// Pictures that show the findings; `id` is `document/evidence`.
    pub evidence: Vec<DocumentEvidence>,
    /// Versions of the examiner and of the judge.
    pub versions: BTreeMap<String, String>,
}

/// The application or document that is judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// The portal's id of the application.
    pub application_id: String,
    /// Stage of the application.
    pub stage: String,
    /// SHA-256 of the judged form: stage, time of acceptance and the applicant's
    /// entries, as JSON with sorted keys. Absent where there was no form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form_sha256: Option<String>,
    /// The only judged document, where its application is not known yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_id: Option<String>,
}

/// A document whose content was not read by machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnreadDocument {
    /// The portal's id of the document.
    pub document_id: String,
    /// Its declared kind.
    pub kind: Kind,
}

/// The programme whose rules were applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ProgrammeRef {
    /// Id of the programme.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Title of the stage.
    pub stage_title: String,
    /// First day on which it is in force.
    pub effective_from: Date,
    /// Last day on which it is in force, where known.
    pub effective_to: Option<Date>,
    /// Whether it is in force on the day of application; if not, it is the nearest.
    pub covers: bool,
    /// Whether the text of the legal act still has to be confirmed.
    pub to_confirm: bool,
    /// What a person should know and no document proves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// SHA-256 of the programme file.
    pub sha256: String,
}

/// What a person should know about the programme and no document proves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Table of the programme file: `places`, `entry`, `reapplication`.
    pub id: String,
    /// Its numbers and names; a number that is not known is absent.
    pub parameters: Value,
    /// Title and reference of the source.
    pub source: String,
    /// How reliable the source is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certainty: Option<Certainty>,
    /// Whether it still has to be confirmed.
    pub to_confirm: bool,
}

/// The next step for an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// No step is necessary.
    None,
    /// A reviewer examines the named checks.
    Look,
    /// The applicant can fix the named checks.
    AskApplicant,
    /// The problem is ours or the portal's: try again later.
    WaitRetry,
}

impl Body {
    /// Returns the kinds of the documents that were not read by machine.
    #[must_use]
    pub fn kinds_not_read(&self) -> BTreeSet<Kind> {
        self.not_read.iter().map(|document| document.kind).collect()
    }
}

hidden_debug!(Body);
