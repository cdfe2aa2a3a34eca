//! Consumes and publishes messages over RabbitMQ.
//!
//! At least once: every message that the broker confirmed to its publisher is
//! handled, sometimes twice. This code declares nothing: `deploy/rabbitmq`
//! defines queues and exchanges.
//! A process has a connection for each lane, which consumes and acknowledges, and one
//! that publishes, because a broker that is short of memory stops reading from
//! connections that publish. Each is reopened when lost; a message that ends its
//! connection does not end those of other lanes. The client library's own
//! recovery is off: it yields a delivery again while the first one is still handled.

mod acknowledge;
mod address;
mod caution;
mod config;
mod connection;
mod consume;
mod delivery;
mod disposition;
mod exchange;
mod full_queues;
mod headers;
mod in_progress;
mod job_runner;
mod lane;
mod lane_connections;
mod lane_consumer;
mod message;
mod parked_queue;
mod problem;
mod publish_connection;
mod publish_error;
mod publisher;
mod reporter;
mod retry_policy;
mod sender;
mod shutdown;
mod state;
#[cfg(test)]
mod tests;
mod topology;

pub(crate) use address::transport;
pub(crate) use config::BrokerConfig;
pub(crate) use consume::consume;
pub(crate) use delivery::{DeadDelivery, Delivery};
pub(crate) use disposition::{Disposition, RetryCount};
pub(crate) use exchange::Exchange;
pub(crate) use headers::Headers;
pub(crate) use lane::{Lane, routing_key};
pub(crate) use message::Message;
pub(crate) use parked_queue::{ParkedQueue, consume_parked};
pub(crate) use publish_error::PublishError;
pub(crate) use publisher::Publisher;
pub(crate) use sender::Senders;
pub(crate) use shutdown::{Phase, Shutdown};
pub(crate) use state::BrokerState;
pub(crate) use topology::check_topology;
#[cfg(test)]
use {
    consume::ConsumeSummary, delivery::DeadLetterOrigin, problem::BrokerProblem,
    retry_policy::RetryDelay, shutdown::ShutdownTrigger, state::LaneState,
};
