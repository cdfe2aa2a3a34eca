//! An application comes in: it is written, each of its documents is enqueued,
//! and the portal has its answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pipeline::application::{Application, Document};
use pipeline::contract::commands::{DOCUMENT_SUBMITTED, DocumentSubmitted};
use pipeline::contract::message::{CloudEvent, stable_id};
use pipeline::reason::Code;

use super::begin::{accept, as_replaced, may_be_read, stage_is_known, take};
use super::story::Asked;
use super::{WorkError, Worker, finish, withdraw};
use crate::attach;
use crate::broker::{Exchange, Lane, Message};
use crate::failpoint::reached;
use crate::registry::{DocumentRecord, Locked, Record, SeenRecord, State, Taken};

/// Takes an application.
///
/// # Errors
/// When it cannot be used, or a service fails.
pub(super) async fn application(
    worker: &Worker,
    asked: &Asked<'_>,
    application: &Application,
) -> Result<(), WorkError> {
    stage_is_known(worker, asked, &application.stage, "/data/stage")?;
    for (i, document) in application.documents.iter().enumerate() {
        may_be_read(worker, asked, document, &format!("/data/documents/{i}"))?;
    }
    let mut locked = worker.services.registry.lock(&application.application_id, asked.now).await?;
    if locked.record().state == State::Withdrawn {
        return withdraw::meets_tombstone(&worker.services, asked, locked).await;
    }
    let is_new = take(&mut locked, asked).await? == Taken::New;
    if is_new {
        put(&mut locked, application, asked.now).await?;
        accept(&mut locked, asked, 0).await?;
    }
    let open = open(locked.record(), application, is_new);
    let anything_seen = open.len() < application.documents.len() || open.is_empty();
    if anything_seen {
        finish::judge(&worker.services, asked, locked, None, BTreeMap::new()).await?;
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

/// Writes what was submitted.
///
/// # Errors
/// When the database fails.
pub(crate) async fn put(
    locked: &mut Locked,
    application: &Application,
    at: Timestamp,
) -> Result<(), WorkError> {
    for document in &application.documents {
        locked.put_document(document, &application.stage).await?;
    }
    let now = as_replaced(locked, application).await?;
    Ok(locked.put_application(&now, at).await?)
}

/// Documents to be looked at: those that were not, those that we gave up, and,
/// when an application is sent anew, those that somebody may have mended.
fn open(record: &Record, application: &Application, is_new: bool) -> Vec<Document> {
    let listed = record.application.as_ref().unwrap_or(application);
    let is_open = |known: &&DocumentRecord| match &known.seen {
        SeenRecord::Expected => true,
        SeenRecord::Missing(reason) => {
            reason.code == Code::MachineCheckUnavailable || is_new && reason.code.retryable()
        }
        SeenRecord::Examined(_) => false,
    };
    let is_listed = |known: &&DocumentRecord| {
        listed.documents.iter().any(|d| d.document_id == known.document.document_id)
    };
    let open = record.documents.iter().filter(is_listed).filter(is_open);
    open.map(|known| known.document.clone()).collect()
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
    event.causationid = Some(asked.received.id.clone());
    let mut message = Message::event(id, DOCUMENT_SUBMITTED, event.to_json());
    message.headers.traceparent = asked.trace().map(str::to_owned);
    let lane = Lane::of(document.kind);
    worker
        .services
        .publisher
        .publish(Exchange::Work, &format!("{lane}.submitted"), &message)
        .await?;
    Ok(())
}
