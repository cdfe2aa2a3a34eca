//! Publishing, with a confirmation for every message.
//!
//! One message at a time on a channel. The client numbers messages before it
//! writes them and gives a returned message to whichever confirmation comes
//! next, so two at once on a channel could take each other's answer, and a
//! message that no queue took would count as stored.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Channel, Confirmation};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::timeout;

use super::config::BrokerConfig;
use super::connection::Live;
use super::message::{Message, short_string};
use super::names::Exchange;
use super::state::{BrokerState, Problem, Reporter, Role};
use crate::runtime::backoff::Backoff;

/// Why a message is not known to be stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PublishError {
    /// No queue takes it.
    #[error("no queue takes the message: import deploy/rabbitmq/definitions")]
    Unroutable,
    /// The queue is full.
    #[error("the broker does not take the message: its queue is full")]
    Nacked,
    /// It may be stored later; the same message again waits for the same answer.
    #[error("the broker did not confirm in time")]
    TimedOut,
    /// It may be stored or not.
    #[error("the connection was lost before the broker confirmed")]
    Disconnected,
    /// It will not work as it is.
    #[error("the message cannot be published: {0}")]
    Broken(Problem),
}

impl PublishError {
    /// A code for metrics and headers.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unroutable => "unroutable",
            Self::Nacked => "nacked",
            Self::TimedOut => "timed-out",
            Self::Disconnected => "disconnected",
            Self::Broken(_) => "broken",
        }
    }
}

/// Publishes over a connection of its own, made anew whenever it is lost. The
/// connection ends with the last clone.
#[derive(Clone)]
pub(crate) struct Publisher(Arc<Inner>);

struct Inner {
    link: watch::Receiver<Option<Arc<Link>>>,
    limit: Duration,
    slots: Arc<Semaphore>,
    pending: Mutex<HashMap<Key, watch::Receiver<Answer>>>,
}

/// The connection and its channels that wait for work.
struct Link {
    live: Live,
    idle: Mutex<Vec<Channel>>,
}

/// A message that was written and not answered yet.
type Key = (String, u64);
type Answer = Option<Result<(), PublishError>>;

impl Publisher {
    /// Connects in the background, for as long as there is a clone.
    pub(crate) fn start(config: &BrokerConfig, state: watch::Sender<BrokerState>) -> Self {
        let (say, link) = watch::channel(None);
        tokio::spawn(keep(config.clone(), say, Reporter(state)));
        Self(Arc::new(Inner {
            link,
            limit: config.confirm_timeout,
            slots: Arc::new(Semaphore::new(config.publish_channels.max(1))),
            pending: Mutex::default(),
        }))
    }

    /// Publishes a message: mandatory, persistent, confirmed.
    ///
    /// After [`PublishError::TimedOut`] the same message again is not sent twice
    /// while the first may still be stored.
    ///
    /// # Errors
    /// Unless the broker says that it is stored in a queue.
    pub(crate) async fn publish(
        &self,
        exchange: Exchange,
        routing_key: &str,
        message: &Message,
    ) -> Result<(), PublishError> {
        let sending = self.send(exchange, routing_key, message);
        let result = match timeout(self.0.limit, sending).await {
            Ok(result) => result,
            Err(_) if self.0.link.borrow().is_none() => Err(PublishError::Disconnected),
            Err(_) => Err(PublishError::TimedOut),
        };
        let word = result.as_ref().map_or_else(PublishError::code, |()| "confirmed");
        metrics::counter!("tekseru_publish_total", "exchange" => exchange.name(), "result" => word)
            .increment(1);
        result
    }

    async fn send(
        &self,
        exchange: Exchange,
        routing_key: &str,
        message: &Message,
    ) -> Result<(), PublishError> {
        let key = key(exchange, routing_key, message);
        let earlier = self.pending().get(&key).cloned();
        if let Some(earlier) = earlier {
            return answered(earlier).await;
        }
        let broken = || {
            PublishError::Broken(Problem::Code { what: "too long a name".to_owned(), code: 502 })
        };
        let sealed = Sealed {
            exchange,
            routing_key: routing_key.to_owned(),
            properties: message.properties().ok_or_else(broken)?,
            body: message.body.clone(),
        };
        short_string(routing_key).ok_or_else(broken)?;
        let slots = Arc::clone(&self.0.slots);
        let Ok(slot) = slots.acquire_owned().await else { return Err(PublishError::Disconnected) };
        let link = self.link().await?;
        let channel = link.channel().await.map_err(failed)?;
        let (say, answer) = watch::channel(None);
        if !key.0.is_empty() {
            self.pending().insert(key.clone(), answer.clone());
        }
        // on its own: who waits may give up, and the channel is not free before it is answered
        tokio::spawn(self.clone().deliver(link, channel, sealed, key, say, slot));
        answered(answer).await
    }

