//! The record of one application. `Debug` prints ids and codes.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use pipeline::application::{Application, Document};
use pipeline::examination::Examination;
use pipeline::reason::Reason;

use super::debug_fields::debug_fields;
use super::examination_rounds::ExaminationRounds;
use super::replacements::Replacements;
use crate::application_key::ApplicationKey;

/// The state of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ApplicationState {
    /// A message named it, for example with one of its documents; it is not submitted yet.
    Expected,
    /// It is submitted.
    Submitted,
    /// It is deleted. The row stays as a tombstone for late deliveries.
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

/// Everything that the registry stores about one application.
#[derive(Clone, PartialEq)]
pub(crate) struct ApplicationRecord {
    /// Its portal and id.
    pub(crate) key: ApplicationKey,
    /// Its state.
    pub(crate) state: ApplicationState,
    /// The application as submitted; none until then.
    pub(crate) application: Option<Application>,
    /// Time of the first message about it; once submitted, when that command was received.
    pub(crate) received_at: Timestamp,
    /// Time of the last change that a message made; retention counts from here.
    pub(crate) last_activity_at: Timestamp,
    /// Time of the command that `application` comes from.
    pub(crate) occurred_at: Option<Timestamp>,
    /// The days on which it needs attention.
    pub(crate) schedule: Schedule,
    /// In order of first mention.
    pub(crate) documents: Vec<DocumentRecord>,
    /// Which documents count in place of others.
    pub(crate) replacements: Replacements,
}

debug_fields!(ApplicationRecord: key, state, documents);

impl ApplicationRecord {
    /// Returns the record of a document.
    pub(crate) fn document(&self, document_id: &str) -> Option<&DocumentRecord> {
        self.documents.iter().find(|known| known.document.document_id == document_id)
    }
}

/// The days on which an application needs attention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// Last day of the authority's review.
    pub(crate) due_on: Option<Date>,
    /// Local day of application.
    pub(crate) accepted_on: Option<Date>,
    /// Next day on which the verdict may change by date alone.
    pub(crate) next_judge_on: Option<Date>,
    /// Next day on which the authority is reminded.
    pub(crate) next_reminder_on: Option<Date>,
}

/// The record of one document of an application.
#[derive(Clone, PartialEq)]
pub(crate) struct DocumentRecord {
    /// The document as last announced.
    pub(crate) document: Document,
    /// The stage that it was announced for.
    pub(crate) stage: String,
    /// Whether its file was examined.
    pub(crate) examination: ExaminationState,
    /// How often its file was to be examined, and how often it was.
    pub(crate) rounds: ExaminationRounds,
    /// Whether another document counts in its place.
    pub(crate) is_replaced: bool,
    /// Time of the command that `document` comes from.
    pub(crate) occurred_at: Option<Timestamp>,
}

impl DocumentRecord {
    /// Returns what is known of the file that is to be judged: nothing, while a requested
    /// round is not completed and the file may be another one than that examined before.
    pub(crate) fn known_state(&self) -> &ExaminationState {
        let is_certain = match &self.examination {
            ExaminationState::Examined(examination) => self.names_bytes_of(examination),
            ExaminationState::Pending | ExaminationState::Unavailable(_) => false,
        };
        if is_certain || !self.rounds.is_due() {
            &self.examination
        } else {
            &ExaminationState::Pending
        }
    }

    /// Whether the document names exactly the bytes that were examined, by their hash or as
    /// a version of the object. Without either the object may have been overwritten.
    pub(crate) fn names_bytes_of(&self, examination: &Examination) -> bool {
        match (&self.document.sha256, &self.document.object) {
            (Some(sha256), _) => *sha256 == examination.sha256,
            (None, Some(object)) => object.version_id.is_some(),
            (None, None) => false,
        }
    }
}

impl fmt::Debug for DocumentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DocumentRecord({} {:?}", self.document.document_id, self.examination)?;
        f.write_str(if self.is_replaced { " replaced)" } else { ")" })
    }
}

/// The state of the examination of a document's file.
#[derive(Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "the large one is the usual one")]
pub(crate) enum ExaminationState {
    /// The file is still to be examined.
    Pending,
    /// The file was examined.
    Examined(Examination),
    /// There is no examination: the portal must provide the file, or every
    /// attempt to examine it failed.
    Unavailable(Reason),
}

impl ExaminationState {
    /// Whether there is an examination.
    pub(crate) fn is_examined(&self) -> bool {
        matches!(self, Self::Examined(_))
    }

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
