//! What is known of a document before its file is fetched.

use std::collections::BTreeSet;

use pipeline::application::{Application, Document};
use pipeline::contract::commands::{Command, DOCUMENT_SUBMITTED, Rejection};
use pipeline::contract::events::{ACCEPTED, Accepted};
use pipeline::contract::message::{CloudEvent, SOURCE, stable_id};

use super::story::Asked;
use super::{WorkError, Worker};
use crate::registry::{CommandRef, Locked, OutgoingEvent, SeenRecord, State, Taken};

/// Where to go on with a document.
pub(super) enum Begun {
    /// From the start.
    New,
    /// Its file was seen already; what follows may not have been done.
    Examined,
    /// Another upload has taken its place since this was said.
    Stale,
    /// Its application was withdrawn.
    Withdrawn(Box<Locked>),
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
    stage_is_known(worker, asked, stage, "/data/stage")?;
    let mut locked = worker.services.registry.lock(asked.application_id(), asked.now).await?;
    if locked.record().state == State::Withdrawn {
        return Ok(Begun::Withdrawn(Box::new(locked)));
    }
    // what intake enqueued is known; whoever else uses our name is a portal like any other
    let is_known =
        locked.record().documents.iter().any(|d| d.document.document_id == document.document_id);
    let ours =
        is_known && asked.received.source == SOURCE && asked.received.kind == DOCUMENT_SUBMITTED;
    if !ours && take(&mut locked, asked).await? == Taken::New {
        put(&mut locked, asked, stage, document).await?;
        accept(&mut locked, asked, 1).await?;
    }
    let record = locked.record();
    let known = record.documents.iter().find(|d| d.document.document_id == document.document_id);
    let begun = match known {
        Some(known) if known.replaced || known.document != *document => Begun::Stale,
        None => Begun::Stale,
        Some(known) => match known.seen {
            SeenRecord::Examined(_) => Begun::Examined,
            _ => Begun::New,
        },
    };
    locked.commit().await?;
    Ok(begun)
}

/// Puts the document among those of its application, in place of another where it was sent so.
async fn put(
    locked: &mut Locked,
    asked: &Asked<'_>,
    stage: &str,
    document: &Document,
) -> Result<(), WorkError> {
    let replaces = match &asked.received.command {
        Command::DocumentReplaced(said) => Some(said.replaces.as_str()),
        _ => None,
    };
    let id = document.document_id.as_str();
    if let Some(replaced) = replaces.filter(|replaced| *replaced != id) {
        locked.put_replacement(replaced, id).await?;
    }
    locked.put_document(document, stage).await?;
    if let Some(application) = locked.record().application.clone() {
        let now = as_replaced(locked, &application).await?;
        if now != application {
            let received_at = locked.record().received_at;
            locked.put_application(&now, received_at).await?;
        }
    }
    Ok(())
}

/// The application with each document as it is now: what took its place, and
/// what took that one's. Replacements may be heard of in any order, and before
/// the application.
///
/// # Errors
/// When the database fails.
pub(super) async fn as_replaced(
    locked: &mut Locked,
    application: &Application,
) -> Result<Application, WorkError> {
    let mut now = application.clone();
    now.documents.clear();
    for document in &application.documents {
        let mut passed = BTreeSet::new();
        let mut id = document.document_id.clone();
        // two that take each other's place end where they began
        while passed.insert(id.clone()) {
            let Some(next) = locked.replaced_by(&id).await? else { break };
            id = next;
        }
        let known = locked.record().documents.iter().find(|d| d.document.document_id == id);
        let current = known.map_or_else(|| document.clone(), |known| known.document.clone());
        if now.documents.iter().all(|d| d.document_id != current.document_id) {
            now.documents.push(current);
        }
    }
    Ok(now)
}

/// Notes that the command was taken.
///
/// # Errors
/// When the same id came with another content, or the database fails.
pub(super) async fn take(locked: &mut Locked, asked: &Asked<'_>) -> Result<Taken, WorkError> {
    let received = &asked.received;
    let command = CommandRef {
        source: &received.source,
        id: &received.id,
        sha256: &received.sha256,
        kind: &received.kind,
        application_id: Some(asked.application_id()),
        received_at: asked.now,
    };
    match locked.command(&command).await? {
        Taken::Conflict => Err(WorkError::Rejected(Box::new(Rejection::conflict(received)))),
        taken => Ok(taken),
    }
}

/// Tells the portal that its command cannot be lost any more.
///
/// # Errors
/// When the database fails.
pub(super) async fn accept(
    locked: &mut Locked,
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
    event.traceparent = asked.trace().map(str::to_owned);
    let event = OutgoingEvent {
        id,
        application_id: about,
        routing_key: "accepted".to_owned(),
        body: event.to_json(),
        trace: asked.trace().map(str::to_owned),
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
/// When no rule set has the stage.
pub(super) fn stage_is_known(
    worker: &Worker,
    asked: &Asked<'_>,
    stage: &str,
    pointer: &str,
) -> Result<(), WorkError> {
    let known = worker.services.rulesets.stages();
    if known.contains(stage) {
        return Ok(());
    }
    let known: Vec<&str> = known.into_iter().collect();
    let rule = format!("a stage of a rule set: {}", known.join(", "));
    Err(WorkError::Rejected(Box::new(Rejection::unusable(&asked.received, pointer, &rule))))
}
