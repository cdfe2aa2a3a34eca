//! While an application is incomplete, its revisions are attached and told at most once in an
//! interval: six documents would make six pages and twelve messages, of which all but the last
//! say that something is missing. A revision that waits is replaced by the next one, which also
//! answers the commands of both.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pipeline::verdict::Body;

use super::context::{JudgeContext, RevisionCause};
use super::revision::stored_verdict;
use super::subject::Subject;
use crate::registry::{LockedApplication, OutgoingEvent, Revision};
use crate::verdicts::VerdictError;

/// Returns when a revision that follows `latest` is attached, if not at once: the first one, a
/// complete one and an answer to a recheck do not wait.
pub(super) fn attach_at(
    subject: &Subject,
    context: &JudgeContext<'_>,
    cause: &RevisionCause<'_>,
    body: &Body,
    latest: Option<&Revision>,
) -> Option<Timestamp> {
    let is_of_document = cause.document_id.is_some() && !cause.is_recheck;
    let interval = context.incomplete_interval;
    let never_waits = body.complete || !subject.is_application() || !is_of_document;
    if never_waits || interval.is_zero() {
        return None;
    }
    let latest = latest.filter(|latest| !latest.complete)?;
    let at = match latest.attach_at {
        // it waits already: no document makes the wait longer
        Some(at) => at,
        None => latest.attached_at.unwrap_or(latest.produced_at) + interval,
    };
    (at > context.now).then_some(at)
}

/// What a revision that nobody has seen leaves to the one that takes its place.
#[derive(Default)]
pub(super) struct Earlier {
    /// Its events.
    pub(super) events: Vec<OutgoingEvent>,
    /// Milliseconds by step.
    pub(super) timings_ms: BTreeMap<String, f64>,
}

/// Takes the latest revision back if it waits, and returns the one before it.
///
/// # Errors
/// When the database fails.
pub(super) async fn take_back(
    locked: &mut LockedApplication,
    latest: Option<Revision>,
) -> Result<(Option<Revision>, Earlier), VerdictError> {
    if let Some(latest) = latest.as_ref().filter(|latest| latest.attach_at.is_some())
        && let Some(events) = locked.take_back(latest).await?
    {
        let timings_ms = stored_verdict(latest)?.envelope.timings_ms;
        let before = locked.latest_revision(&latest.scope).await?;
        return Ok((before, Earlier { events, timings_ms }));
    }
    Ok((latest, Earlier::default()))
}
