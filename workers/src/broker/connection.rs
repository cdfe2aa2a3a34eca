//! One AMQP connection, from its opening until it is lost.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use lapin::options::{BasicConsumeOptions, BasicQosOptions};
use lapin::tcp::OwnedTLSConfig;
use lapin::types::FieldTable;
use lapin::uri::AMQPUri;
use lapin::{Channel, Connection as LapinConnection, ConnectionProperties, Consumer};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::config::BrokerConfig;
use super::message::short_string;
use super::problem::BrokerProblem;
use super::reporter::{Reporter, Role};

/// How often the client library's status is polled, in addition to its events.
const STATUS_INTERVAL: Duration = Duration::from_secs(1);

/// An open connection.
pub(super) struct Connection {
    connection: Arc<LapinConnection>,
    /// For every response of the broker.
    timeout: Duration,
    /// Cancelled when the connection is lost or this value is dropped.
    pub(super) lost: CancellationToken,
    _cancel_on_drop: DropGuard,
}

impl Connection {
    /// Connects, and follows the connection in the background.
    pub(super) async fn open(
        config: &BrokerConfig,
        role: Role,
        reporter: &Reporter,
    ) -> Result<Self, BrokerProblem> {
        let mut uri: AMQPUri = config.url.reveal().parse().map_err(|_| BrokerProblem::Address)?;
        let seconds = config.heartbeat.as_secs().clamp(1, 600);
        uri.query.heartbeat = u16::try_from(seconds).ok();
        let name = format!("{} {role}", config.name);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let tls = OwnedTLSConfig { identity: None, cert_chain: config.ca_certificates.clone() };
        let runtime = lapin::runtime::default_runtime().map_err(|_| BrokerProblem::Address)?;
        let opening = LapinConnection::connect_uri_with_config(uri, properties, tls, runtime);
        let connection = match timeout(config.connect_timeout, opening).await {
            Ok(opened) => opened.map_err(|error| BrokerProblem::from_connecting(&error))?,
            Err(_) => return Err(no_response()),
        };
        let connection = Arc::new(connection);
        let lost = CancellationToken::new();
        tokio::spawn(watch(Arc::clone(&connection), role, reporter.clone(), lost.clone()));
        reporter.connected(role);
        let _cancel_on_drop = lost.clone().drop_guard();
        Ok(Self { connection, timeout: config.connect_timeout, lost, _cancel_on_drop })
    }

    pub(super) fn is_up(&self) -> bool {
        self.connection.status().connected() && !self.lost.is_cancelled()
    }

    /// Opens a channel.
    pub(super) async fn open_channel(&self) -> Result<Channel, BrokerProblem> {
        self.response(self.connection.create_channel(), "channel").await
    }

    /// Returns the broker's response, or a problem when there is none in time.
    pub(super) async fn response<T>(
        &self,
        request: impl Future<Output = lapin::Result<T>>,
        what: &str,
    ) -> Result<T, BrokerProblem> {
        match timeout(self.timeout, request).await {
            Ok(response) => response.map_err(|error| BrokerProblem::from_lapin(&error, what)),
            Err(_) => Err(no_response()),
        }
    }

    /// Consumes a queue on a new channel with this prefetch.
    pub(super) async fn subscribe(
        &self,
        queue: &str,
        prefetch: u16,
    ) -> Result<(Channel, Consumer), BrokerProblem> {
        let missing = || BrokerProblem::Missing(queue.to_owned());
        let name = short_string(queue).ok_or_else(missing)?;
        let channel = self.open_channel().await?;
        self.response(channel.basic_qos(prefetch, BasicQosOptions::default()), queue).await?;
        let (options, none) = (BasicConsumeOptions::default(), FieldTable::default());
        let consuming = channel.basic_consume(name, "".into(), options, none);
        let consumer = self.response(consuming, queue).await?;
        Ok((channel, consumer))
    }

    /// Closes the connection, so that the broker requeues unacknowledged deliveries at once.
    pub(super) async fn close(self) {
        let _ =
            timeout(self.timeout.min(STATUS_INTERVAL), self.connection.close(200, "bye".into()))
                .await;
    }
}

fn no_response() -> BrokerProblem {
    BrokerProblem::Unreachable("no response in time".to_owned())
}

/// Follows the events of a connection until it is lost; each event goes to one listener only.
async fn watch(
    connection: Arc<LapinConnection>,
    role: Role,
    reporter: Reporter,
    lost: CancellationToken,
) {
    let mut events = pin!(connection.events_listener());
    let mut interval = tokio::time::interval(STATUS_INTERVAL);
    let status = connection.status();
    while status.connected() {
        let is_over = tokio::select! {
            () = lost.cancelled() => true,
            // a close without an error emits no event, and earlier events are not replayed
            _ = interval.tick() => false,
            // an error may concern one channel only: the status of the connection counts
            event = events.next() => event.is_none(),
        };
        if is_over {
            break;
        }
        if role == Role::Publish {
            reporter.set_blocked(status.blocked());
        }
    }
    lost.cancel();
}
