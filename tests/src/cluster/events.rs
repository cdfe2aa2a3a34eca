//! What a portal sends and reads.

use std::time::Instant;

use lapin::options::{BasicAckOptions, BasicGetOptions, BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties};
use serde_json::{Value, json};

use super::{Cluster, LIMIT};
use crate::services::wait_for;

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
}

impl Cluster {
    /// Publishes a command as a portal would, and has it confirmed; when it was sent.
    ///
    /// # Panics
    /// When the broker refuses it.
    pub fn publish(&self, routing_key: &str, id: &str, name: &str, data: Value) -> Instant {
        let event = json!({
            "specversion": "1.0", "id": id, "source": "urn:portal", "time": "2026-01-05T00:00:00Z",
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
            let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            headers.insert("traceparent".into(), AMQPValue::LongString(trace.into()));
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
    /// When the broker is not there.
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
                    properties: format!("{} {properties:?}", message.delivery.routing_key),
                });
            }
            got
        });
        let mut events = self.events.lock().expect("no holder panics");
        events.extend(got);
        events.clone()
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

async fn channel(url: &str) -> (Connection, Channel) {
    let connection = Connection::connect(url, ConnectionProperties::default()).await;
    let connection = connection.expect("the broker is up");
    let channel = connection.create_channel().await.expect("a channel");
    (connection, channel)
}
