//! A message as a queue delivered it.

use std::fmt;

use bytes::Bytes;
use lapin::message::Delivery as LapinDelivery;
use lapin::types::{FieldTable, ShortString};

use super::headers::{self, Headers};
use super::lane::Lane;
use super::message::Message;
use super::sender::Senders;

/// A delivery from the queue of a lane.
#[derive(Clone)]
pub(crate) struct Delivery {
    /// The message.
    pub(crate) message: Message,
    /// The lane that it arrived in.
    pub(crate) lane: Lane,
    /// The routing key that it was published with.
    pub(crate) routing_key: String,
    /// Whether the broker delivered it before.
    pub(crate) redelivered: bool,
    /// How many unsuccessful deliveries the broker counted before this one.
    pub(crate) delivery_count: u64,
}

impl Delivery {
    /// Reads a delivery of the client library; missing properties are empty.
    pub(super) fn from_lapin(delivery: &LapinDelivery, lane: Lane, senders: &Senders) -> Self {
        let table = table(delivery);
        Self {
            message: message(delivery, &table, senders),
            lane,
            routing_key: delivery.routing_key.as_str().to_owned(),
            redelivered: delivery.redelivered,
            delivery_count: headers::delivery_count(&table),
        }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queue = self.lane.queue();
        write!(
            f,
            "Delivery({:?} of {queue}, {} deliveries before)",
            self.message, self.delivery_count
        )
    }
}

/// A delivery from a queue of messages that no worker takes.
#[derive(Clone)]
pub(crate) struct DeadDelivery {
    /// The message.
    pub(crate) message: Message,
    /// The queue that it was parked in.
    pub(crate) queue: String,
    /// The routing key that it was published with; publishing with it again
    /// routes the message to the lane that it came from.
    pub(crate) routing_key: String,
    /// How many unsuccessful deliveries the broker counted before this one.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests show that it starts again at 0"))]
    pub(crate) delivery_count: u64,
    /// The queue that it was dead-lettered from and why, if it was.
    pub(crate) origin: Option<DeadLetterOrigin>,
}

/// The queue that a message was dead-lettered from, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeadLetterOrigin {
    /// The queue.
    pub(crate) queue: String,
    /// Our code, or the broker's reason: `delivery_limit`, `rejected`, `maxlen`.
    pub(crate) code: String,
}

impl DeadDelivery {
    /// Reads a delivery of the client library; missing properties are empty.
    pub(super) fn from_lapin(delivery: &LapinDelivery, queue: &str, senders: &Senders) -> Self {
        let table = table(delivery);
        let message = message(delivery, &table, senders);
        Self {
            origin: origin(&message.headers, &table),
            message,
            queue: queue.to_owned(),
            routing_key: delivery.routing_key.as_str().to_owned(),
            delivery_count: headers::delivery_count(&table),
        }
    }
}

impl fmt::Debug for DeadDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeadDelivery({:?} of {}, {:?})", self.message, self.queue, self.origin)
    }
}

fn message(delivery: &LapinDelivery, table: &FieldTable, senders: &Senders) -> Message {
    let properties = &delivery.properties;
    let text = |property: &Option<ShortString>| {
        property.as_ref().map(|text| text.as_str().to_owned()).unwrap_or_default()
    };
    Message {
        id: text(properties.message_id()),
        event_type: text(properties.kind()),
        content_type: text(properties.content_type()),
        headers: senders.verified_headers(properties.user_id().as_ref(), table),
        body: Bytes::copy_from_slice(&delivery.data),
        expiration: None,
    }
}

fn table(delivery: &LapinDelivery) -> FieldTable {
    delivery.properties.headers().clone().unwrap_or_default()
}

/// Our headers name the queue if a worker dead-lettered the message. If the broker
/// did, only its own header names it, which is lost when the message is published
/// again.
fn origin(headers: &Headers, table: &FieldTable) -> Option<DeadLetterOrigin> {
    if let Some(queue) = headers.dead_lettered_from.clone() {
        let code = headers.last_error.clone().unwrap_or_default();
        return Some(DeadLetterOrigin { queue, code });
    }
    headers::last_death(table).map(|(queue, code)| DeadLetterOrigin { queue, code })
}
