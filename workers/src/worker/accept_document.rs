//! What is known of a document before its file is fetched.

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{DOCUMENT_SUBMITTED, Rejection};
use pipeline::contract::events::{ACCEPTED, Accepted};
use pipeline::contract::message::{CloudEvent, SOURCE, stable_id};

use super::document_list::put;
use super::process::Asked;
use super::{WorkError, Worker};
use crate::registry::{
    ApplicationState, CommandReceipt, CommandRef, ExaminationState, LockedApplication,
    OutgoingEvent,
};
use crate::runtime::traces::TraceContext;

/// Where to go on with a document.
pub(super) enum Begun {
    /// From the start.
    New,
    /// Its file was seen already; what follows may not have been done.
    Examined,
    /// Another upload has taken its place since this was said.
    Stale,
    /// Its application was withdrawn.
    Withdrawn(Box<LockedApplication>),
}

/// Takes the command, under the application's lock.
///
/// # Errors
/// When the same id came with another content, or the database fails.
pub(super) async fn document(
    worker: &Worker,
    asked: &Asked<'_>,
    stage: &str,
    document: &Document,
) -> Result<Begun, WorkError> {
    may_be_read(worker, asked, document, "/data/document")?;
    let mut locked = worker.services.registry.lock(asked.application_id(), asked.now).await?;
    if locked.record().state == ApplicationState::Withdrawn {
        return Ok(Begun::Withdrawn(Box::new(locked)));
    }
    // what intake enqueued is known; whoever else uses our name is a portal like any other
    let is_known = locked.record().document(&document.document_id).is_some();
    let ours =
        is_known && asked.received.source == SOURCE && asked.received.kind == DOCUMENT_SUBMITTED;
    if !ours {
        // the day of the application chooses the rule set, once it is known
        let application = locked.record().application.as_ref();
        let day = application
            .map_or(asked.now, |known| known.accepted_at.unwrap_or(locked.record().received_at));
        stage_is_known(worker, asked, stage, day)?;
    }
    if !ours && take(&mut locked, asked).await? == CommandReceipt::New {
        put(&mut locked, asked, stage, document).await?;
        accept(&mut locked, asked, 1).await?;
    }
    let begun = match locked.record().document(&document.document_id) {
        Some(known) if known.is_replaced || known.document != *document => Begun::Stale,
        None => Begun::Stale,
        Some(known) => match known.examination {
            ExaminationState::Examined(_) => Begun::Examined,
            _ => Begun::New,
        },
    };
    locked.commit().await?;
    Ok(begun)
}

/// Notes that the command was taken.
///
/// # Errors
/// When the same id came with another content, or the database fails.
pub(super) async fn take(
    locked: &mut LockedApplication,
    asked: &Asked<'_>,
) -> Result<CommandReceipt, WorkError> {
    match locked.record_command(&CommandRef::from_received(&asked.received, asked.now)).await? {
        CommandReceipt::Conflict => {
            Err(WorkError::Rejected(Box::new(Rejection::conflict(&asked.received))))
        }
        taken => Ok(taken),
    }
}

/// Tells the portal that its command cannot be lost any more.
///
/// # Errors
/// When the database fails.
pub(super) async fn accept(
    locked: &mut LockedApplication,
    asked: &Asked<'_>,
    documents: u32,
) -> Result<(), WorkError> {
    let received = &asked.received;
    let application_id = asked.application_id().to_owned();
    let said = Accepted { command: received.kind.clone(), application_id, documents };
    let id = stable_id(&[ACCEPTED, &received.source, &received.id]);
    let about = said.application_id.clone();
    let mut event = CloudEvent::new(ACCEPTED, id.clone(), Some(about.clone()), asked.now, said);
    event.causationid = Some(received.id.clone());
    TraceContext::inject(asked.trace().as_ref(), &mut event);
    let event = OutgoingEvent {
        id,
        application_id: about,
        routing_key: "accepted".to_owned(),
        body: event.to_json(),
        trace: asked.trace(),
        revision: None,
    };
    Ok(locked.add_event(&event).await?)
}

/// An upload lies in a bucket for uploads, or the message is refused: a portal
/// cannot have us read what it may not. `pointer` is the document's place.
///
/// # Errors
/// When it lies elsewhere.
pub(super) fn may_be_read(
    worker: &Worker,
    asked: &Asked<'_>,
    document: &Document,
    pointer: &str,
) -> Result<(), WorkError> {
    let bucket = document.object.as_ref().map(|object| &object.bucket);
    if bucket.is_some_and(|bucket| worker.uploads.contains(bucket)) {
        return Ok(());
    }
    let rule = format!("one of the buckets for uploads: {}", worker.uploads.join(", "));
    let pointer = format!("{pointer}/object/bucket");
    Err(WorkError::Rejected(Box::new(Rejection::unusable(&asked.received, &pointer, &rule))))
}

/// # Errors
/// When the rule set of that instant does not have the stage.
pub(super) fn stage_is_known(
    worker: &Worker,
    asked: &Asked<'_>,
    stage: &str,
    at: Timestamp,
) -> Result<(), WorkError> {
    let known = worker.services.rulesets.stages(at);
    if known.contains(&stage) {
        return Ok(());
    }
    let rule = format!("a stage of the rule set of that day: {}", known.join(", "));
    let rejection = Rejection::unusable(&asked.received, "/data/stage", &rule);
    Err(WorkError::Rejected(Box::new(rejection)))
}
