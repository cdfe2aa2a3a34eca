//! Messages in and out, over RabbitMQ.
//!
//! At least once: what was confirmed to a publisher is handled, perhaps twice.
//! Nothing is declared here, queues and exchanges come from `deploy/rabbitmq`.
//! Two connections, one that consumes and acknowledges and one that publishes,
//! because a broker short of memory stops reading from those that publish.
//! Both are made anew when lost; the client's own recovery stays off, it hands
//! out a delivery again while the first one is still worked on.

mod config;
mod connection;
mod consume;
mod drain;
mod ending;
mod headers;
mod job;
mod lane;
mod look;
mod message;
mod names;
mod publish;
mod running;
mod settle;
mod shutdown;
mod state;
#[cfg(test)]
mod tests;

pub(crate) use config::BrokerConfig;

pub(crate) use consume::consume;
pub(crate) use drain::drain;
pub(crate) use ending::Ending;
pub(crate) use headers::Headers;
pub(crate) use look::missing;
pub(crate) use message::{Incoming, Letter, Message};
pub(crate) use names::{Exchange, Kept, Lane, routing_key};
pub(crate) use publish::{PublishError, Publisher};
pub(crate) use shutdown::{Phase, Shutdown};
pub(crate) use state::BrokerState;
#[cfg(test)]
use {
    consume::Ended,
    message::Origin,
    names::Level,
    shutdown::Shutter,
    state::{LaneState, Problem},
};
