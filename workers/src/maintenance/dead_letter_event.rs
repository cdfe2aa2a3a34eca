//! A dead letter as the registry stores it, and the event that reports it.

use jiff::Timestamp;
use pipeline::application::Document;
use pipeline::contract::commands::{Command, ReceivedCommand, Rejection};
use pipeline::contract::events::Failed;
use pipeline::contract::message::stable_id;
use pipeline::digest::sha256;
use serde_json::json;

use crate::application_key::ApplicationKey;
use crate::broker::DeadDelivery;
use crate::portal::Portal;
use crate::registry::{DeadLetter, DeadLetterState, OutgoingEvent};
use crate::runtime::traces::TraceContext;
use crate::verdicts::event::EventOrigin;
use crate::worker::trace_of;

/// Returns the row of a dead letter, with every id that can be parsed, so that
/// it is deleted together with its application.
pub(super) fn dead_letter(
    delivery: &DeadDelivery,
    code: &str,
    received: &Result<ReceivedCommand, Box<Rejection>>,
    now: Timestamp,
) -> DeadLetter {
    let (id, document_id) = match received {
        Ok(received) => (
            Some(received.command.application_id()),
            document(received).map(|document| document.document_id.clone()),
        ),
        Err(rejection) => (rejection.application_id.as_deref(), None),
    };
    let (message, headers) = (&delivery.message, &delivery.message.headers);
    let portal = headers.portal.as_ref();
    let application = portal.zip(id).map(|(portal, id)| ApplicationKey::new(portal, id));
    let first_failed_at = headers.first_failed_at.map(|at| at.to_string()).unwrap_or_default();
    let queue = delivery.origin.as_ref().map_or(&delivery.queue, |origin| &origin.queue);
    let non_empty = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    DeadLetter {
        // the same letter received twice is one row, until an operator resolves it
        id: stable_id(&[
            portal.map_or("", Portal::as_str),
            &message.id,
            &sha256(&message.body),
            &first_failed_at,
            code,
        ]),
        portal: portal.cloned(),
        queue: queue.clone(),
        routing_key: delivery.routing_key.clone(),
        message_type: non_empty(&message.event_type),
        message_id: non_empty(&message.id),
        application,
        document_id,
        code: code.to_owned(),
        attempt: headers.attempt,
        headers: json!({
            "traceparent": headers.trace.as_ref().map(TraceContext::traceparent),
            "tracestate": headers.trace.as_ref().and_then(TraceContext::tracestate),
            "dependency_waits": headers.dependency_waits,
            "own": headers.is_own,
        })
        .to_string(),
        body: message.body.to_vec(),
        dead_lettered_at: now,
        state: DeadLetterState::Waiting,
        resolved_at: None,
        resolved_by: None,
    }
}

/// Returns the document that a command is about.
pub(super) fn document(received: &ReceivedCommand) -> Option<&Document> {
    match &received.command {
        Command::DocumentSubmitted(submitted) => Some(&submitted.document),
        Command::DocumentReplaced(replaced) => Some(&replaced.document),
        _ => None,
    }
}

/// Returns the event `failed`, one for each stored dead letter.
pub(super) fn failed_event(
    delivery: &DeadDelivery,
    application: &ApplicationKey,
    received: &ReceivedCommand,
    row_id: &str,
    code: &str,
    now: Timestamp,
) -> OutgoingEvent {
    let document_id = document(received).map(|document| document.document_id.clone());
    let data = Failed {
        application_id: Some(application.id().to_owned()),
        document_id,
        code: code.to_owned(),
        attempts: delivery.message.headers.attempt,
    };
    let trace = trace_of(&delivery.message.headers, received);
    let origin = EventOrigin { command_id: Some(received.answered_command()), trace, time: now };
    origin.to_outgoing(application, &origin.create_event(data, &[row_id]))
}
