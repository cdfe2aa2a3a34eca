//! The envelope of every message: CloudEvents 1.0 as structured JSON.
//!
//! AMQP 0-9-1 has no binding of its own, so the whole event is the body, with
//! content type `application/cloudevents+json`. Extensions in use: `dataref`
//! (where the full verdict lies), `causationid` (the command that an event
//! answers), `traceparent` and `tracestate` (W3C trace context).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The content type of every message.
pub const CONTENT_TYPE: &str = "application/cloudevents+json";
/// The version of CloudEvents that is spoken.
pub const SPEC_VERSION: &str = "1.0";
/// Where our own messages come from.
pub const SOURCE: &str = "urn:tekseru";
/// Longest message that is read: two hundred documents fit.
pub const MAX_MESSAGE: usize = 256 << 10;

/// One message: who says what, and its data.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CloudEvent<D> {
    /// Always `1.0`.
    pub specversion: String,
    /// Unique within `source`; a repeated delivery has the same id and the same content.
    pub id: String,
    /// Who says it, as a URI reference.
    pub source: String,
    /// What it is: `kz.tekseru.….v1`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about: the application's id, or `APPLICATION/DOCUMENT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// When it was said. Of two commands about the same application or document
    /// the one that was said later holds, in whatever order they arrive; one
    /// without a time counts as said when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// `application/json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datacontenttype: Option<String>,
    /// Where the full verdict lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataref: Option<String>,
    /// Id of the command that this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causationid: Option<String>,
    /// W3C trace context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// W3C trace state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracestate: Option<String>,
    /// What is said.
    pub data: D,
}

impl<D> CloudEvent<D> {
    /// A message of ours.
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

impl<D: Serialize> CloudEvent<D> {
    /// The body of the message.
    ///
    /// # Panics
    /// Never: what is said holds nothing that JSON cannot.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a message holds nothing that JSON cannot")
    }
}

/// The same id for the same content, so that a repeated event is known as one.
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
    fn ids_follow_the_content() {
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
