//! Judges an application under its lock and adds a revision of its verdict.
//!
//! A redelivery that changes nothing adds no revision. Neither does a day that
//! passes: a verdict names its day, so the application is first judged again for
//! the day of the latest revision, and a new one is added only when inputs have
//! changed or today's findings differ.

mod again;
mod attachment;
mod context;
mod events;
mod new_day;
mod revision;
mod schedule;
mod subject;

use jiff::civil::Date;
use pipeline::reason::{Code, Reason};
use pipeline::verdict::{Body, Verdict, digest};

use super::VerdictError;
use crate::registry::{ApplicationRecord, LockedApplication, NewRevision, OutgoingEvent, Revision};

pub(crate) use again::judge_again;
pub(crate) use context::{JudgeContext, RevisionCause};
pub(crate) use new_day::next_judge_day;
pub(crate) use revision::{new_revision, next_revision, stored_verdict};
pub(crate) use schedule::after_reminder;

use attachment::{attach_at, take_back};
use events::Report;
use revision::{envelope, has_same_findings};
use schedule::schedule;
use subject::Subject;

/// Judges an application and, if the verdict changed, adds a revision and its events.
///
/// # Errors
/// When the database fails, or no programme has the stage.
pub(crate) async fn add_revision_if_changed(
    locked: &mut LockedApplication,
    context: &JudgeContext<'_>,
    cause: &RevisionCause<'_>,
) -> Result<(), VerdictError> {
    let Some(subject) = Subject::find(locked.record(), cause.document_id) else { return Ok(()) };
    let latest = locked.latest_revision(&subject.scope).await?;
    let body = subject.judge(locked.record(), context, context.on)?;
    let (revision, verdict, is_new, taken) = match latest {
        Some(latest) if !is_changed(&subject, locked.record(), context, &latest, &body)? => {
            let verdict = stored_verdict(&latest)?;
            (latest, verdict, false, Vec::new())
        }
        latest => replace_waiting(locked, &subject, context, cause, (&body, latest)).await?,
    };
    if cause.is_recheck && !is_new {
        locked.attach_at_once(&revision).await?;
    }
    if subject.is_application() {
        let known = locked.record().schedule.clone();
        locked.set_schedule(&schedule(&verdict.body, context.on, &known)).await?;
    }
    let report = Report { context, cause, revision: &revision, verdict: &verdict };
    let mut events = report.answers_again(&taken, &subject);
    events.extend(report.events(&subject, is_new));
    for event in &events {
        locked.add_event(event).await?;
    }
    Ok(())
}

/// Adds a revision after the latest one, or in its place where that one waits; none where the
/// one before it says the same. Returns the revision, its verdict, whether it was added, and
/// the events of the one whose place it took.
async fn replace_waiting(
    locked: &mut LockedApplication,
    subject: &Subject,
    context: &JudgeContext<'_>,
    cause: &RevisionCause<'_>,
    (body, latest): (&Body, Option<Revision>),
) -> Result<(Revision, Verdict, bool, Vec<OutgoingEvent>), VerdictError> {
    let attach_at = attach_at(subject, context, cause, body, latest.as_ref());
    let (before, earlier) = take_back(locked, latest).await?;
    let is_taken = !earlier.events.is_empty();
    if let Some(before) = before.as_ref().filter(|_| is_taken)
        && !is_changed(subject, locked.record(), context, before, body)?
    {
        return Ok((before.clone(), stored_verdict(before)?, false, earlier.events));
    }
    let mut envelope = envelope(body, context, cause, before.as_ref());
    envelope.timings_ms.extend(earlier.timings_ms);
    let verdict = Verdict::new(body.clone(), envelope);
    let inputs = subject.inputs(locked.record());
    let new = new_revision(&subject.scope, &verdict, inputs, context.now);
    let revision = locked.add_revision(&NewRevision { attach_at, ..new }).await?;
    Ok((revision, verdict, true, earlier.events))
}

/// Returns the reason for a document that we failed to examine: people check it instead.
pub(crate) fn unavailable(failure: &str) -> Reason {
    Reason::new(Code::MachineCheckUnavailable).with("failure", failure)
}

/// Whether `body` differs from the latest revision by more than its day.
fn is_changed(
    subject: &Subject,
    record: &ApplicationRecord,
    context: &JudgeContext<'_>,
    latest: &Revision,
    body: &Body,
) -> Result<bool, VerdictError> {
    let latest = (latest.digest.as_str(), latest.judged_on);
    Ok(unchanged(subject, record, context, latest, body)?.is_none())
}

/// Returns the body of the latest revision, of which digest and day are known, if `body`
/// differs from it by its day alone.
fn unchanged(
    subject: &Subject,
    record: &ApplicationRecord,
    context: &JudgeContext<'_>,
    (latest_digest, judged_on): (&str, Date),
    body: &Body,
) -> Result<Option<Body>, VerdictError> {
    // a body names its day: that of another day has another digest
    if judged_on == context.on {
        return Ok((digest(body) == latest_digest).then(|| body.clone()));
    }
    let then = subject.judge(record, context, judged_on)?;
    let is_same = digest(&then) == latest_digest && has_same_findings(&then, body);
    Ok(is_same.then_some(then))
}
