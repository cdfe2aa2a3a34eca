//! Sends dead letters to the workers again.

use jiff::Timestamp;
use pipeline::contract::commands;
use serde_json::Value;
use tokio::sync::watch;

use crate::broker::{self, BrokerState, Exchange, Message, PublishError, Publisher};
use crate::cli::{Failure, Terminal};
use crate::registry::{DeadLetter, DeadLetterState, ListedLetter, Registry, Resolution};
use crate::runtime::failpoint::reached;
use crate::runtime::traces::TraceContext;
use crate::services::config::BrokerArguments;

/// Sends dead letters again and returns those that were sent. One that no queue takes
/// is reported and does not stop the others.
///
/// # Errors
/// When the broker is not configured, or broker or registry fail.
pub(super) async fn replay(
    registry: &Registry,
    broker: &BrokerArguments,
    letters: &[ListedLetter],
    operator: &str,
    terminal: &mut Terminal,
) -> Result<Vec<ListedLetter>, Failure> {
    let config = broker.require_service("tekseru dead replay")?;
    let (state_sender, state) = watch::channel(BrokerState::default());
    let publisher = Publisher::start(&config, state_sender);
    let mut replayed = Vec::new();
    for listed in letters {
        reached("selected");
        // one body at a time; one that was deleted, emptied or resolved meanwhile is not sent
        let letter = registry.dead_letter(&listed.id).await.map_err(Failure::internal)?;
        let is_waiting = |letter: &DeadLetter| letter.state == DeadLetterState::Waiting;
        let Some(letter) = letter.filter(is_waiting) else { continue };
        // confirmed by the broker before it is resolved here: after an interruption it is
        // sent twice, and workers process it once
        match publisher.publish(Exchange::Work, &routing_key(&letter), &message(&letter)).await {
            Ok(()) => {
                let now = Timestamp::now();
                let resolved =
                    registry.resolve_dead_letter(&letter.id, Resolution::Replayed, operator, now);
                resolved.await.map_err(Failure::internal)?;
                replayed.push(listed.clone());
            }
            Err(error @ PublishError::Unroutable) => {
                terminal.warn(&format!("{}: not replayed: {error}; it stays waiting", letter.id));
            }
            Err(error) => {
                let because = state.borrow().problem_suffix();
                return Err(Failure::internal(format!(
                    "{}: not replayed: {error}{because}",
                    letter.id
                )));
            }
        }
    }
    Ok(replayed)
}

fn message(letter: &DeadLetter) -> Message {
    let id = letter.message_id.clone().unwrap_or_else(|| letter.id.clone());
    let kind = letter.message_type.clone().unwrap_or_default();
    let mut message = Message::new(id, kind, letter.body.clone());
    // so that a message which fails again becomes another dead letter
    message.headers.first_failed_at = Some(Timestamp::now());
    message.headers.trace = trace(letter);
    message.headers.portal.clone_from(&letter.portal);
    message.headers.is_own = is_own(letter);
    message
}

/// Returns the routing key of the lane for this command, which may differ from the key
/// that the message was sent with.
fn routing_key(letter: &DeadLetter) -> String {
    match commands::parse(&letter.body) {
        Ok(received) => broker::routing_key(&received.command),
        Err(_) => letter.routing_key.clone(),
    }
}

/// Whether this program made the message. A letter of an earlier version does not say so.
fn is_own(letter: &DeadLetter) -> bool {
    let headers: Option<Value> = serde_json::from_str(&letter.headers).ok();
    headers.and_then(|headers| headers.get("own")?.as_bool()).unwrap_or(true)
}

fn trace(letter: &DeadLetter) -> Option<TraceContext> {
    let headers: Value = serde_json::from_str(&letter.headers).ok()?;
    let header = |name: &str| headers.get(name).and_then(Value::as_str);
    TraceContext::parse(header("traceparent"), header("tracestate"))
}
