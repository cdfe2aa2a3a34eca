//! A dead letter as the registry keeps it, and as its portal is told of it.

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{Command, Received, Rejection};
use pipeline::contract::events::{FAILED, Failed};
use pipeline::contract::message::{CloudEvent, stable_id};
use pipeline::digest::sha256;
use serde_json::json;

use crate::broker::DeadDelivery;
use crate::registry::{DeadLetter, DeadLetterState, OutgoingEvent};
use crate::runtime::traces::TraceContext;
use crate::worker::trace_of;

/// Whatever can be read of it, so that it goes when its application goes.
pub(super) fn row(
    letter: &DeadDelivery,
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
    let first_seen = headers.first_failed_at.map(|at| at.to_string()).unwrap_or_default();
    let queue = letter.origin.as_ref().map_or(&letter.queue, |origin| &origin.queue);
    let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    DeadLetter {
        // the same letter drained twice is one row, until somebody settles it
        id: stable_id(&[&letter.message.id, &sha256(&letter.message.body), &first_seen, code]),
        queue: queue.clone(),
        routing_key: letter.routing_key.clone(),
        message_type: said(&letter.message.event_type),
        message_id: said(&letter.message.id),
        application_id,
        document_id,
        code: code.to_owned(),
        attempt: headers.attempt,
        headers: json!({
            "traceparent": headers.trace.as_ref().map(TraceContext::traceparent),
            "tracestate": headers.trace.as_ref().and_then(TraceContext::tracestate),
            "holds": headers.dependency_waits,
        })
        .to_string(),
        body: letter.message.body.to_vec(),
        dead_lettered_at: now,
        state: DeadLetterState::Waiting,
        resolved_at: None,
        resolved_by: None,
    }
}

/// The document that a command is about.
pub(super) fn document(received: &Received) -> Option<&Document> {
    match &received.command {
        Command::DocumentSubmitted(said) => Some(&said.document),
        Command::DocumentReplaced(said) => Some(&said.document),
        _ => None,
    }
}

/// What the portal is told, once for each row among the dead.
pub(super) fn event(
    letter: &DeadDelivery,
    received: &Received,
    row: &str,
    code: &str,
    now: Timestamp,
) -> OutgoingEvent {
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
    let id = stable_id(&[FAILED, row]);
    let mut event = CloudEvent::new(FAILED, id.clone(), Some(about), now, said);
    event.causationid = Some(received.answers().to_owned());
    let trace = trace_of(headers, received);
    TraceContext::inject(trace.as_ref(), &mut event);
    OutgoingEvent {
        id,
        application_id,
        routing_key: "failed".to_owned(),
        body: event.to_json(),
        trace,
        revision: None,
    }
}
