//! The context of a judgement, and its cause.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::objects::Buckets;
use crate::runtime::traces::TraceContext;
use crate::verdicts::event::EventOrigin;
use crate::verdicts::programmes::Programmes;

/// The programmes and the day by which applications are judged, and where results are.
pub(crate) struct JudgeContext<'a> {
    pub(crate) programmes: &'a Programmes,
    pub(crate) now: Timestamp,
    /// Day of judging.
    pub(crate) on: Date,
    /// Name and version of this process, for the envelope.
    pub(crate) worker: &'a str,
    /// Where results are.
    pub(crate) buckets: &'a Buckets,
    /// Least time between two revisions of an incomplete application that are attached.
    pub(crate) incomplete_interval: SignedDuration,
}

/// Why an application is judged again. The default is no command: a day has passed.
#[derive(Default)]
pub(crate) struct RevisionCause<'a> {
    /// Id of the portal's command, for `causationid`.
    pub(crate) command_id: Option<&'a str>,
    /// Document that the command is about.
    pub(crate) document_id: Option<&'a str>,
    /// Whether the portal requested a recheck: it gets an answer even when nothing changed.
    pub(crate) is_recheck: bool,
    /// Trace of the command.
    pub(crate) trace: Option<TraceContext>,
    /// Milliseconds by step, for the envelope.
    pub(crate) timings_ms: BTreeMap<String, f64>,
}

impl RevisionCause<'_> {
    /// Returns the origin of events that report the judgement.
    pub(super) fn origin(&self, time: Timestamp) -> EventOrigin<'_> {
        EventOrigin { command_id: self.command_id, trace: self.trace.clone(), time }
    }
}
