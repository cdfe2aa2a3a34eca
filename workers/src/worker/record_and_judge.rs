//! One transaction: the examination is stored, the application is judged, a
//! revision and its events are added.

use std::collections::BTreeMap;

use pipeline::application::Document;
use pipeline::contract::commands::Command;
use pipeline::reason::{Code, Reason};

use super::command::CommandContext;
use super::error::ProcessError;
use super::examine::{FileOutcome, FreshExamination};
use super::outbox;
use super::withdraw::{answer_after_withdrawal, delete_late_results};
use crate::object_keys::ExaminationKey;
use crate::registry::{
    ApplicationState, DocumentRecord, ExaminationState, LockedApplication, StoredPictures,
};
use crate::services::Services;
use crate::verdicts::delete;
use crate::verdicts::judging::{RevisionCause, add_revision_if_changed};

/// The result of recording an examination.
pub(super) enum Recorded {
    /// The document is judged, or another message will judge it.
    Done,
    /// The earlier examination was deleted meanwhile: the file must be examined again.
    ExaminationDeleted,
}

/// Milliseconds by step.
type TimingsMs = BTreeMap<String, f64>;

/// Stores the result of a round for a document's file, and judges the application. A round
/// that a later one has overtaken stores nothing: its worker fetched the file earlier.
///
/// # Errors
/// When a service fails.
pub(super) async fn record_and_judge(
    services: &Services,
    context: &CommandContext<'_>,
    document: &Document,
    round: i64,
    outcome: FileOutcome,
) -> Result<Recorded, ProcessError> {
    let mut locked = services.registry.lock(&context.application, context.now).await?;
    let id = &document.document_id;
    let current = locked.record().document(id);
    let is_current = |known: &&DocumentRecord| !known.is_replaced && known.document == *document;
    let Some(known) = current.filter(is_current) else {
        discard(services, context, locked, outcome).await?;
        return Ok(Recorded::Done);
    };
    if known.rounds.completed > round {
        discard(services, context, locked, outcome).await?;
        // its portal gets the answer of the later round
        judge_document(services, context, document).await?;
        return Ok(Recorded::Done);
    }
    let Some(timings_ms) = record(services, &mut locked, id, round, outcome).await? else {
        return Ok(Recorded::ExaminationDeleted);
    };
    locked.complete_round(id, round).await?;
    judge(services, context, locked, Some(id), timings_ms).await?;
    Ok(Recorded::Done)
}

/// Drops the examination of a document that was withdrawn, replaced or examined again meanwhile.
async fn discard(
    services: &Services,
    context: &CommandContext<'_>,
    locked: LockedApplication,
    outcome: FileOutcome,
) -> Result<(), ProcessError> {
    let is_withdrawn = locked.record().state == ApplicationState::Withdrawn;
    drop(locked);
    if let FileOutcome::Examined { examination, .. } = outcome {
        let key = ExaminationKey::from_examination(&examination);
        delete::delete_unused_evidence(&services.registry, &services.objects, &key).await?;
    }
    if is_withdrawn {
        delete_late_results(services, context).await?;
    }
    Ok(())
}

/// Stores the examination and returns its timings; nothing when it was made
/// earlier and has been deleted.
async fn record(
    services: &Services,
    locked: &mut LockedApplication,
    id: &str,
    round: i64,
    outcome: FileOutcome,
) -> Result<Option<TimingsMs>, ProcessError> {
    let (examination, fresh) = match outcome {
        FileOutcome::Examined { examination, fresh } => (*examination, fresh),
        FileOutcome::Unavailable(reason) => {
            let known = locked.record().document(id);
            if !known.is_some_and(|known| stands(known, round, &reason)) {
                let state = ExaminationState::Unavailable(reason);
                locked.put_examination_state(id, &state).await?;
            }
            return Ok(Some(TimingsMs::new()));
        }
    };
    let key = ExaminationKey::from_examination(&examination);
    if fresh.is_none() && !locked.lock_examination(&key).await? {
        return Ok(None);
    }
    let state = ExaminationState::Examined(examination);
    let stored = locked.put_examination_state(id, &state).await?;
    let Some(FreshExamination { timings, pictures }) = fresh else {
        return Ok(Some(TimingsMs::new()));
    };
    if stored == StoredPictures::Deleted {
        services.store_evidence(&key, &pictures).await?;
    }
    let start = (format!("{id}.start"), timings.start);
    Ok(Some(TimingsMs::from([start, (format!("{id}.total"), timings.total)])))
}

/// Whether the examination of a document stands although a round found no file.
fn stands(known: &DocumentRecord, round: i64, reason: &Reason) -> bool {
    let ExaminationState::Examined(examination) = &known.examination else { return false };
    // another worker found the file in the same round
    known.rounds.completed == round
        // the portal may delete uploads; the command still names the bytes that were examined
        || (reason.code == Code::FileNotFound && known.names_bytes_of(examination))
}

/// Judges a document that was examined earlier, so that every pending event is added.
///
/// # Errors
/// When the database fails.
pub(super) async fn judge_document(
    services: &Services,
    context: &CommandContext<'_>,
    document: &Document,
) -> Result<(), ProcessError> {
    judge_unless_withdrawn(services, context, Some(&document.document_id)).await
}

/// Judges the application, whose documents may have changed.
///
/// # Errors
/// When the database fails.
pub(super) async fn judge_application(
    services: &Services,
    context: &CommandContext<'_>,
) -> Result<(), ProcessError> {
    judge_unless_withdrawn(services, context, None).await
}

async fn judge_unless_withdrawn(
    services: &Services,
    context: &CommandContext<'_>,
    document_id: Option<&str>,
) -> Result<(), ProcessError> {
    let locked = services.registry.lock(&context.application, context.now).await?;
    if locked.record().state == ApplicationState::Withdrawn {
        return Ok(());
    }
    judge(services, context, locked, document_id, TimingsMs::new()).await
}

/// Judges an application again at its portal's request.
///
/// # Errors
/// When the command is rejected, or a service fails.
pub(super) async fn recheck(
    services: &Services,
    context: &CommandContext<'_>,
) -> Result<(), ProcessError> {
    let mut locked = services.registry.lock(&context.application, context.now).await?;
    match locked.record().state {
        ApplicationState::Withdrawn => {
            return answer_after_withdrawal(services, context, locked).await;
        }
        // never submitted: nothing about it is stored
        ApplicationState::Expected if locked.record().documents.is_empty() => {
            return Err(context.unknown_application());
        }
        ApplicationState::Expected | ApplicationState::Submitted => {}
    }
    context.record(&mut locked).await?;
    context.accept(&mut locked, 0).await?;
    judge(services, context, locked, None, TimingsMs::new()).await?;
    outbox::attach_and_tell(services, &context.application).await
}

/// Judges under the lock, and commits.
pub(super) async fn judge(
    services: &Services,
    context: &CommandContext<'_>,
    mut locked: LockedApplication,
    document_id: Option<&str>,
    timings_ms: TimingsMs,
) -> Result<(), ProcessError> {
    let cause = RevisionCause {
        command_id: Some(context.received.answered_command()),
        document_id,
        is_recheck: matches!(context.received.command, Command::RecheckRequested(_)),
        trace: context.trace(),
        timings_ms,
    };
    add_revision_if_changed(&mut locked, &services.judge_context(), &cause).await?;
    Ok(locked.commit().await?)
}
