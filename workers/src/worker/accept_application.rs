//! An application comes in: it is written, each of its documents is enqueued,
//! and the portal has its answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pipeline::application::{Application, Document};
use pipeline::contract::commands::{DOCUMENT_SUBMITTED, DocumentSubmitted};
use pipeline::contract::message::{CloudEvent, stable_id};

use super::accept_document::{accept, may_be_read, stage_is_known, take};
use super::document_list::{as_replaced, put_news};
use super::process::Asked;
use super::{Said, WorkError, Worker, record_and_judge, withdraw};
use crate::broker::{Exchange, Lane, Message};
use crate::registry::{
    ApplicationRecord, ApplicationState, CommandReceipt, DocumentRecord, ExaminationState,
    LockedApplication,
};
use crate::runtime::failpoint::reached;
use crate::runtime::traces::TraceContext;
use crate::verdicts::attach;

/// Takes an application.
///
/// # Errors
/// When it cannot be used, or a service fails.
pub(super) async fn application(
    worker: &Worker,
    asked: &Asked<'_>,
    application: &Application,
) -> Result<(), WorkError> {
    let accepted_at = application.accepted_at.unwrap_or(asked.now);
    stage_is_known(worker, asked, &application.stage, accepted_at)?;
    for (i, document) in application.documents.iter().enumerate() {
        may_be_read(worker, asked, document, &format!("/data/documents/{i}"))?;
    }
    let mut locked = worker.services.registry.lock(&application.application_id, asked.now).await?;
    if locked.record().state == ApplicationState::Withdrawn {
        return withdraw::meets_tombstone(&worker.services, asked, locked).await;
    }
    let is_new = take(&mut locked, asked).await? == CommandReceipt::New;
    if is_new && put(&mut locked, application, asked.now, asked.said()).await? {
        look_again(&mut locked, application).await?;
    }
    let open = open(locked.record(), application);
    if is_new {
        accept(&mut locked, asked, open.len() as u32).await?;
    }
    let anything_seen = open.len() < application.documents.len() || open.is_empty();
    if anything_seen {
        record_and_judge::judge(&worker.services, asked, locked, None, BTreeMap::new()).await?;
    } else {
        locked.commit().await?;
    }
    reached("written");
    for document in &open {
        enqueue(worker, asked, &application.stage, document).await?;
    }
    reached("enqueued");
    attach::pending(&worker.services, &application.application_id).await
}

/// Writes what was submitted. False where something was said later, which stays.
///
/// # Errors
/// When the database fails.
pub(crate) async fn put(
    locked: &mut LockedApplication,
    application: &Application,
    received_at: Timestamp,
    said: Said,
) -> Result<bool, WorkError> {
    let known = locked.record().occurred_at;
    if said.is_before(known) {
        return Ok(false);
    }
    for document in &application.documents {
        put_news(locked, document, &application.stage, said).await?;
    }
    let now = as_replaced(locked.record(), application);
    locked.put_application(&now, received_at, said.at(known)).await?;
    Ok(true)
}

/// An application is sent anew: somebody may have mended what could not be had.
/// Written, so that whoever takes up the message after a death still knows.
async fn look_again(
    locked: &mut LockedApplication,
    application: &Application,
) -> Result<(), WorkError> {
    for document in listed(locked.record(), application) {
        if let ExaminationState::Unavailable(reason) = &document.examination
            && reason.code.retryable()
        {
            locked
                .put_examination_state(&document.document.document_id, &ExaminationState::Pending)
                .await?;
        }
    }
    Ok(())
}

/// Documents to be looked at: those that were not, and those that another look
/// may find. Whoever else is at work on one may have said meanwhile that it is
/// not there; it is asked for under the same id again.
fn open(record: &ApplicationRecord, application: &Application) -> Vec<Document> {
    let is_open = |known: &DocumentRecord| match &known.examination {
        ExaminationState::Pending => true,
        ExaminationState::Unavailable(reason) => reason.code.retryable(),
        ExaminationState::Examined(_) => false,
    };
    let open = listed(record, application).into_iter().filter(is_open);
    open.map(|known| known.document).collect()
}

/// What is known of the documents that the application lists now.
fn listed(record: &ApplicationRecord, application: &Application) -> Vec<DocumentRecord> {
    let current = record.application.as_ref().unwrap_or(application);
    let known = current.documents.iter().map(|document| record.document(&document.document_id));
    known.flatten().cloned().collect()
}

/// One message a document, confirmed; repeated, it has the same id.
async fn enqueue(
    worker: &Worker,
    asked: &Asked<'_>,
    stage: &str,
    document: &Document,
) -> Result<(), WorkError> {
    let application_id = asked.application_id();
    let id = stable_id(&[
        &asked.received.source,
        &asked.received.id,
        application_id,
        &document.document_id,
    ]);
    let said = DocumentSubmitted {
        application_id: application_id.to_owned(),
        stage: stage.to_owned(),
        document: document.clone(),
    };
    let about = Some(format!("{application_id}/{}", document.document_id));
    let mut event = CloudEvent::new(DOCUMENT_SUBMITTED, id.clone(), about, asked.now, said);
    event.causationid = Some(asked.received.answers().to_owned());
    TraceContext::inject(asked.trace().as_ref(), &mut event);
    let mut message = Message::new(id, DOCUMENT_SUBMITTED, event.to_json());
    message.headers.trace = asked.trace();
    let lane = Lane::for_kind(document.kind);
    worker
        .services
        .publisher
        .publish(Exchange::Work, &format!("{lane}.submitted"), &message)
        .await?;
    Ok(())
}
