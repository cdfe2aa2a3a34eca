//! Parses events, as a portal does.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::data::{
    ACCEPTED, APPLICATION_VERDICT, Accepted, ApplicationVerdictEvent, DEADLINE, DOCUMENT_VERDICT,
    Deadline, DocumentVerdictEvent, FAILED, Failed, Problem, REJECTED,
};
use crate::contract::message::CloudEvent;

/// An event whose data matches its type.
#[derive(Debug)]
pub struct Event {
    /// The event, with its data as JSON.
    pub envelope: CloudEvent<Value>,
    /// Its type.
    pub kind: String,
}

/// Parses an event that Tekseru sends, as a portal does.
///
/// # Errors
/// When it is not in a published form.
pub fn parse(bytes: &[u8]) -> Result<Event, serde_json::Error> {
    let envelope: CloudEvent<Value> = serde_json::from_slice(bytes)?;
    let data = envelope.data.clone();
    match envelope.kind.as_str() {
        ACCEPTED => check_data::<Accepted>(data),
        DOCUMENT_VERDICT => check_data::<DocumentVerdictEvent>(data),
        APPLICATION_VERDICT => check_data::<ApplicationVerdictEvent>(data),
        REJECTED => check_data::<Problem>(data),
        FAILED => check_data::<Failed>(data),
        DEADLINE => check_data::<Deadline>(data),
        _ => Err(serde::de::Error::custom("not a type of event")),
    }?;
    let kind = envelope.kind.clone();
    Ok(Event { envelope, kind })
}

fn check_data<D: DeserializeOwned>(data: Value) -> Result<(), serde_json::Error> {
    serde_json::from_value::<D>(data).map(drop)
}
