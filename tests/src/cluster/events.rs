//! What a portal sends and reads.

use std::fs;
use std::time::Instant;

use lapin::message::Delivery;
use lapin::options::{BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use serde_json::{Value, json};

use super::{Cluster, LIMIT};
use crate::services::wait_for;

/// The trace of everything that is published here.
pub const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// What another system says of that trace.
pub const TRACESTATE: &str = "portal=1";

/// One event, as it came out of the portal's queue.
#[derive(Clone, Debug)]
pub struct Event {
    /// AMQP message id.
    pub message_id: String,
    /// The whole CloudEvent.
    pub body: Value,
    /// Everything beside the body, as text.
    pub properties: String,
}

impl Event {
    /// The type's short name: `accepted`, `document.verdict`, …
    #[must_use]
    pub fn name(&self) -> &str {
        let full = self.body["type"].as_str().unwrap_or_default();
        full.trim_start_matches("kz.tekseru.").trim_end_matches(".v1")
    }

    /// Portals go by the published schemas.
    fn assert_in_form(&self) {
        let contract = concat!(env!("CARGO_MANIFEST_DIR"), "/../pipeline/contract");
        let file = format!("{contract}/{}.schema.json", self.name());
        let schema = fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let schema: Value = serde_json::from_slice(&schema).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let faults: Vec<String> =
            validator.iter_errors(&self.body).map(|fault| fault.to_string()).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", self.name());
    }
}

impl Cluster {
    /// Publishes a command as a portal would, and has it confirmed; when it was sent.
    ///
    /// # Panics
    /// When the broker refuses it.
    pub fn publish(&self, routing_key: &str, id: &str, name: &str, data: Value) -> Instant {
        self.publish_said(routing_key, id, name, data, "2026-01-05T00:00:00Z")
    }

    /// Publishes a command that was said at an instant; when it was sent.
    ///
    /// # Panics
    /// When the broker refuses it.
    pub fn publish_said(
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
        self.publish_raw("intake", routing_key, event.to_string().as_bytes())
    }

    /// Publishes anything; when it was sent.
    ///
    /// # Panics
    /// When the broker refuses it.
    pub fn publish_raw(&self, exchange: &str, routing_key: &str, body: &[u8]) -> Instant {
        let url = match exchange {
            "intake" => self.broker.url("portal", &self.vhost),
            _ => self.broker.admin_url(&self.vhost),
        };
        self.runtime.block_on(async {
            let (_connection, channel) = channel(&url).await;
            channel.confirm_select(ConfirmSelectOptions::default()).await.expect("confirms");
            let mut headers = FieldTable::default();
            headers.insert("traceparent".into(), AMQPValue::LongString(TRACEPARENT.into()));
            headers.insert("tracestate".into(), AMQPValue::LongString(TRACESTATE.into()));
            let properties = BasicProperties::default()
                .with_delivery_mode(2)
                .with_headers(headers)
                .with_content_type("application/cloudevents+json".into());
            let (exchange, key): (ShortString, ShortString) = (exchange.into(), routing_key.into());
            let options = BasicPublishOptions::default();
            let begun = Instant::now();
            let sent = channel.basic_publish(exchange, key, options, body, properties).await;
            let confirmed = sent.expect("it is sent").await.expect("it is confirmed");
            assert!(confirmed.is_ack(), "the broker refused it");
            begun
        })
    }

    /// Every event that the portal got so far, in order.
    ///
    /// # Panics
    /// When the broker is not there, or one is not as its published schema says.
    pub fn events(&self) -> Vec<Event> {
        let url = self.broker.url("portal", &self.vhost);
        let got = self.runtime.block_on(async {
            let (_connection, channel) = channel(&url).await;
            let mut got = Vec::new();
            let options = BasicGetOptions::default();
            while let Some(message) =
                channel.basic_get("verdicts.portal".into(), options).await.expect("a queue")
            {
                message.delivery.ack(BasicAckOptions::default()).await.expect("it is ours");
                let properties = &message.delivery.properties;
                got.push(Event {
                    message_id: properties
                        .message_id()
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    body: serde_json::from_slice(&message.delivery.data).expect("JSON"),
                    properties: shown(&message.delivery),
                });
            }
            got
        });
        got.iter().for_each(Event::assert_in_form);
        let mut events = self.events.lock().expect("no holder panics");
        events.extend(got);
        events.clone()
    }

    /// Everything beside the bodies of the messages that wait in a queue, which it takes out.
    ///
    /// # Panics
    /// When the broker is not there.
    #[must_use]
    pub fn beside(&self, queue: &str) -> String {
        let url = self.broker.admin_url(&self.vhost);
        self.runtime.block_on(async {
            let (_connection, channel) = channel(&url).await;
            let mut beside = String::new();
            let options = BasicGetOptions { no_ack: true };
            while let Some(message) =
                channel.basic_get(queue.into(), options).await.expect("a queue")
            {
                beside += &shown(&message.delivery);
            }
            beside
        })
    }

    /// Events of one type about one application.
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

/// Everything beside the body, as text: values of headers too, which print as numbers.
fn shown(delivery: &Delivery) -> String {
    let properties = &delivery.properties;
    let mut shown = format!("{} {properties:?}\n", delivery.routing_key);
    for (name, value) in properties.headers().iter().flat_map(|headers| headers.inner()) {
        let value = match value {
            AMQPValue::LongString(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
            other => format!("{other:?}"),
        };
        shown += &format!("{name}: {value}\n");
    }
    shown
}

async fn channel(url: &str) -> (Connection, Channel) {
    let connection = Connection::connect(url, ConnectionProperties::default()).await;
    let connection = connection.expect("the broker is up");
    let channel = connection.create_channel().await.expect("a channel");
    (connection, channel)
}
