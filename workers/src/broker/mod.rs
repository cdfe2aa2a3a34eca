//! Messages in and out, over RabbitMQ.
//!
//! At least once: what was confirmed to a publisher is handled, perhaps twice.
//! Nothing is declared here, queues and exchanges come from `deploy/rabbitmq`.
//! Two connections, one that consumes and acknowledges and one that publishes,
//! because a broker short of memory stops reading from those that publish.
//! Both are made anew when lost; the client's own recovery stays off, it hands
//! out a delivery again while the first one is still worked on.

mod acknowledge;
mod config;
mod connection;
mod consume;
mod delivery;
mod disposition;
mod headers;
mod job;
mod lane;
mod message;
mod names;
mod parked_queue;
mod publish;
mod running;
mod shutdown;
mod state;
#[cfg(test)]
mod tests;
mod topology;

pub(crate) use config::BrokerConfig;
pub(crate) use consume::consume;
pub(crate) use delivery::{DeadDelivery, Delivery};
pub(crate) use disposition::Disposition;
pub(crate) use headers::Headers;
pub(crate) use message::Message;
pub(crate) use names::{Exchange, Lane, ParkedQueue, routing_key};
pub(crate) use parked_queue::consume_parked;
pub(crate) use publish::{PublishError, Publisher};
pub(crate) use shutdown::{Phase, Shutdown};
pub(crate) use state::BrokerState;
pub(crate) use topology::check_topology;
#[cfg(test)]
use {
    consume::Ended,
    delivery::DeadLetterOrigin,
    names::RetryDelay,
    shutdown::Shutter,
    state::{LaneState, Problem},
};
