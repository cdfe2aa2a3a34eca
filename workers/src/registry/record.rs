//! What the registry holds, as types. `Debug` prints ids and codes.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use pipeline::application::{Application, Document};
use pipeline::examination::Examination;

use pipeline::reason::Reason;

use super::applications::Schedule;
use super::replacements::Replacements;
use crate::object_keys::RevisionKey;

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

/// Where an application is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ApplicationState {
    /// Documents came first, or something else was said of it.
    Expected,
    /// It is here.
    Submitted,
    /// It was erased; late deliveries find this.
    Withdrawn,
}

impl ApplicationState {
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
pub(crate) struct ApplicationRecord {
    /// The portal's name for it.
    pub(crate) application_id: String,
    /// Where it is.
    pub(crate) state: ApplicationState,
    /// As submitted; none until then.
    pub(crate) application: Option<Application>,
    /// When it was first heard of; once submitted, when that command was received.
    pub(crate) received_at: Timestamp,
    /// When there was news of it last: what retention counts from.
    pub(crate) last_activity_at: Timestamp,
    /// When its portal said what `application` holds.
    pub(crate) occurred_at: Option<Timestamp>,
    /// The days on which it asks for attention.
    pub(crate) schedule: Schedule,
    /// In order of first mention.
    pub(crate) documents: Vec<DocumentRecord>,
    /// Which document stands in whose place.
    pub(crate) replacements: Replacements,
}

shows!(ApplicationRecord: application_id, state, documents);

impl ApplicationRecord {
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
    pub(crate) examination: ExaminationState,
    /// Whether another stands in its place.
    pub(crate) is_replaced: bool,
    /// When its portal said so.
    pub(crate) occurred_at: Option<Timestamp>,
}

impl fmt::Debug for DocumentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentRecord({} {:?}", self.document.document_id, self.examination)?;
        f.write_str(if self.is_replaced { " replaced)" } else { ")" })
    }
}

/// What became of a document's file.
#[derive(Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "the large one is the usual one")]
pub(crate) enum ExaminationState {
    /// It is still to be looked at.
    Pending,
    /// It was examined.
    Examined(Examination),
    /// It could not be had, which the portal mends, or we failed after every attempt.
    Unavailable(Reason),
}

impl ExaminationState {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Examined(_) => "examined",
            Self::Unavailable(_) => "unavailable",
        }
    }
}

impl fmt::Debug for ExaminationState {
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
    pub(crate) judged_on: Date,
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

impl Revision {
    /// The identity of this revision, which its object keys are made of.
    pub(crate) fn key(&self) -> RevisionKey<'_> {
        RevisionKey {
            application_id: &self.application_id,
            scope: &self.scope,
            revision: self.revision,
            digest: &self.digest,
        }
    }
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
    pub(crate) judged_on: Date,
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
