//! One revision of a verdict. `Debug` prints ids and codes.

use jiff::{Timestamp, civil::Date};

use super::debug_fields::debug_fields;
use super::inputs::JudgedInputs;
use crate::application_key::ApplicationKey;
use crate::object_keys::RevisionKey;

/// One revision of a verdict.
#[derive(Clone, PartialEq)]
pub(crate) struct Revision {
    /// Application that the verdict is about.
    pub(crate) application: ApplicationKey,
    /// Empty for the application, else the id of one document.
    pub(crate) scope: String,
    /// Number of the revision, from 1.
    pub(crate) revision: u32,
    /// Digest of the verdict's body.
    pub(crate) digest: String,
    /// Digest of the revision before it.
    pub(crate) previous_digest: Option<String>,
    /// The day for which it was judged.
    pub(crate) judged_on: Date,
    /// Id of the programme.
    pub(crate) programme: String,
    /// The outcome of the verdict.
    pub(crate) outcome: String,
    /// Whether every document was examined or found unavailable.
    pub(crate) complete: bool,
    /// The whole verdict, JSON.
    pub(crate) verdict: String,
    /// When it was judged.
    pub(crate) produced_at: Timestamp,
    /// When its files are to be written to the object store, if not at once: until then the
    /// next revision may take its place. Absent as soon as a process attaches it.
    pub(crate) attach_at: Option<Timestamp>,
    /// When its files were written to the object store.
    pub(crate) attached_at: Option<Timestamp>,
}

impl Revision {
    /// Returns the identity of this revision, which its object keys are made of.
    pub(crate) fn key(&self) -> RevisionKey<'_> {
        RevisionKey {
            application: &self.application,
            scope: &self.scope,
            revision: self.revision,
            digest: &self.digest,
        }
    }
}

debug_fields!(Revision: application, scope, revision, digest, outcome, complete, attached_at);

/// A revision before it has a number.
#[derive(Clone)]
pub(crate) struct NewRevision {
    /// Empty for the application, else the id of one document.
    pub(crate) scope: String,
    /// Digest of the verdict's body.
    pub(crate) digest: String,
    /// The day for which it was judged.
    pub(crate) judged_on: Date,
    /// Id of the programme.
    pub(crate) programme: String,
    /// The outcome of the verdict.
    pub(crate) outcome: String,
    /// Whether every document was examined or found unavailable.
    pub(crate) complete: bool,
    /// The whole verdict, JSON.
    pub(crate) verdict: String,
    /// What it was judged from.
    pub(crate) inputs: JudgedInputs,
    /// When it was judged.
    pub(crate) produced_at: Timestamp,
    /// When its files are to be written to the object store, if not at once.
    pub(crate) attach_at: Option<Timestamp>,
}

debug_fields!(NewRevision: scope, digest, outcome, complete);
