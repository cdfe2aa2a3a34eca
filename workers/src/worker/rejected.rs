//! The answer to a portal whose message cannot be used.

use jiff::Timestamp;
use pipeline::contract::commands::Rejection;

use crate::broker::Message;
use crate::portal::Portal;
use crate::verdicts::event::EventOrigin;

/// Returns the event `rejected` for a message.
pub(crate) fn rejected_message(rejection: &Rejection, message: &Message) -> Message {
    let time = Timestamp::now();
    let trace = message.headers.trace.clone();
    let origin = EventOrigin { command_id: rejection.id.as_deref(), trace, time };
    let portal = message.headers.portal.as_ref().map_or("", Portal::as_str);
    origin.to_message(&origin.add_cause(rejection.to_event(portal, &message.body, time)))
}
