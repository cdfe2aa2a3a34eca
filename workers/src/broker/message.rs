//! Messages as types, and the properties that carry them.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::message::Delivery;
use lapin::types::ShortString;
use pipeline::digest::sha256;

use super::headers::{self, Headers};
use super::names::Lane;

/// What is published or was received.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// The same for every copy of the same message.
    pub(crate) id: String,
    /// Type of the CloudEvent in it.
    pub(crate) kind: String,
    /// Media type of the body.
    pub(crate) content_type: String,
    /// Counters, codes and trace context.
    pub(crate) headers: Headers,
    /// What is said.
    pub(crate) body: Bytes,
    /// How long it may lie in a queue.
    pub(crate) expiration: Option<Duration>,
}

fn loggable(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
    match text.len() <= 128 && text.chars().all(plain) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(format!("sha256:{}", &sha256(text.as_bytes())[..16])),
    }
}

impl Message {
    /// A first attempt at delivering a CloudEvent.
    pub(crate) fn event(
        id: impl Into<String>,
        kind: impl Into<String>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            id: id.into(),
            kind: kind.into(),
            content_type: "application/cloudevents+json".to_owned(),
            headers: Headers::default(),
            body: body.into(),
            expiration: None,
        }
    }

    /// Its id for logs, as far as it looks like one; else a hash of it: it is the portal's to choose.
    pub(crate) fn shown_id(&self) -> Cow<'_, str> {
        loggable(&self.id)
    }

    /// Its type for logs, likewise.
    pub(crate) fn shown_kind(&self) -> Cow<'_, str> {
        loggable(&self.kind)
    }

    /// `None` when a name is longer than the protocol allows.
    pub(super) fn properties(&self) -> Option<BasicProperties> {
        const PERSISTENT: u8 = 2;
        let seconds = Timestamp::now().as_second();
        let mut properties = BasicProperties::default()
            .with_delivery_mode(PERSISTENT)
            .with_app_id("tekseru".into())
            .with_timestamp(u64::try_from(seconds).unwrap_or(0))
            .with_message_id(short(&self.id)?)
            .with_type(short(&self.kind)?)
            .with_content_type(short(&self.content_type)?)
            .with_headers(self.headers.table());
        if let Some(expiration) = self.expiration {
            properties = properties.with_expiration(short(&expiration.as_millis().to_string())?);
        }
        Some(properties)
    }
}

pub(super) fn short(text: &str) -> Option<ShortString> {
    ShortString::try_new(text).ok()
}

/// The body may be personal.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Message({:?}, attempt {}, {} bytes)",
            self.id,
            self.headers.attempt,
            self.body.len()
        )
    }
}

/// One delivery to a lane.
pub(crate) struct Incoming {
    /// What was said.
    pub(crate) message: Message,
    /// Where it arrived.
    pub(crate) lane: Lane,
    /// The lane's queue.
    pub(crate) queue: String,
    /// What it was published with.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests see by it that it stays"))]
    pub(crate) routing_key: String,
    /// Whether it was given out before.
    pub(crate) redelivered: bool,
    /// How often the broker counts that it was given out before.
    pub(crate) deliveries: u64,
}

impl Incoming {
    pub(super) fn new(letter: Letter, lane: Lane) -> Self {
        let Letter { message, queue, routing_key, redelivered, deliveries, origin: _ } = letter;
        Self { message, lane, queue, routing_key, redelivered, deliveries }
    }
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Incoming({:?} of {}, {} deliveries before)",
            self.message, self.queue, self.deliveries
        )
    }
}

/// One delivery of any other queue.
#[derive(Clone)]
pub(crate) struct Letter {
    /// What was said.
    pub(crate) message: Message,
    /// Where it lay.
    pub(crate) queue: String,
    /// What it was published with; the same brings it back to where it was.
    pub(crate) routing_key: String,
    /// Whether it was given out before.
    pub(crate) redelivered: bool,
    /// How often the broker counts that it was given out before.
    pub(crate) deliveries: u64,
    /// Where it was given up, if it was.
    pub(crate) origin: Option<Origin>,
}

/// Where a message was given up, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The queue.
    pub(crate) queue: String,
    /// Our code, or the broker's word: `delivery_limit`, `rejected`, `maxlen`.
    pub(crate) code: String,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({:?} of {}, {:?})", self.message, self.queue, self.origin)
    }
}

impl Letter {
    /// Reads a delivery; what is missing is empty.
    pub(super) fn read(delivery: &Delivery, queue: &str) -> Self {
        let properties = &delivery.properties;
        let said = |name: &Option<ShortString>| {
            name.as_ref().map(|said| said.as_str().to_owned()).unwrap_or_default()
        };
        let none = lapin::types::FieldTable::default();
        let table = properties.headers().as_ref().unwrap_or(&none);
        let headers = Headers::read(table);
        Self {
            origin: origin(&headers, table),
            message: Message {
                id: said(properties.message_id()),
                kind: said(properties.kind()),
                content_type: said(properties.content_type()),
                headers,
                body: Bytes::copy_from_slice(&delivery.data),
                expiration: None,
            },
            queue: queue.to_owned(),
            routing_key: delivery.routing_key.as_str().to_owned(),
            redelivered: delivery.redelivered,
            deliveries: headers::deliveries(table),
        }
    }
}

/// A worker says in our headers what it gave up; what the broker gave up has
/// only the broker's note, which republishing drops.
fn origin(headers: &Headers, table: &lapin::types::FieldTable) -> Option<Origin> {
    if let Some(queue) = headers.died_in.clone() {
        return Some(Origin { queue, code: headers.last_error.clone().unwrap_or_default() });
    }
    headers::last_death(table).map(|(queue, code)| Origin { queue, code })
}
