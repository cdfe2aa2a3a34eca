//! The publishing connection: reopened when lost, with idle channels for reuse.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation};
use tokio::sync::watch;

use super::config::BrokerConfig;
use super::connection::Connection;
use super::exchange::Exchange;
use super::problem::BrokerProblem;
use super::publish_error::PublishError;
use super::reporter::{Reporter, Role};
use crate::runtime::backoff::Backoff;

/// An open connection and its idle channels.
pub(super) struct PublishConnection {
    pub(super) connection: Connection,
    idle: Mutex<Vec<Channel>>,
}

impl PublishConnection {
    /// Returns a channel with publisher confirms, an idle one if possible.
    pub(super) async fn channel(&self) -> Result<Channel, BrokerProblem> {
        let idle = self.idle().pop();
        if let Some(channel) = idle.filter(|channel| channel.status().connected()) {
            return Ok(channel);
        }
        let channel = match self.connection.open_channel().await {
            // while a channel is closing the next may be refused
            Err(_) if self.connection.is_up() => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                self.connection.open_channel().await?
            }
            opened => opened?,
        };
        let confirms = channel.confirm_select(ConfirmSelectOptions::default());
        self.connection.response(confirms, "confirms").await?;
        Ok(channel)
    }

    /// Takes a channel back for reuse.
    pub(super) fn release(&self, channel: Channel) {
        self.idle().push(channel);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Channel>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message with its properties encoded.
pub(super) struct EncodedMessage {
    pub(super) exchange: Exchange,
    pub(super) routing_key: String,
    pub(super) properties: BasicProperties,
    pub(super) body: bytes::Bytes,
}

impl EncodedMessage {
    /// Publishes on a channel that has no other message in flight, and awaits the confirm.
    pub(super) async fn publish(self, channel: &Channel) -> Result<(), PublishError> {
        let options = BasicPublishOptions { mandatory: true, immediate: false };
        let exchange = self.exchange.name();
        let failure = |error: lapin::Error| BrokerProblem::from_lapin(&error, exchange);
        let (to, key) = (exchange.into(), self.routing_key.as_str().into());
        let confirm = channel.basic_publish(to, key, options, &self.body, self.properties);
        match confirm.await.map_err(failure)?.await.map_err(failure)? {
            Confirmation::Ack(None) => Ok(()),
            Confirmation::Ack(Some(_)) | Confirmation::Nack(Some(_)) => {
                Err(PublishError::Unroutable)
            }
            Confirmation::Nack(None) => Err(PublishError::Nacked),
            Confirmation::NotRequested => Err(PublishError::Disconnected),
        }
    }
}

/// Keeps a connection open and provides it in `current`, until every receiver is dropped.
pub(super) async fn keep_open(
    config: BrokerConfig,
    current: watch::Sender<Option<Arc<PublishConnection>>>,
    reporter: Reporter,
) {
    let mut backoff = Backoff::new();
    while !current.is_closed() {
        let opening = Connection::open(&config, Role::Publish, &reporter);
        let opened = tokio::select! {
            opened = opening => opened,
            () = current.closed() => break,
        };
        match opened {
            Ok(connection) => {
                backoff.reset();
                let lost = connection.lost.clone();
                let open = PublishConnection { connection, idle: Mutex::default() };
                current.send_replace(Some(Arc::new(open)));
                tokio::select! {
                    () = lost.cancelled() => {}
                    () = current.closed() => break,
                }
                current.send_replace(None);
                reporter.lost(Role::Publish, BrokerProblem::connection_lost());
            }
            Err(problem) => reporter.lost(Role::Publish, problem),
        }
        tokio::select! {
            () = tokio::time::sleep(backoff.next()) => {}
            () = current.closed() => break,
        }
    }
    let open = current.send_replace(None);
    if let Some(open) = open.and_then(Arc::into_inner) {
        open.connection.close().await;
    }
    reporter.closed(Role::Publish);
}
