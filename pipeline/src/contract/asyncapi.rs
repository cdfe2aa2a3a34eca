//! The whole contract as one AsyncAPI 3 document, seen from Tekseru: it
//! receives commands from `intake` and sends events to `verdicts`.

use serde_json::{Map, Value, json};

use super::commands;
#[cfg(test)]
use super::events;
use super::message::CONTENT_TYPE;

/// What a message is for, by the name of its schema.
const SUMMARIES: [(&str, &str); 11] = [
    ("document.submitted", "Examine one document, before or beside its application."),
    ("application.submitted", "Take an application and examine every document that it lists."),
    ("document.replaced", "Examine a document in place of another."),
    ("application.withdrawn", "Forget an application and all that was made of it."),
    ("recheck.requested", "Judge an application again, by today's rules."),
    ("accepted", "The command was taken and cannot be lost any more."),
    ("document.verdict", "One document was examined and judged."),
    ("application.verdict", "An application has a new revision of its verdict."),
    ("rejected", "The message cannot be used; `errors` says why."),
    ("failed", "Every attempt failed on our side; people check instead."),
    ("deadline.approaching", "The authority's time to answer runs out, or has run out."),
];

/// How many of [`SUMMARIES`] are commands.
const COMMANDS: usize = commands::COMMANDS.len();

/// The document, as JSON, which every reader of YAML takes.
#[must_use]
pub fn asyncapi() -> Value {
    let (received, sent) = SUMMARIES.split_at(COMMANDS);
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Tekseru",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Commands of portals and the events that answer them, as CloudEvents 1.0 in structured JSON over AMQP 0-9-1. Publish with `mandatory` and confirms, and keep a command until it is confirmed; the same `source` and `id` may be sent again. Messages carry no personal data but `application.submitted`; headers and routing keys never do. Events may come twice and in any order: `id` tells them apart, `revision` which is newer."
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            "intake": channel("intake", received, "`LANE.VERB`: the lane is `application` for commands about an application and for documents `passport`, `portrait` or `paper` (every other kind); the verb is `submitted`, `replaced`, `withdrawn` or `recheck`. Whatever is routed nowhere is kept in `unrouted`."),
            "verdicts": channel("verdicts", sent, "The type without `kz.tekseru.` and `.v1`.")
        },
        "operations": {
            "receiveCommands": operation("receive", "intake", received),
            "sendEvents": operation("send", "verdicts", sent)
        },
        "components": {"messages": messages()}
    })
}

fn channel(exchange: &str, of: &[(&str, &str)], routing_key: &str) -> Value {
    let messages: Map<String, Value> = of
        .iter()
        .map(|(name, _)| {
            ((*name).to_owned(), json!({"$ref": format!("#/components/messages/{name}")}))
        })
        .collect();
    json!({
        "address": exchange,
        "description": format!("Routing key: {routing_key}"),
        "messages": messages,
        "bindings": {"amqp": {
            "is": "routingKey",
            "exchange": {"name": exchange, "type": "topic", "durable": true, "autoDelete": false, "vhost": "tekseru"},
            "bindingVersion": "0.3.0"
        }}
    })
}

fn operation(action: &str, channel: &str, of: &[(&str, &str)]) -> Value {
    let reference =
        |(name, _): &(&str, &str)| json!({"$ref": format!("#/channels/{channel}/messages/{name}")});
    let mut operation = json!({
        "action": action,
        "channel": {"$ref": format!("#/channels/{channel}")},
        "messages": of.iter().map(reference).collect::<Vec<_>>()
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
            // an event answers the command whose id it names
            let correlation = if i < COMMANDS { "id" } else { "causationid" };
            let message = json!({
                "name": format!("{}{name}.v1", PREFIX),
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

const PREFIX: &str = "kz.tekseru.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_described_once() {
        let described: Vec<String> =
            SUMMARIES.iter().map(|(name, _)| format!("{PREFIX}{name}.v1")).collect();
        let mut known = commands::COMMANDS.to_vec();
        known.extend(events::EVENTS);
        assert_eq!(described, known);
        let schemas: Vec<&str> = super::super::messages().iter().map(|(name, _)| *name).collect();
        assert_eq!(schemas, SUMMARIES.map(|(name, _)| name));
    }
}
