//! From what is known of an application, under its lock, to a new revision of its verdict.
//!
//! A redelivery that changes nothing makes no revision, and neither does a day
//! that passes: the verdict names its day, so the earlier one is judged again
//! for its own day first, and a new one is added only when inputs have changed
//! or today's says something else.

mod events;
mod schedule;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use pipeline::application::{Applicant, Application};
use pipeline::judge::JudgeError;
use pipeline::reason::{Code, Reason};
use pipeline::status::Status;
use pipeline::verdict::{Body, Check, Envelope, Sandbox, Verdict};
use pipeline::{Case, ExaminationOutcome};

use crate::examiner;
use crate::registry::{
    ApplicationRecord, ApplicationState, DocumentRecord, ExaminationState, LockedApplication,
    NewRevision, RegistryError, Revision,
};
use crate::runtime::traces::TraceContext;
use crate::verdicts::programmes::Rulesets;

use events::events;
pub(crate) use schedule::reminded;
use schedule::schedule;

/// What every application of this worker is judged by, and where results lie.
pub(crate) struct Judge<'a> {
    pub(crate) rulesets: &'a Rulesets,
    pub(crate) now: Timestamp,
    pub(crate) on: Date,
    /// Name and version for the envelope.
    pub(crate) worker: &'a str,
    /// Bucket of results.
    pub(crate) results: &'a str,
}

/// Why it is judged again; by default nobody asked.
#[derive(Default)]
pub(crate) struct Cause<'a> {
    /// Id of the portal's command, for `causationid`.
    pub(crate) command: Option<&'a str>,
    /// The document that gave rise to it.
    pub(crate) document: Option<&'a str>,
    /// Whether the portal asked, and gets an answer even when nothing changed.
    pub(crate) asked: bool,
    /// The trace that it belongs to.
    pub(crate) trace: Option<TraceContext>,
    /// Milliseconds by step.
    pub(crate) timings_ms: BTreeMap<String, f64>,
}

/// Why nothing could be judged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JudgingError {
    /// The database.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// No rule set fits what was submitted.
    #[error(transparent)]
    Judge(#[from] JudgeError),
    /// A stored verdict cannot be read.
    #[error("stored verdict of `{application_id}`, revision {revision}, cannot be read")]
    Stored {
        /// The application.
        application_id: String,
        /// The revision.
        revision: u32,
    },
}

/// Judges what is known and adds a revision, with its events, when it says something new.
///
/// # Errors
/// When the database fails, or no rule set has the stage.
pub(crate) async fn revise(
    locked: &mut LockedApplication,
    judge: &Judge<'_>,
    cause: &Cause<'_>,
) -> Result<(), JudgingError> {
    let Some(subject) = Subject::of(locked.record(), cause.document) else { return Ok(()) };
    let latest = locked.latest_revision(&subject.scope).await?;
    let body = subject.judge(locked.record(), judge, judge.on)?;
    let (revision, new) = match latest {
        Some(latest) if !says_more(&subject, locked.record(), judge, &latest, &body)? => {
            (latest, false)
        }
        latest => (add(locked, &subject, judge, cause, latest.as_ref(), body).await?, true),
    };
    let verdict = stored(&revision)?;
    if subject.scope.is_empty() {
        let known = locked.record().schedule.clone();
        locked.set_schedule(&schedule(&verdict.body, judge.on, &known)).await?;
    }
    for event in events(&subject, judge, cause, &revision, &verdict, new) {
        locked.add_event(&event).await?;
    }
    Ok(())
}

/// What a verdict is about: the whole application, or one document before it.
struct Subject {
    /// As the registry has it: empty for the application.
    scope: String,
    application: Application,
}

impl Subject {
    fn of(record: &ApplicationRecord, document: Option<&str>) -> Option<Self> {
        let listed = |application: &Application| {
            document.is_none_or(|id| application.documents.iter().any(|d| d.document_id == id))
        };
        match &record.application {
            Some(application)
                if record.state == ApplicationState::Submitted && listed(application) =>
            {
                Some(Self { scope: String::new(), application: application.clone() })
            }
            _ => Some(Self::alone(
                record,
                record
                    .documents
                    .iter()
                    .find(|d| Some(d.document.document_id.as_str()) == document)?,
            )),
        }
    }

    fn alone(record: &ApplicationRecord, document: &DocumentRecord) -> Self {
        let application = Application {
            application_id: record.application_id.clone(),
            stage: document.stage.clone(),
            accepted_at: None,
            applicant: Applicant::default(),
            documents: vec![document.document.clone()],
        };
        Self { scope: document.document.document_id.clone(), application }
    }

