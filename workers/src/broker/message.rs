//! An AMQP message: its body, its headers and its other properties.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::types::ShortString;
use pipeline::digest::sha256;

use super::headers::Headers;

/// A message to publish, or one that was received.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Message {
    /// Identical in every copy of the message; the AMQP property `message-id`.
    pub(crate) id: String,
    /// Type of the CloudEvent in the body; the AMQP property `type`.
    pub(crate) event_type: String,
    /// Media type of the body.
    pub(crate) content_type: String,
    /// Counters, codes and trace context.
    pub(crate) headers: Headers,
    /// The CloudEvent as JSON.
    pub(crate) body: Bytes,
    /// How long it may stay in a queue.
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
    /// Returns the first attempt at delivering a CloudEvent.
    pub(crate) fn new(
        id: impl Into<String>,
        event_type: impl Into<String>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            id: id.into(),
            event_type: event_type.into(),
            content_type: "application/cloudevents+json".to_owned(),
            headers: Headers::default(),
            body: body.into(),
            expiration: None,
        }
    }

    /// Returns the id for logs: portals choose it, so an id of unusual form is replaced by its hash.
    pub(crate) fn loggable_id(&self) -> Cow<'_, str> {
        loggable(&self.id)
    }

    /// Returns the event type for logs, replaced by its hash likewise.
    pub(crate) fn loggable_type(&self) -> Cow<'_, str> {
        loggable(&self.event_type)
    }

    /// Returns the AMQP properties of a message that a user sends; `None` when an id or type is
    /// longer than the protocol allows.
    pub(super) fn properties(&self, user: &str) -> Option<BasicProperties> {
        const PERSISTENT: u8 = 2;
        let seconds = Timestamp::now().as_second();
        let mut properties = BasicProperties::default()
            .with_delivery_mode(PERSISTENT)
            .with_app_id("tekseru".into())
            .with_user_id(short_string(user)?)
            .with_timestamp(u64::try_from(seconds).unwrap_or(0))
            .with_message_id(short_string(&self.id)?)
            .with_type(short_string(&self.event_type)?)
            .with_content_type(short_string(&self.content_type)?)
            .with_headers(self.headers.to_table());
        if let Some(expiration) = self.expiration {
            properties =
                properties.with_expiration(short_string(&expiration.as_millis().to_string())?);
        }
        Some(properties)
    }
}

/// Converts to the protocol's short string; `None` above 255 bytes.
pub(super) fn short_string(text: &str) -> Option<ShortString> {
    ShortString::try_new(text).ok()
}

/// Leaves out the body, which may hold personal data.
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
