//! What a connection needs to know.

use std::time::Duration;

use crate::runtime::secret::Secret;

/// Where the broker is, and how patient we are with it.
#[derive(Clone, Debug)]
pub(crate) struct BrokerConfig {
    /// `amqp://user:password@host:port/vhost`, or `amqps`.
    pub(crate) url: Secret,
    /// Name of the process, shown in the broker's list of connections.
    pub(crate) name: String,
    /// A peer that is silent for two of these is given up.
    pub(crate) heartbeat: Duration,
    /// For connecting, and for every answer but a confirmation.
    pub(crate) connect_limit: Duration,
    /// For a publish, from the call to the confirmation.
    pub(crate) confirm_limit: Duration,
    /// For what runs when draining begins.
    pub(crate) drain_limit: Duration,
    /// How many attempts a message has before it is given up.
    pub(crate) attempts: u32,
    /// Waits of the retry levels are multiplied by it; 1 but in tests.
    pub(crate) retry_scale: f64,
    /// Messages that may wait for their confirmation at once, a channel each.
    pub(crate) publish_channels: usize,
    /// PEM of the authorities to trust beside the system's, for `amqps`.
    pub(crate) authorities: Option<String>,
}

impl BrokerConfig {
    /// The usual limits.
    pub(crate) fn new(url: Secret, name: impl Into<String>) -> Self {
        Self {
            url,
            name: name.into(),
            heartbeat: Duration::from_secs(10),
            connect_limit: Duration::from_secs(15),
            confirm_limit: Duration::from_secs(30),
            drain_limit: Duration::from_secs(60),
            attempts: 8,
            retry_scale: 1.0,
            publish_channels: 32,
            authorities: None,
        }
    }
}
