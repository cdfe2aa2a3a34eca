//! What the registry holds, as types. `Debug` prints ids and codes.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use pipeline::application::{Application, Document};
use pipeline::examination::Examination;
use pipeline::kind::Kind;
use pipeline::reason::Reason;
use serde::{Deserialize, Serialize};

use super::applications::Schedule;
use super::succession::Succession;

/// `Debug` with the named fields alone.
macro_rules! shows {
    ($type:ident: $($field:ident),+) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($type))
                    $(.field(stringify!($field), &self.$field))+
                    .finish_non_exhaustive()
            }
        }
    };
}
pub(super) use shows;

/// What an examination depends on, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct ExaminationKey {
    /// Of the bytes.
    pub(crate) sha256: String,
    /// As declared.
    pub(crate) kind: Kind,
    /// Name and version of what looked.
    pub(crate) examiner: String,
}

impl ExaminationKey {
    /// The key under which it is stored.
    #[must_use]
    pub(crate) fn of(examination: &Examination) -> Self {
        Self {
            sha256: examination.sha256.clone(),
            kind: examination.kind,
            examiner: examination.examiner.clone(),
        }
    }
}

/// Where an application is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    /// Documents came first, or something else was said of it.
    Expected,
    /// It is here.
    Submitted,
    /// It was erased; late deliveries find this.
    Withdrawn,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Submitted => "submitted",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [Self::Expected, Self::Submitted, Self::Withdrawn].into_iter().find(|s| s.name() == name)
    }
}

/// Everything known of one application.
#[derive(Clone, PartialEq)]
pub(crate) struct Record {
    /// The portal's name for it.
    pub(crate) application_id: String,
    /// Where it is.
    pub(crate) state: State,
    /// As submitted; none until then.
    pub(crate) application: Option<Application>,
    /// When it was first heard of; once submitted, when that command was received.
    pub(crate) received_at: Timestamp,
    /// When there was news of it last: what retention counts from.
    pub(crate) touched_at: Timestamp,
    /// When its portal said what `application` holds.
    pub(crate) said_at: Option<Timestamp>,
    /// The days on which it asks for attention.
    pub(crate) schedule: Schedule,
    /// In order of first mention.
    pub(crate) documents: Vec<DocumentRecord>,
    /// Which document stands in whose place.
    pub(crate) succession: Succession,
}

shows!(Record: application_id, state, documents);

impl Record {
    /// What is known of a document.
    pub(crate) fn document(&self, document_id: &str) -> Option<&DocumentRecord> {
        self.documents.iter().find(|known| known.document.document_id == document_id)
    }
}

/// One document of an application.
#[derive(Clone, PartialEq)]
pub(crate) struct DocumentRecord {
    /// As last announced.
    pub(crate) document: Document,
    /// The stage that it was announced for.
    pub(crate) stage: String,
    /// What became of its file.
    pub(crate) seen: SeenRecord,
    /// Whether another stands in its place.
    pub(crate) replaced: bool,
    /// When its portal said so.
    pub(crate) said_at: Option<Timestamp>,
}

impl fmt::Debug for DocumentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentRecord({} {:?}", self.document.document_id, self.seen)?;
        f.write_str(if self.replaced { " replaced)" } else { ")" })
    }
}

/// What became of a document's file.
#[derive(Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "the large one is the usual one")]
pub(crate) enum SeenRecord {
    /// It is still to be looked at.
    Expected,
    /// It was examined.
    Examined(Examination),
    /// It could not be had, which the portal mends, or we failed after every attempt.
    Missing(Reason),
}

impl SeenRecord {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Examined(_) => "examined",
            Self::Missing(_) => "missing",
        }
    }
}

impl fmt::Debug for SeenRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One state of a verdict.
#[derive(Clone, PartialEq)]
pub(crate) struct Revision {
    /// Whose.
    pub(crate) application_id: String,
    /// Empty for the application, else a document's id.
    pub(crate) scope: String,
    /// From 1.
    pub(crate) revision: u32,
    /// Of the verdict's body.
    pub(crate) digest: String,
    /// Of the revision before it.
    pub(crate) previous_digest: Option<String>,
    /// The day of judging.
    pub(crate) on: Date,
    /// The rule set.
    pub(crate) programme: String,
    /// The body's outcome.
    pub(crate) outcome: String,
    /// Whether every document was settled.
    pub(crate) complete: bool,
    /// The whole verdict, JSON.
    pub(crate) verdict: String,
    /// When it was made.
    pub(crate) produced_at: Timestamp,
    /// When it was in the object store for certain.
    pub(crate) attached_at: Option<Timestamp>,
}

shows!(Revision: application_id, scope, revision, digest, outcome, complete, attached_at);

/// A revision before it has a number.
#[derive(Clone)]
pub(crate) struct NewRevision {
    /// Empty for the application, else a document's id.
    pub(crate) scope: String,
    /// Of the verdict's body.
    pub(crate) digest: String,
    /// The day of judging.
    pub(crate) on: Date,
    /// The rule set.
    pub(crate) programme: String,
    /// The body's outcome.
    pub(crate) outcome: String,
    /// Whether every document was settled.
    pub(crate) complete: bool,
    /// The whole verdict, JSON.
    pub(crate) verdict: String,
    /// When it was made.
    pub(crate) produced_at: Timestamp,
}

shows!(NewRevision: scope, digest, outcome, complete);
