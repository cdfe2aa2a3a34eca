//! CloudEvents that leave this process: stored until the broker confirms them,
//! or published at once.

use jiff::Timestamp;
use pipeline::contract::message::{CloudEvent, EventData};
use serde::Serialize;

use crate::application_key::ApplicationKey;
use crate::broker::Message;
use crate::portal::Portal;
use crate::registry::OutgoingEvent;
use crate::runtime::traces::TraceContext;

/// The attributes of an event that come from the command that caused it.
pub(crate) struct EventOrigin<'a> {
    /// Id of the portal's command, for `causationid`.
    pub(crate) command_id: Option<&'a str>,
    /// Trace of that command.
    pub(crate) trace: Option<TraceContext>,
    /// The event's `time`.
    pub(crate) time: Timestamp,
}

impl EventOrigin<'_> {
    /// Creates an event; the same `id_parts` make the same id.
    pub(crate) fn create_event<D: EventData>(&self, data: D, id_parts: &[&str]) -> CloudEvent<D> {
        self.add_cause(CloudEvent::from_data(data, id_parts, self.time))
    }

    /// Adds cause and trace to an event.
    pub(crate) fn add_cause<D>(&self, mut event: CloudEvent<D>) -> CloudEvent<D> {
        event.causationid = self.command_id.map(str::to_owned);
        TraceContext::inject(self.trace.as_ref(), &mut event);
        event
    }

    /// Returns the event as the registry stores it until the broker has confirmed it.
    pub(crate) fn to_outgoing<D: EventData>(
        &self,
        application: &ApplicationKey,
        event: &CloudEvent<D>,
    ) -> OutgoingEvent {
        OutgoingEvent {
            id: event.id.clone(),
            application: application.clone(),
            routing_key: D::routing_key().to_owned(),
            body: event.to_json(),
            trace: self.trace.clone(),
            revision: None,
        }
    }

    /// Returns the event as a message that is published at once.
    pub(crate) fn to_message<D: Serialize>(&self, event: &CloudEvent<D>) -> Message {
        let mut message = Message::new(event.id.clone(), event.kind.as_str(), event.to_json());
        message.headers.trace = self.trace.clone();
        message
    }
}

/// Returns the routing key of an event of this name for a portal: its queue is bound to
/// `PORTAL.#`.
pub(crate) fn routing_key(portal: &Portal, name: &str) -> String {
    format!("{portal}.{name}")
}

/// Returns the event type of a stored routing key.
pub(crate) fn event_type(routing_key: &str) -> String {
    format!("kz.tekseru.{routing_key}.v1")
}

#[cfg(test)]
mod tests {
    use pipeline::contract::events::{DEADLINE, Deadline};

    use super::*;

    #[test]
    fn a_routing_key_names_its_event_type() {
        assert_eq!(event_type(Deadline::routing_key()), DEADLINE);
    }
}
