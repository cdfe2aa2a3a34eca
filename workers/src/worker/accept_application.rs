//! Accepts an application: it is recorded, each of its documents is queued, and
//! its portal is answered.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pipeline::application::{Application, Document};
use pipeline::contract::message::stable_id;

use super::command::CommandContext;
use super::command_time::CommandTime;
use super::document_list::{put_if_newer, with_replacements};
use super::document_message::document_message;
use super::error::ProcessError;
use super::examine::examiner_name;
use super::examine_again::request_round_unless_certain;
use super::outbox;
use super::record_and_judge::judge;
use super::resources::Worker;
use super::withdraw::answer_after_withdrawal;
use crate::broker::Exchange;
use crate::registry::{
    ApplicationRecord, ApplicationState, CommandReceipt, DocumentRecord, ExaminationState,
    LockedApplication, RegistryError,
};
use crate::runtime::failpoint::reached;

/// Accepts an application.
///
/// # Errors
/// When it is rejected, or a service fails.
pub(super) async fn accept_application(
    worker: &Worker,
    context: &CommandContext<'_>,
    application: &Application,
) -> Result<(), ProcessError> {
    let services = &worker.services;
    let accepted_at = application.accepted_at.unwrap_or(context.now);
    context.check_stage(worker, &application.stage, accepted_at)?;
    // asked before the lock: it may start a process
    let examiner = examiner_name(worker).await?;
    let mut locked = services.registry.lock(&context.application, context.now).await?;
    if locked.record().state == ApplicationState::Withdrawn {
        return answer_after_withdrawal(services, context, locked).await;
    }
    let documents = &application.documents;
    context.check_count(worker, accepted_at, locked.record(), documents, "/data/documents")?;
    let is_new = context.record(&mut locked).await? == CommandReceipt::New;
    if is_new && record_application(&mut locked, application, context.now, context.time()).await? {
        retry_unavailable(&mut locked, application).await?;
        for document in &application.documents {
            request_round_unless_certain(&mut locked, document, &examiner).await?;
        }
    }
    let open = open_documents(locked.record(), application);
    if is_new {
        context.accept(&mut locked, open.len() as u32).await?;
    }
    let unknown = open.iter().filter(|known| !known.known_state().is_examined()).count();
    let can_judge = unknown < application.documents.len() || unknown == 0;
    if can_judge {
        judge(services, context, locked, None, BTreeMap::new()).await?;
    } else {
        locked.commit().await?;
    }
    reached("recorded");
    for DocumentRecord { document, .. } in &open {
        queue(worker, context, &application.stage, document).await?;
    }
    reached("queued");
    outbox::attach_and_tell(services, &context.application).await
}

/// Records a submitted application with its documents. Returns false when a
/// later submission is known, which stays.
///
/// # Errors
/// When the database fails.
pub(crate) async fn record_application(
    locked: &mut LockedApplication,
    application: &Application,
    received_at: Timestamp,
    time: CommandTime,
) -> Result<bool, RegistryError> {
    let occurred_at = locked.record().occurred_at;
    if time.is_before(occurred_at) {
        return Ok(false);
    }
    for document in &application.documents {
        put_if_newer(locked, document, &application.stage, time).await?;
    }
    let current = with_replacements(locked.record(), application);
    locked.put_application(&current, received_at, time.stored(occurred_at)).await?;
    Ok(true)
}

/// Makes documents pending again that could not be fetched: the portal sent the
/// application again and may have uploaded them. Stored, so that the worker that
/// takes the message after a crash does the same.
async fn retry_unavailable(
    locked: &mut LockedApplication,
    application: &Application,
) -> Result<(), RegistryError> {
    for document in listed_documents(locked.record(), application) {
        if let ExaminationState::Unavailable(reason) = &document.examination
            && reason.code.retryable()
        {
            let id = &document.document.document_id;
            locked.put_examination_state(id, &ExaminationState::Pending).await?;
        }
    }
    Ok(())
}

/// Returns the documents to be examined: pending ones, those of which a round is
/// requested, and those that could not be fetched but may be there now. Another worker may
/// have marked one as not found meanwhile; it is queued under the same id again.
fn open_documents(record: &ApplicationRecord, application: &Application) -> Vec<DocumentRecord> {
    let is_open = |known: &DocumentRecord| match &known.examination {
        _ if known.rounds.is_due() => true,
        ExaminationState::Pending => true,
        ExaminationState::Unavailable(reason) => reason.code.retryable(),
        ExaminationState::Examined(_) => false,
    };
    listed_documents(record, application).into_iter().filter(is_open).collect()
}

/// Returns the records of the documents that the application lists now.
fn listed_documents(record: &ApplicationRecord, application: &Application) -> Vec<DocumentRecord> {
    let current = record.application.as_ref().unwrap_or(application);
    let known = current.documents.iter().map(|document| record.document(&document.document_id));
    known.flatten().cloned().collect()
}

/// Publishes the message that has one document examined; a repetition has the same id.
async fn queue(
    worker: &Worker,
    context: &CommandContext<'_>,
    stage: &str,
    document: &Document,
) -> Result<(), ProcessError> {
    let application = &context.application;
    let id = stable_id(&[
        &context.received.source,
        &context.received.id,
        application,
        &document.document_id,
    ]);
    let origin = context.origin(context.received.answered_command());
    let (routing_key, message) = document_message(id, application, stage, document, &origin);
    Ok(worker.services.publisher.publish(Exchange::Work, &routing_key, &message).await?)
}
