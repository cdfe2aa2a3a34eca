//! Commands that a portal sends, and events that it receives.

use std::collections::BTreeMap;
use std::fs;
use std::time::Instant;

use lapin::BasicProperties;
use lapin::options::{BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use serde_json::{Value, json};

use super::queues::{metadata, open_channel};
use super::services::Cluster;
use super::times::LIMIT;
use crate::services::wait_for;

/// The trace context of every message that is published here.
pub const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// The trace state of another system in that context.
pub const TRACESTATE: &str = "portal=1";

/// One event from the portal's queue.
#[derive(Clone, Debug)]
pub struct Event {
    /// AMQP message id.
    pub message_id: String,
    /// The whole CloudEvent.
    pub body: Value,
    /// Routing key, properties and headers as text.
    pub properties: String,
}

impl Event {
    /// Returns the short name of its type: `accepted`, `document.verdict`, …
    #[must_use]
    pub fn name(&self) -> &str {
        let full = self.body["type"].as_str().unwrap_or_default();
        full.trim_start_matches("kz.tekseru.").trim_end_matches(".v1")
    }

    /// Portals rely on the published schemas.
    fn assert_fits_schema(&self) {
        let file = format!("pipeline/contract/{}.schema.json", self.name());
        let schema = fs::read(crate::repository().join(&file));
        let schema = schema.unwrap_or_else(|error| panic!("{file}: {error}"));
        let schema: Value = serde_json::from_slice(&schema).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let faults: Vec<String> =
            validator.iter_errors(&self.body).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", self.name());
    }
}

impl Cluster {
    /// Publishes a command as a portal does, waits for the confirmation and
    /// returns the time of sending.
    ///
    /// # Panics
    /// When the broker refuses the message.
    pub fn publish(&self, routing_key: &str, id: &str, name: &str, data: Value) -> Instant {
        self.publish_at(routing_key, id, name, data, "2026-01-05T00:00:00Z")
    }

    /// Publishes a command with its own time of occurrence and returns the time
    /// of sending.
    ///
    /// # Panics
    /// When the broker refuses the message.
    pub fn publish_at(
        &self,
        routing_key: &str,
        id: &str,
        name: &str,
        data: Value,
        time: &str,
    ) -> Instant {
        let event = json!({
            "specversion": "1.0", "id": id, "source": "urn:portal", "time": time,
            "type": format!("kz.tekseru.{name}.v1"), "datacontenttype": "application/json",
            "data": data,
        });
        self.publish_raw(routing_key, event.to_string().as_bytes())
    }

    /// Publishes any bytes and returns the time of sending.
    ///
    /// # Panics
    /// When the broker refuses the message.
    pub fn publish_raw(&self, routing_key: &str, body: &[u8]) -> Instant {
        self.publish_as("portal", Some("portal"), routing_key, &[], body).expect("it is accepted")
    }

    /// Publishes any bytes over the connection of a portal, with a sender and more headers,
    /// and returns the time of sending; none where the broker refuses the message.
    ///
    /// # Panics
    /// When the broker does not answer.
    pub fn publish_as(
        &self,
        portal: &str,
        sender: Option<&str>,
        routing_key: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Instant> {
        let url = self.broker.url(portal, &self.vhost);
        self.runtime.block_on(async {
            let (_connection, channel) = open_channel(&url).await;
            channel.confirm_select(ConfirmSelectOptions::default()).await.expect("confirms");
            let mut table = FieldTable::default();
            let trace = [("traceparent", TRACEPARENT), ("tracestate", TRACESTATE)];
            for (name, value) in trace.iter().chain(headers) {
                table.insert((*name).into(), AMQPValue::LongString((*value).into()));
            }
            let mut properties = BasicProperties::default()
                .with_delivery_mode(2)
                .with_headers(table)
                .with_content_type("application/cloudevents+json".into());
            if let Some(sender) = sender {
                properties = properties.with_user_id(sender.into());
            }
            let (exchange, key): (ShortString, ShortString) = ("intake".into(), routing_key.into());
            let options = BasicPublishOptions::default();
            let start = Instant::now();
            let sent = channel.basic_publish(exchange, key, options, body, properties).await;
            let confirmed = sent.expect("the message is sent").await.ok()?;
            confirmed.is_ack().then_some(start)
        })
    }

    /// Returns every event that the portal has received so far, in order.
    ///
    /// # Panics
    /// When the broker does not answer, or an event does not fit its published schema.
    pub fn events(&self) -> Vec<Event> {
        let received = self.take_events("portal");
        let mut events = self.events.lock().expect("no thread panicked with the lock");
        events.extend(received);
        events.clone()
    }

    /// Takes every event out of a portal's queue, in order.
    ///
    /// # Panics
    /// When the broker does not answer, or an event does not fit its published schema.
    pub fn take_events(&self, portal: &str) -> Vec<Event> {
        let url = self.broker.url(portal, &self.vhost);
        let queue = format!("verdicts.{portal}");
        let received = self.runtime.block_on(async {
            let (_connection, channel) = open_channel(&url).await;
            let mut received = Vec::new();
            let options = BasicGetOptions::default();
            while let Some(message) =
                channel.basic_get(queue.as_str().into(), options).await.expect("the queue exists")
            {
                message
                    .delivery
                    .ack(BasicAckOptions::default())
                    .await
                    .expect("the delivery is acknowledged");
                let properties = &message.delivery.properties;
                received.push(Event {
                    message_id: properties
                        .message_id()
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    body: serde_json::from_slice(&message.delivery.data).expect("JSON"),
                    properties: metadata(&message.delivery),
                });
            }
            received
        });
        received.iter().for_each(Event::assert_fits_schema);
        received
    }

    /// Fails unless all events are sent, events with one id are equal, no command was accepted
    /// twice, each application has every kind of answer, and no message was given up.
    ///
    /// # Panics
    /// When something is lost.
    pub fn assert_all_told<'a>(&self, applications: impl IntoIterator<Item = &'a String>) {
        self.await_empty();
        wait_for("every event to be sent", LIMIT, || {
            (self.sql("SELECT count(*) FROM events WHERE sent_at IS NULL") == "0").then_some(())
        });
        assert_eq!(self.messages("dead") + self.messages("unrouted"), 0);
        assert_eq!(self.sql("SELECT count(*) FROM dead_letters"), "0");
        let (mut bodies, mut answers) = (BTreeMap::new(), BTreeMap::new());
        for event in self.events() {
            let body = bodies.entry(event.message_id.clone()).or_insert_with(|| event.body.clone());
            assert_eq!(*body, event.body, "events with one id have one body");
            if event.name() == "accepted" {
                let command = event.body["causationid"].to_string();
                let answer = answers.entry(command).or_insert_with(|| event.message_id.clone());
                assert_eq!(*answer, event.message_id, "a command has one answer");
            }
        }
        for id in applications {
            for name in ["accepted", "document.verdict", "application.verdict"] {
                assert!(!self.events_of(id, name).is_empty(), "{name} about {id}");
            }
        }
    }

    /// Returns the received events of one type about one application.
    pub fn events_of(&self, application: &str, name: &str) -> Vec<Event> {
        let mut events = self.events();
        events.retain(|event| {
            event.name() == name
                && event.body["subject"]
                    .as_str()
                    .is_some_and(|s| s.split('/').next() == Some(application))
        });
        events
    }

    /// Waits for an event of a type about an application.
    ///
    /// # Panics
    /// When there is none within the limit.
    pub fn await_event(&self, application: &str, name: &str) -> Event {
        let what = format!("an event {name} about {application}");
        wait_for(&what, LIMIT, || self.events_of(application, name).pop())
    }
}
