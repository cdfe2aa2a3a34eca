//! Publishing with publisher confirms for every message.
//!
//! Each channel has one message in flight. The client library numbers messages
//! before it writes them and attaches a returned message to the next confirm,
//! whichever message it belongs to. Two messages in flight on one channel could
//! swap their results, and an unroutable message would count as stored.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lapin::Channel;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

use super::config::BrokerConfig;
use super::exchange::Exchange;
use super::full_queues::FullQueues;
use super::message::{Message, short_string};
use super::problem::BrokerProblem;
use super::publish_connection::{EncodedMessage, PublishConnection, keep_open};
use super::publish_error::PublishError;
use super::reporter::Reporter;
use super::state::BrokerState;

/// Publishes over its own connection, which is reopened when lost and closed
/// with the last clone.
#[derive(Clone)]
pub(crate) struct Publisher(Arc<Inner>);

struct Inner {
    connection: watch::Receiver<Option<Arc<PublishConnection>>>,
    timeout: Duration,
    /// The sender of every message.
    user: String,
    slots: Arc<Semaphore>,
    /// Of [`Exchange::Verdicts`], whose queues portals empty.
    full: FullQueues,
    pending: Mutex<HashMap<PendingKey, watch::Receiver<Outcome>>>,
}

/// Identifies a message that was published and not confirmed yet.
type PendingKey = (String, u64);
/// The result of a publish, once it is known.
type Outcome = Option<Result<(), PublishError>>;

impl Publisher {
    /// Connects in the background, for as long as a clone exists.
    pub(crate) fn start(config: &BrokerConfig, state: watch::Sender<BrokerState>) -> Self {
        let (current, connection) = watch::channel(None);
        tokio::spawn(keep_open(config.clone(), current, Reporter(state)));
        Self(Arc::new(Inner {
            connection,
            timeout: config.confirm_timeout,
            user: config.user(),
            slots: Arc::new(Semaphore::new(config.publish_channels.max(1))),
            full: FullQueues::default(),
            pending: Mutex::default(),
        }))
    }

    /// Publishes a message: mandatory, persistent, confirmed.
    ///
    /// After [`PublishError::TimedOut`] the same message is not sent a second time
    /// while the first may still be stored. An event for a queue that was full a moment ago is
    /// [`PublishError::Nacked`] without being sent.
    ///
    /// # Errors
    /// Unless the broker confirms that a queue stores the message.
    pub(crate) async fn publish(
        &self,
        exchange: Exchange,
        routing_key: &str,
        message: &Message,
    ) -> Result<(), PublishError> {
        let count = |code| {
            metrics::counter!("tekseru_publish_total", "exchange" => exchange.name(), "result" => code)
                .increment(1);
        };
        if self.holds(exchange, routing_key) {
            count("held");
            return Err(PublishError::Nacked);
        }
        let publishing = self.publish_or_join(exchange, routing_key, message);
        let result = match timeout(self.0.timeout, publishing).await {
            Ok(result) => result,
            Err(_) if self.0.connection.borrow().is_none() => Err(PublishError::Disconnected),
            Err(_) => Err(PublishError::TimedOut),
        };
        match &result {
            Ok(()) => self.0.full.end(portal_of(routing_key)),
            Err(PublishError::Nacked) => {
                self.0.full.hold(portal_of(routing_key), Instant::now());
            }
            Err(_) => {}
        }
        count(result.as_ref().map_or_else(PublishError::code, |()| "confirmed"));
        result
    }

    /// Returns the portals whose events are not sent for a while.
    pub(crate) fn held_portals(&self) -> Vec<String> {
        self.0.full.held(Instant::now())
    }

    /// Whether messages with this routing key are not sent for a while, because the queue of
    /// their portal is full: none of its events passes another.
    pub(crate) fn holds(&self, exchange: Exchange, routing_key: &str) -> bool {
        exchange == Exchange::Verdicts && self.0.full.holds(portal_of(routing_key), Instant::now())
    }

    /// Publishes, or awaits the confirm of the same message if it is in flight.
    async fn publish_or_join(
        &self,
        exchange: Exchange,
        routing_key: &str,
        message: &Message,
    ) -> Result<(), PublishError> {
        let key = pending_key(exchange, routing_key, message);
        let in_flight = self.pending().get(&key).cloned();
        if let Some(in_flight) = in_flight {
            return await_outcome(in_flight).await;
        }
        let too_long = || {
            let what = "a name that is too long".to_owned();
            PublishError::Unpublishable(BrokerProblem::Code { what, code: 502 })
        };
        let encoded = EncodedMessage {
            exchange,
            routing_key: routing_key.to_owned(),
            properties: message.properties(&self.0.user).ok_or_else(too_long)?,
            body: message.body.clone(),
        };
        short_string(routing_key).ok_or_else(too_long)?;
        let slots = Arc::clone(&self.0.slots);
        let Ok(slot) = slots.acquire_owned().await else { return Err(PublishError::Disconnected) };
        let connection = self.connection().await?;
        let channel = connection.channel().await?;
        let (sender, outcome) = watch::channel(None);
        if !key.0.is_empty() {
            self.pending().insert(key.clone(), outcome.clone());
        }
        // a separate task: the caller may give up, but the channel is not free before the confirm
        tokio::spawn(self.clone().run(connection, channel, encoded, key, sender, slot));
        await_outcome(outcome).await
    }

    /// Publishes on a channel, and reports the outcome.
    async fn run(
        self,
        connection: Arc<PublishConnection>,
        channel: Channel,
        encoded: EncodedMessage,
        key: PendingKey,
        outcome: watch::Sender<Outcome>,
        slot: OwnedSemaphorePermit,
    ) {
        let result = tokio::select! {
            result = encoded.publish(&channel) => result,
            () = connection.connection.lost.cancelled() => Err(PublishError::Disconnected),
        };
        let is_reusable =
            matches!(&result, Ok(()) | Err(PublishError::Unroutable | PublishError::Nacked));
        if is_reusable {
            connection.release(channel);
        }
        self.pending().remove(&key);
        outcome.send_replace(Some(result));
        drop(slot);
    }

    async fn connection(&self) -> Result<Arc<PublishConnection>, PublishError> {
        let mut connection = self.0.connection.clone();
        let open = connection.wait_for(Option::is_some).await;
        open.ok().and_then(|open| (*open).clone()).ok_or(PublishError::Disconnected)
    }

    fn pending(&self) -> MutexGuard<'_, HashMap<PendingKey, watch::Receiver<Outcome>>> {
        self.0.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn await_outcome(mut outcome: watch::Receiver<Outcome>) -> Result<(), PublishError> {
    let result = outcome.wait_for(Option::is_some).await;
    result.ok().and_then(|result| result.clone()).unwrap_or(Err(PublishError::Disconnected))
}

/// Returns the portal of an event's routing key, `PORTAL.NAME`.
fn portal_of(routing_key: &str) -> &str {
    routing_key.split('.').next().unwrap_or_default()
}

fn pending_key(exchange: Exchange, routing_key: &str, message: &Message) -> PendingKey {
    let mut hasher = DefaultHasher::new();
    let headers = &message.headers;
    let waits = (headers.dependency_waits, headers.later_version_waits);
    (exchange, routing_key, &message.body, headers.attempt, waits).hash(&mut hasher);
    (&headers.last_error, &headers.portal).hash(&mut hasher);
    (message.id.clone(), hasher.finish())
}
