//! One connection, from its opening until it is lost.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use lapin::options::{BasicConsumeOptions, BasicQosOptions};
use lapin::tcp::OwnedTLSConfig;
use lapin::types::FieldTable;
use lapin::uri::AMQPUri;
use lapin::{Channel, Connection, ConnectionProperties, Consumer};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::config::BrokerConfig;
use super::message::short_string;
use super::state::{Problem, Reporter, Role};

/// How often the client's own word is asked, beside its events.
const LOOK: Duration = Duration::from_secs(1);

pub(super) struct Live {
    connection: Arc<Connection>,
    /// For every answer of the broker.
    limit: Duration,
    /// Cancelled when the connection is lost or this is dropped.
    pub(super) lost: CancellationToken,
    _ended: DropGuard,
}

impl Live {
    pub(super) async fn open(
        config: &BrokerConfig,
        role: Role,
        reporter: &Reporter,
    ) -> Result<Self, Problem> {
        let mut uri: AMQPUri = config.url.reveal().parse().map_err(|_| Problem::Address)?;
        let seconds = config.heartbeat.as_secs().clamp(1, 600);
        uri.query.heartbeat = u16::try_from(seconds).ok();
        let name = format!("{} {role}", config.name);
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let tls = OwnedTLSConfig { identity: None, cert_chain: config.ca_certificates.clone() };
        let runtime = lapin::runtime::default_runtime().map_err(|_| Problem::Address)?;
        let opening = Connection::connect_uri_with_config(uri, properties, tls, runtime);
        let connection = match timeout(config.connect_timeout, opening).await {
            Ok(opened) => opened.map_err(|error| Problem::of_connecting(&error))?,
            Err(_) => return Err(silent()),
        };
        let connection = Arc::new(connection);
        let lost = CancellationToken::new();
        tokio::spawn(watch(Arc::clone(&connection), role, reporter.clone(), lost.clone()));
        reporter.connected(role);
        let _ended = lost.clone().drop_guard();
        Ok(Self { connection, limit: config.connect_timeout, lost, _ended })
    }

    pub(super) fn is_up(&self) -> bool {
        self.connection.status().connected() && !self.lost.is_cancelled()
    }

    pub(super) async fn channel(&self) -> Result<Channel, Problem> {
        self.answer(self.connection.create_channel(), "channel").await
    }

    /// What the broker answers, if it does in time.
    pub(super) async fn answer<T>(
        &self,
        asking: impl Future<Output = lapin::Result<T>>,
        what: &str,
    ) -> Result<T, Problem> {
        match timeout(self.limit, asking).await {
            Ok(answer) => answer.map_err(|error| Problem::of(&error, what)),
            Err(_) => Err(silent()),
        }
    }

    /// A channel of its own and at most `prefetch` deliveries at once.
    pub(super) async fn subscribe(
        &self,
        queue: &str,
        prefetch: u16,
    ) -> Result<(Channel, Consumer), Problem> {
        let missing = || Problem::Missing(queue.to_owned());
        let name = short_string(queue).ok_or_else(missing)?;
        let channel = self.channel().await?;
        self.answer(channel.basic_qos(prefetch, BasicQosOptions::default()), queue).await?;
        let (options, none) = (BasicConsumeOptions::default(), FieldTable::default());
        let consuming = channel.basic_consume(name, "".into(), options, none);
        let consumer = self.answer(consuming, queue).await?;
        Ok((channel, consumer))
    }

    /// Says goodbye, so that the broker gives out again at once what is not acknowledged.
    pub(super) async fn close(self) {
        let _ = timeout(self.limit.min(LOOK), self.connection.close(200, "bye".into())).await;
    }
}

fn silent() -> Problem {
    Problem::Unreachable("no answer in time".to_owned())
}

/// Follows the events of a connection; each goes to one listener only.
async fn watch(
    connection: Arc<Connection>,
    role: Role,
    reporter: Reporter,
    lost: CancellationToken,
) {
    let mut events = pin!(connection.events_listener());
    let mut look = tokio::time::interval(LOOK);
    let status = connection.status();
    while status.connected() {
        let over = tokio::select! {
            () = lost.cancelled() => true,
            // a close without an error is no event, nor is what came before we listened
            _ = look.tick() => false,
            // an error may be of one channel alone: what the connection says of itself counts
            event = events.next() => event.is_none(),
        };
        if over {
            break;
        }
        if role == Role::Publish {
            reporter.blocked(status.blocked());
        }
    }
    lost.cancel();
}
