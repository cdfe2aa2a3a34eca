//! The envelope of every message: CloudEvents 1.0 as structured JSON.
//!
//! AMQP 0-9-1 has no binding of its own, so the whole event is the body, with
//! content type `application/cloudevents+json`. Extensions in use: `dataref`
//! (the place of the full verdict), `causationid` (the command that an event
//! answers), `traceparent` and `tracestate` (W3C trace context).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The content type of every message.
pub const CONTENT_TYPE: &str = "application/cloudevents+json";
/// The version of CloudEvents.
pub const SPEC_VERSION: &str = "1.0";
/// The source of messages that Tekseru sends.
pub const SOURCE: &str = "urn:tekseru";
/// Longest message that is accepted, in bytes; two hundred documents fit.
pub const MAX_MESSAGE: usize = 256 << 10;

/// One message: its attributes and its data.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CloudEvent<D> {
    /// Always `1.0`.
    pub specversion: String,
    /// Unique within `source`; a repeated delivery has the same id and the same content.
    pub id: String,
    /// The sender, as a URI reference.
    pub source: String,
    /// The type of the message: `kz.tekseru.….v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The subject: the id of the application, or `APPLICATION/DOCUMENT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it was sent. Of two commands about the same application or document
    /// the later one counts, in whatever order they arrive. A command without a
    /// time counts as sent when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// `application/json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<String>,
    /// The place of the full verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataref: Option<String>,
    /// Id of the command that this message answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causationid: Option<String>,
    /// W3C trace context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// W3C trace state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracestate: Option<String>,
    /// The data of the message.
    pub data: D,
}

impl<D> CloudEvent<D> {
    /// Creates a message from Tekseru.
    #[must_use]
    pub fn new(kind: &str, id: String, subject: Option<String>, time: Timestamp, data: D) -> Self {
        Self {
            specversion: SPEC_VERSION.to_owned(),
            id,
            source: SOURCE.to_owned(),
            kind: kind.to_owned(),
            subject,
            time: Some(time),
            datacontenttype: Some("application/json".to_owned()),
            dataref: None,
            causationid: None,
            traceparent: None,
            tracestate: None,
            data,
        }
    }
}

/// The data of one type of event that Tekseru sends.
pub trait EventData: Serialize {
    /// The type of the event, `kz.tekseru.NAME.v1`.
    const TYPE: &'static str;

    /// Returns the id of the application, or `APPLICATION/DOCUMENT`, if it is known.
    fn subject(&self) -> Option<String>;

    /// Returns the `NAME` in the type of the event.
    #[must_use]
    fn routing_key() -> &'static str {
        let name = Self::TYPE.strip_prefix(TYPE_PREFIX).unwrap_or(Self::TYPE);
        name.strip_suffix(TYPE_SUFFIX).unwrap_or(name)
    }
}

/// The beginning of every type.
pub(super) const TYPE_PREFIX: &str = "kz.tekseru.";
/// The end of every type.
pub(super) const TYPE_SUFFIX: &str = ".v1";

impl<D: EventData> CloudEvent<D> {
    /// Creates an event. Its id depends on its type and `id_parts`: events with
    /// the same parts are repetitions of one event.
    #[must_use]
    pub fn from_data(data: D, id_parts: &[&str], time: Timestamp) -> Self {
        let parts: Vec<&str> = std::iter::once(D::TYPE).chain(id_parts.iter().copied()).collect();
        Self::new(D::TYPE, stable_id(&parts), data.subject(), time, data)
    }
}

impl<D: Serialize> CloudEvent<D> {
    /// Returns the body of the message.
    ///
    /// # Panics
    /// Never: the data can always be written as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a message can be written as JSON")
    }
}

/// Returns an id that depends only on the parts, so that a repeated event has the
/// same id.
#[must_use]
pub fn stable_id(parts: &[&str]) -> String {
    // lengths keep `a`, `bc` and `ab`, `c` apart
    let joined: String = parts.iter().map(|part| format!("{}:{part};", part.len())).collect();
    crate::digest::sha256(joined.as_bytes())[..32].to_owned()
}

/// The data may be personal.
impl<D> std::fmt::Debug for CloudEvent<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CloudEvent({} {})", self.kind, self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_the_content() {
        assert_eq!(stable_id(&["a", "b"]), stable_id(&["a", "b"]));
        assert_ne!(stable_id(&["a", "bc"]), stable_id(&["ab", "c"]));
        assert_eq!(stable_id(&[]).len(), 32);
    }

    #[test]
    fn absent_attributes_are_not_written() {
        let event = CloudEvent::new("t", "i".to_owned(), None, Timestamp::UNIX_EPOCH, 1);
        assert_eq!(
            event.to_json(),
            r#"{"specversion":"1.0","id":"i","source":"urn:tekseru","type":"t","time":"1970-01-01T00:00:00Z","datacontenttype":"application/json","data":1}"#
        );
    }
}