    async fn deliver(
        self,
        link: Arc<Link>,
        channel: Channel,
        sealed: Sealed,
        key: Key,
        say: watch::Sender<Answer>,
        slot: OwnedSemaphorePermit,
    ) {
        let result = tokio::select! {
            result = sealed.publish(&channel) => result,
            () = link.live.lost.cancelled() => Err(PublishError::Disconnected),
        };
        let usable =
            matches!(&result, Ok(()) | Err(PublishError::Unroutable | PublishError::Nacked));
        if usable {
            link.idle().push(channel);
        }
        self.pending().remove(&key);
        say.send_replace(Some(result));
        drop(slot);
    }

    async fn link(&self) -> Result<Arc<Link>, PublishError> {
        let mut link = self.0.link.clone();
        let there = link.wait_for(Option::is_some).await;
        there.ok().and_then(|link| (*link).clone()).ok_or(PublishError::Disconnected)
    }

    fn pending(&self) -> MutexGuard<'_, HashMap<Key, watch::Receiver<Answer>>> {
        self.0.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ready to be written.
struct Sealed {
    exchange: Exchange,
    routing_key: String,
    properties: BasicProperties,
    body: bytes::Bytes,
}

impl Sealed {
    async fn publish(self, channel: &Channel) -> Result<(), PublishError> {
        let options = BasicPublishOptions { mandatory: true, immediate: false };
        let exchange = self.exchange.name();
        let broken = |error: lapin::Error| failed(Problem::of(&error, exchange));
        let (to, key) = (exchange.into(), self.routing_key.as_str().into());
        let confirm = channel.basic_publish(to, key, options, &self.body, self.properties);
        match confirm.await.map_err(broken)?.await.map_err(broken)? {
            Confirmation::Ack(None) => Ok(()),
            Confirmation::Ack(Some(_)) | Confirmation::Nack(Some(_)) => {
                Err(PublishError::Unroutable)
            }
            Confirmation::Nack(None) => Err(PublishError::Nacked),
            Confirmation::NotRequested => Err(PublishError::Disconnected),
        }
    }
}

impl Link {
    async fn channel(&self) -> Result<Channel, Problem> {
        let idle = self.idle().pop();
        if let Some(channel) = idle.filter(|channel| channel.status().connected()) {
            return Ok(channel);
        }
        let channel = match self.live.channel().await {
            // while one is closing the next may be refused
            Err(_) if self.live.is_up() => {
                tokio::time::sleep(Duration::from_millis(100)).await;
                self.live.channel().await?
            }
            opened => opened?,
        };
        let confirms = channel.confirm_select(ConfirmSelectOptions::default());
        self.live.answer(confirms, "confirms").await?;
        Ok(channel)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Channel>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answered(mut answer: watch::Receiver<Answer>) -> Result<(), PublishError> {
    let said = answer.wait_for(Option::is_some).await;
    said.ok().and_then(|said| said.clone()).unwrap_or(Err(PublishError::Disconnected))
}

fn failed(problem: Problem) -> PublishError {
    if problem.is_refusal() { PublishError::Broken(problem) } else { PublishError::Disconnected }
}

fn key(exchange: Exchange, routing_key: &str, message: &Message) -> Key {
    let mut hasher = DefaultHasher::new();
    (
        exchange,
        routing_key,
        &message.body,
        message.headers.attempt,
        message.headers.dependency_waits,
    )
        .hash(&mut hasher);
    message.headers.last_error.hash(&mut hasher);
    (message.id.clone(), hasher.finish())
}

async fn keep(config: BrokerConfig, say: watch::Sender<Option<Arc<Link>>>, reporter: Reporter) {
    let mut backoff = Backoff::new();
    while !say.is_closed() {
        let opening = Live::open(&config, Role::Publish, &reporter);
        let opened = tokio::select! {
            opened = opening => opened,
            () = say.closed() => break,
        };
        match opened {
            Ok(live) => {
                backoff.reset();
                let lost = live.lost.clone();
                say.send_replace(Some(Arc::new(Link { live, idle: Mutex::default() })));
                tokio::select! {
                    () = lost.cancelled() => {}
                    () = say.closed() => break,
                }
                say.send_replace(None);
                reporter.lost(
                    Role::Publish,
                    Problem::Unreachable("the connection was lost".to_owned()),
                );
            }
            Err(problem) => reporter.lost(Role::Publish, problem),
        }
        tokio::select! {
            () = tokio::time::sleep(backoff.next()) => {}
            () = say.closed() => break,
        }
    }
    let link = say.send_replace(None);
    if let Some(link) = link.and_then(Arc::into_inner) {
        link.live.close().await;
    }
    reporter.closed(Role::Publish);
}