    fn judge(
        &self,
        record: &ApplicationRecord,
        judge: &Judge<'_>,
        on: Date,
    ) -> Result<Body, JudgeError> {
        let case = Case {
            application: &self.application,
            examinations: outcomes(record),
            guessed_kinds: BTreeMap::new(),
            programmes: judge.rulesets.all(),
            received_at: record.received_at,
            on,
        };
        if self.scope.is_empty() {
            pipeline::judge(&case)
        } else {
            pipeline::judge_single_document(&case)
        }
    }
}

fn outcomes(record: &ApplicationRecord) -> BTreeMap<&str, ExaminationOutcome<'_>> {
    fn outcome(document: &DocumentRecord) -> Option<ExaminationOutcome<'_>> {
        match &document.examination {
            ExaminationState::Pending => None,
            ExaminationState::Examined(examination) => {
                Some(ExaminationOutcome::Examined(examination))
            }
            ExaminationState::Unavailable(reason) => {
                Some(ExaminationOutcome::Unavailable(reason.clone()))
            }
        }
    }
    let documents = record.documents.iter();
    documents.filter_map(|d| Some((d.document.document_id.as_str(), outcome(d)?))).collect()
}

/// We failed to look; people check instead.
pub(crate) fn unavailable(failure: &str) -> Reason {
    Reason::new(Code::MachineCheckUnavailable).with("failure", failure)
}

/// Whether `body` says what `latest` does not.
fn says_more(
    subject: &Subject,
    record: &ApplicationRecord,
    judge: &Judge<'_>,
    latest: &Revision,
    body: &Body,
) -> Result<bool, JudgingError> {
    if digest(body) == latest.digest {
        return Ok(false);
    }
    if latest.judged_on == judge.on {
        return Ok(true);
    }
    let then = subject.judge(record, judge, latest.judged_on)?;
    Ok(digest(&then) != latest.digest || findings(&then) != findings(body))
}

/// What a reviewer would act on: status and codes of every check, without the numbers that count days.
fn findings(body: &Body) -> Vec<(&str, Option<&str>, Status, BTreeSet<Code>)> {
    let codes = |check: &Check| check.reasons.iter().map(|reason| reason.code).collect();
    let of = |check| (check_id(check), check.document_id.as_deref(), check.status, codes(check));
    body.checks.iter().map(of).collect()
}

fn check_id(check: &Check) -> &str {
    &check.id
}

fn digest(body: &Body) -> String {
    Verdict::new(body.clone(), Envelope::default()).digest
}

async fn add(
    locked: &mut LockedApplication,
    subject: &Subject,
    judge: &Judge<'_>,
    cause: &Cause<'_>,
    latest: Option<&Revision>,
    body: Body,
) -> Result<Revision, JudgingError> {
    let examiners = body.documents.iter().filter_map(|document| document.examiner.as_deref());
    let outside = examiners.into_iter().any(examiner::is_unsandboxed);
    let envelope = Envelope {
        revision: latest.map_or(1, |latest| latest.revision + 1),
        previous_digest: latest.map(|latest| latest.digest.clone()),
        produced_at: Some(judge.now),
        worker: judge.worker.to_owned(),
        sandbox: if outside { Sandbox::Off } else { Sandbox::On },
        timings_ms: cause.timings_ms.clone(),
    };
    let verdict = Verdict::new(body, envelope);
    Ok(locked.add_revision(&new_revision(&subject.scope, &verdict, judge.now)).await?)
}

/// A verdict as the registry keeps it.
pub(crate) fn new_revision(scope: &str, verdict: &Verdict, produced_at: Timestamp) -> NewRevision {
    NewRevision {
        scope: scope.to_owned(),
        digest: verdict.digest.clone(),
        judged_on: verdict.body.on,
        programme: verdict.body.programme.id.clone(),
        outcome: name(&verdict.body.outcome),
        complete: verdict.body.complete,
        verdict: serde_json::to_string(verdict).expect("a verdict is JSON"),
        produced_at,
    }
}

/// The verdict of a revision.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn stored(revision: &Revision) -> Result<Verdict, JudgingError> {
    serde_json::from_str(&revision.verdict).map_err(|_| JudgingError::Stored {
        application_id: revision.application_id.clone(),
        revision: revision.revision,
    })
}

/// A status as JSON writes it.
fn name(status: &Status) -> String {
    let value = serde_json::to_value(status).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
