//! The contract as one AsyncAPI 3 document, from the side of Tekseru: it
//! receives commands from `intake` and sends events to `verdicts`.

use serde_json::{Map, Value, json};

use super::commands;
#[cfg(test)]
use super::events;
use super::message::{CONTENT_TYPE, TYPE_PREFIX, TYPE_SUFFIX};

/// The purpose of each message, by the name of its schema. Commands come first.
const SUMMARIES: [(&str, &str); 11] = [
    ("document.submitted", "Examine one document, before or beside its application."),
    ("application.submitted", "Accept an application and examine every document that it lists."),
    ("document.replaced", "Examine a document in place of another."),
    ("application.withdrawn", "Delete an application and everything that was made from it."),
    ("recheck.requested", "Judge an application again, by the rules of today."),
    ("accepted", "The command was accepted and cannot be lost any more."),
    ("document.verdict", "One document was examined and judged."),
    ("application.verdict", "An application has a new revision of its verdict."),
    ("rejected", "The message cannot be used; `errors` has the reasons."),
    ("failed", "Every attempt failed because of a technical fault; people check instead."),
    ("deadline.approaching", "The authority's time to answer is about to end, or has ended."),
];

/// Number of commands in [`SUMMARIES`].
const COMMANDS: usize = commands::COMMANDS.len();

/// Returns the document as JSON, which every parser of YAML accepts.
#[must_use]
pub fn asyncapi() -> Value {
    let (received, sent) = SUMMARIES.split_at(COMMANDS);
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tekseru",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Commands of portals and the events that answer them, as CloudEvents 1.0 in structured JSON over AMQP 0-9-1. Publish with `mandatory` and confirms, and store a command until it is confirmed; set the property `user-id` to the portal's user, which the broker verifies, or nobody is answered; a message with the same `source` and `id` may be sent again. Only `application.submitted` has personal data; headers and routing keys never have any. Events may arrive twice and in any order: repeated events have the same `id`, and the higher `revision` is newer."
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            "intake": channel("intake", received, "`LANE.VERB`: the lane is `application` for commands about an application and for documents `passport`, `portrait` or `paper` (all other kinds); the verb is `submitted`, `replaced`, `withdrawn` or `recheck`. A message with another routing key is stored in the queue `unrouted`."),
            "verdicts": channel("verdicts", sent, "The portal, then the type without `kz.tekseru.` and `.v1`, such as `kz-consulates.accepted`. A portal reads the queue `verdicts.PORTAL`.")
        },
        "operations": {
            "receiveCommands": operation("receive", "intake", received),
            "sendEvents": operation("send", "verdicts", sent)
        },
        "components": {"messages": messages()}
    })
}

fn channel(exchange: &str, messages: &[(&str, &str)], routing_key: &str) -> Value {
    let references: Map<String, Value> = messages
        .iter()
        .map(|(name, _)| {
            ((*name).to_owned(), json!({"$ref": format!("#/components/messages/{name}")}))
        })
        .collect();
    json!({
        "address": exchange,
        "description": format!("Routing key: {routing_key}"),
        "messages": references,
        "bindings": {"amqp": {
            "is": "routingKey",
            "exchange": {"name": exchange, "type": "topic", "durable": true, "autoDelete": false, "vhost": "tekseru"},
            "bindingVersion": "0.3.0"
        }}
    })
}

fn operation(action: &str, channel: &str, messages: &[(&str, &str)]) -> Value {
    let reference =
        |(name, _): &(&str, &str)| json!({"$ref": format!("#/channels/{channel}/messages/{name}")});
    let mut operation = json!({
        "action": action,
        "channel": {"$ref": format!("#/channels/{channel}")},
        "messages": messages.iter().map(reference).collect::<Vec<_>>()
    });
    if action == "send" {
        operation["bindings"] =
            json!({"amqp": {"deliveryMode": 2, "mandatory": true, "bindingVersion": "0.3.0"}});
    }
    operation
}

fn messages() -> Map<String, Value> {
    SUMMARIES
        .iter()
        .enumerate()
        .map(|(i, (name, summary))| {
            // an event has the id of the command that it answers
            let correlation = if i < COMMANDS { "id" } else { "causationid" };
            let message = json!({
                "name": format!("{TYPE_PREFIX}{name}{TYPE_SUFFIX}"),
                "title": name,
                "summary": summary,
                "contentType": CONTENT_TYPE,
                "correlationId": {"location": format!("$message.payload#/{correlation}")},
                "payload": {"$ref": format!("./{name}.schema.json")}
            });
            ((*name).to_owned(), message)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_described_once() {
        let described: Vec<String> =
            SUMMARIES.iter().map(|(name, _)| format!("{TYPE_PREFIX}{name}{TYPE_SUFFIX}")).collect();
        let mut known = commands::COMMANDS.to_vec();
        known.extend(events::EVENTS);
        assert_eq!(described, known);
        let schemas: Vec<&str> =
            super::super::message_schemas().iter().map(|(name, _)| *name).collect();
        assert_eq!(schemas, SUMMARIES.map(|(name, _)| name));
    }
}
