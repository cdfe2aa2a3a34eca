//! A dead letter leaves the broker: it is kept for operators, and the reviewer
//! is told that people have to check.

use std::slice;

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{self, Command, Received, Rejection};
use pipeline::contract::events::{FAILED, Failed};
use pipeline::contract::message::{CloudEvent, stable_id};
use pipeline::fingerprint::sha256;
use serde_json::json;
use tracing::{Instrument, error, info_span, warn};

use crate::attach;
use crate::broker::{Ending, Letter};
use crate::judging::{Cause, revise, unavailable};
use crate::registry::{
    DeadLetter, DeadState, DocumentRecord, Locked, OutgoingEvent, SeenRecord, State,
};
use crate::services::Services;
use crate::traces;
use crate::work::{REJECTED, WorkError, intake};

/// What a letter is called that the broker gave up because it was given out too often.
const CRASHES: &str = "DELIVERY_LIMIT";

/// Keeps one letter and says what becomes of it in the broker.
pub(super) async fn letter(letter: Letter, services: &Services) -> Ending {
    let id = letter.message.shown_id().into_owned();
    let span = info_span!("bury", otel.kind = "consumer", messaging.system = "rabbitmq");
    traces::follow(&span, letter.message.headers.traceparent.as_deref());
    match bury(&letter, services).instrument(span).await {
        Ok(code) => {
            metrics::counter!("tekseru_dead_total", "code" => code.clone()).increment(1);
            warn!(message.id = %id, code, "Buried a dead letter; see `tekseru dead list`");
            Ending::Done
        }
        Err(error) => {
            error!(message.id = %id, %error, "Could not bury a dead letter; it stays in the broker");
            Ending::Retry { code: "KEEPER", count_attempt: false }
        }
    }
}

async fn bury(letter: &Letter, services: &Services) -> Result<String, WorkError> {
    let code = code(letter);
    let received = commands::parse(&letter.message.body);
    let now = Timestamp::now();
    services.registry.bury(&row(letter, &code, &received, now)).await?;
    if let Ok(received) = received
        && !REJECTED.contains(&code.as_str())
    {
        let told = async {
            tell(services, letter, &received, &code, now).await?;
            attach::pending(services, received.command.application_id()).await
        };
        match told.await {
            // it is in the registry; one that cannot be told must not hold up the others
            Err(error) if error.needs().is_none() => {
                error!(code, reason = error.code(), "A dead letter is kept and could not be told");
            }
            told => told?,
        }
    }
    Ok(code)
}

fn code(letter: &Letter) -> String {
    match &letter.origin {
        // its headers are the portal's
        _ if letter.queue == "unrouted" => "UNROUTED".to_owned(),
        Some(origin) if origin.code == "delivery_limit" => CRASHES.to_owned(),
        Some(origin) if !origin.code.is_empty() => origin.code.clone(),
        _ => "UNKNOWN".to_owned(),
    }
}

/// Whatever can be read of it, so that it goes when its application goes.
fn row(
    letter: &Letter,
    code: &str,
    received: &Result<Received, Box<Rejection>>,
    now: Timestamp,
) -> DeadLetter {
    let (application_id, document_id) = match received {
        Ok(received) => (
            Some(received.command.application_id().to_owned()),
            document(received).map(|document| document.document_id.clone()),
        ),
        Err(rejection) => (rejection.application_id.clone(), None),
    };
    let headers = &letter.message.headers;
    let first_seen = headers.first_seen.map(|at| at.to_string()).unwrap_or_default();
    let queue = letter.origin.as_ref().map_or(&letter.queue, |origin| &origin.queue);
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    DeadLetter {
        // the same letter drained twice is one row; one that died again after a replay is another
        id: stable_id(&[&letter.message.id, &sha256(&letter.message.body), &first_seen, code]),
        queue: queue.clone(),
        routing_key: letter.routing_key.clone(),
        message_type: said(&letter.message.kind),
        message_id: said(&letter.message.id),
        application_id,
        document_id,
        code: code.to_owned(),
        attempt: headers.attempt,
        headers: json!({
            "traceparent": headers.traceparent,
            "tracestate": headers.tracestate,
            "holds": headers.holds,
        })
        .to_string(),
        body: letter.message.body.to_vec(),
        died_at: now,
        state: DeadState::Waiting,
        settled_at: None,
        settled_by: None,
    }
}

/// The document that a command is about.
fn document(received: &Received) -> Option<&Document> {
    match &received.command {
        Command::DocumentSubmitted(said) => Some(&said.document),
        Command::DocumentReplaced(said) => Some(&said.document),
        _ => None,
    }
}

/// Marks the document, judges, and tells the portal, in one transaction.
async fn tell(
    services: &Services,
    letter: &Letter,
    received: &Received,
    code: &str,
    now: Timestamp,
) -> Result<(), WorkError> {
    let application_id = received.command.application_id();
    let mut locked = services.registry.lock(application_id, now).await?;
    if locked.record().state == State::Withdrawn {
        return Ok(());
    }
    if let Command::ApplicationSubmitted(application) = &received.command
        && locked.record().application.is_none()
    {
        // it was never taken, and its reviewer is to know of it all the same
        intake::put(&mut locked, application, now).await?;
    }
    let unseen = unseen(&locked, received);
    for document_id in &unseen {
        let seen = SeenRecord::Missing(unavailable(code));
        locked.put_seen(document_id, &seen).await?;
    }
    if !unseen.is_empty() {
        let cause = Cause {
            command: Some(&received.id),
            document: document(received).map(|document| document.document_id.as_str()),
            trace: letter.message.headers.traceparent.as_deref(),
            ..Cause::default()
        };
        revise(&mut locked, &services.judge(), &cause).await?;
    }
    locked.add_event(&event(letter, received, code, now)).await?;
    Ok(locked.commit().await?)
}

/// Documents that this command would have had looked at, and nobody did.
fn unseen(locked: &Locked, received: &Received) -> Vec<String> {
    let meant: &[Document] = match &received.command {
        Command::ApplicationSubmitted(application) => &application.documents,
        _ => document(received).map_or(&[], slice::from_ref),
    };
    let is_open = |known: &&DocumentRecord| {
        !known.replaced && known.seen == SeenRecord::Expected && meant.contains(&known.document)
    };
    let known = locked.record().documents.iter().filter(is_open);
    known.map(|known| known.document.document_id.clone()).collect()
}

fn event(letter: &Letter, received: &Received, code: &str, now: Timestamp) -> OutgoingEvent {
    let document_id = document(received).map(|document| document.document_id.clone());
    let application_id = received.command.application_id().to_owned();
    let about = match &document_id {
        Some(document_id) => format!("{application_id}/{document_id}"),
        None => application_id.clone(),
    };
    let said = Failed {
        application_id: Some(application_id.clone()),
        document_id,
        code: code.to_owned(),
        attempts: letter.message.headers.attempt,
    };
    let headers = &letter.message.headers;
    let first_seen = headers.first_seen.map(|at| at.to_string()).unwrap_or_default();
    let id = stable_id(&[FAILED, &received.source, &received.id, code, &first_seen]);
    let mut event = CloudEvent::new(FAILED, id.clone(), Some(about), now, said);
    event.causationid = Some(received.id.clone());
    OutgoingEvent {
        id,
        application_id,
        routing_key: "failed".to_owned(),
        body: event.to_json(),
        trace: headers.traceparent.clone(),
        revision: None,
    }
}
