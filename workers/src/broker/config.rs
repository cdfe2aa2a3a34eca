//! Configuration of the broker connections.

use std::time::Duration;

use lapin::uri::AMQPUri;

use super::sender::Senders;
use crate::runtime::secret::Secret;

/// Address of the broker, time limits and retry settings.
#[derive(Clone, Debug)]
pub(crate) struct BrokerConfig {
    /// `amqp://user:password@host:port/vhost`, or `amqps`.
    pub(crate) url: Secret,
    /// Name of the process, shown in the broker's list of connections.
    pub(crate) name: String,
    /// Heartbeat interval; a peer that is silent for two intervals counts as lost.
    pub(crate) heartbeat: Duration,
    /// For connecting, and for every response except publisher confirms.
    pub(crate) connect_timeout: Duration,
    /// For one publish, from the call to the publisher confirm.
    pub(crate) confirm_timeout: Duration,
    /// For the jobs that run when draining begins.
    pub(crate) drain_timeout: Duration,
    /// Attempts before a message is dead-lettered.
    pub(crate) max_attempts: u32,
    /// Factor on every retry delay; 1 except in tests.
    pub(crate) retry_scale: f64,
    /// Messages that may await their confirm at the same time, each on its own channel.
    pub(crate) publish_channels: usize,
    /// Whose messages are ours.
    pub(crate) senders: Senders,
    /// Certificate authorities in PEM, trusted in addition to the system's, for `amqps`.
    pub(crate) ca_certificates: Option<String>,
}

impl BrokerConfig {
    /// Returns the user of the connections, which its messages name as their sender.
    pub(crate) fn user(&self) -> String {
        let uri: Result<AMQPUri, _> = self.url.reveal().parse();
        uri.map(|uri| uri.authority.userinfo.username).unwrap_or_default()
    }

    /// Creates a configuration with the default limits.
    pub(crate) fn new(url: Secret, name: impl Into<String>) -> Self {
        Self {
            url,
            name: name.into(),
            heartbeat: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(15),
            confirm_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(60),
            max_attempts: 8,
            retry_scale: 1.0,
            publish_channels: 32,
            senders: Senders::default(),
            ca_certificates: None,
        }
    }
}
