//! A virtual host with our definitions, and helpers for tests.

use std::collections::BTreeSet;
use std::num::NonZero;
use std::sync::OnceLock;
use std::time::Duration;

use ::tests::services::rabbitmq::RabbitMq;
use lapin::message::BasicGetMessage;
use lapin::options::{BasicAckOptions, BasicGetOptions};
use lapin::{Channel, Connection, ConnectionProperties};
use tokio::sync::{Mutex, MutexGuard, watch};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::broker::{
    BrokerConfig, BrokerState, ConsumeSummary, Delivery, Disposition, Exchange, Lane, Message,
    Phase, PublishError, Publisher, Shutdown, ShutdownTrigger, consume,
};
use crate::runtime::secret::Secret;

/// Time limit for steps that are quick on an idle machine.
pub(super) const LIMIT: Duration = Duration::from_secs(90);

pub(super) struct Host {
    pub(super) node: &'static RabbitMq,
    pub(super) name: String,
}

/// Returns a virtual host on the node that runs undisturbed.
pub(super) fn host() -> Host {
    static NODE: OnceLock<RabbitMq> = OnceLock::new();
    Host::on(NODE.get_or_init(RabbitMq::start))
}

/// Returns a virtual host on the node that tests disturb, exclusively while the guard lives.
pub(super) async fn exclusive_host() -> (Host, MutexGuard<'static, ()>) {
    static NODE: OnceLock<RabbitMq> = OnceLock::new();
    static GUARD: Mutex<()> = Mutex::const_new(());
    let guard = GUARD.lock().await;
    (Host::on(NODE.get_or_init(RabbitMq::start)), guard)
}

impl Host {
    fn on(node: &'static RabbitMq) -> Self {
        Self { node, name: node.create_vhost() }
    }

    pub(super) fn config(&self, user: &str) -> BrokerConfig {
        let mut config = BrokerConfig::new(Secret::new(self.node.url(user, &self.name)), "test");
        config.heartbeat = Duration::from_secs(5);
        config.retry_scale = 0.02;
        config
    }

    pub(super) fn publisher(&self, user: &str) -> Publisher {
        Publisher::start(&self.config(user), watch::channel(BrokerState::default()).0)
    }

    pub(super) fn messages(&self, queue: &str) -> u64 {
        self.node.messages(&self.name, queue)
    }

    /// Waits until a queue has so many messages, ready or unacknowledged.
    pub(super) async fn await_count(&self, queue: &str, messages: u64) {
        eventually(queue, || self.messages(queue) == messages).await;
    }

    pub(super) async fn connection(&self, url: &str) -> Connection {
        Connection::connect(url, ConnectionProperties::default()).await.expect("the node is up")
    }

    /// Returns a channel with all permissions.
    pub(super) async fn admin(&self) -> (Connection, Channel) {
        let connection = self.connection(&self.node.admin_url(&self.name)).await;
        let channel = connection.create_channel().await.expect("a channel");
        (connection, channel)
    }

    /// Takes the next message out of a queue.
    pub(super) async fn get(&self, queue: &str) -> BasicGetMessage {
        let (_connection, channel) = self.admin().await;
        let since = Instant::now();
        loop {
            let got = channel.basic_get(queue.into(), BasicGetOptions::default()).await;
            if let Some(got) = got.expect("the queue is there") {
                got.delivery.ack(BasicAckOptions::default()).await.expect("it is ours");
                return got;
            }
            assert!(since.elapsed() < LIMIT, "no message in {queue}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// A consumer that runs in the background of the test.
pub(super) struct TestConsumer {
    pub(super) trigger: ShutdownTrigger,
    pub(super) paused: watch::Sender<BTreeSet<Lane>>,
    pub(super) state: watch::Receiver<BrokerState>,
    task: JoinHandle<ConsumeSummary>,
}

impl TestConsumer {
    pub(super) fn start<H, F>(config: BrokerConfig, lane: Lane, slots: u16, handle: H) -> Self
    where
        H: Fn(Delivery) -> F + Send + Sync + 'static,
        F: Future<Output = Disposition> + Send + 'static,
    {
        let (trigger, shutdown) = Shutdown::new();
        let (paused, paused_lanes) = watch::channel(BTreeSet::new());
        let (sender, state) = watch::channel(BrokerState::default());
        let lanes = [(lane, NonZero::new(slots).expect("a slot"))];
        let task = tokio::spawn(async move {
            let publisher = Publisher::start(&config, sender.clone());
            consume(&config, &publisher, &lanes, handle, paused_lanes, shutdown, sender).await
        });
        Self { trigger, paused, state, task }
    }

    pub(super) async fn await_state(
        &mut self,
        what: &str,
        condition: impl Fn(&BrokerState) -> bool,
    ) {
        let found = tokio::time::timeout(LIMIT, self.state.wait_for(|state| condition(state)));
        let found = found.await.is_ok();
        assert!(found, "never {what}: {:?}", self.state.borrow());
    }

    pub(super) async fn await_ready(&mut self) {
        self.await_state("ready", BrokerState::is_ready).await;
    }

    pub(super) async fn shut_down(self, phase: Phase) -> ConsumeSummary {
        self.trigger.advance(phase);
        let ended = tokio::time::timeout(LIMIT, self.task).await;
        ended.expect("it ends").expect("it does not panic")
    }
}

pub(super) fn message(id: &str) -> Message {
    let mut message = Message::new(id, "kz.tekseru.document.submitted.v1", "{}");
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 a=b";
    message.headers.trace = trace.parse().ok();
    message
}

/// Publishes a message to the passport lane until it is confirmed.
pub(super) async fn submit(publisher: &Publisher, id: &str) {
    let since = Instant::now();
    loop {
        let result = publisher.publish(Exchange::Work, "passport.kz", &message(id)).await;
        match result {
            Ok(()) => return,
            Err(PublishError::Disconnected | PublishError::TimedOut | PublishError::Nacked) => {}
            Err(other) if since.elapsed() > LIMIT => panic!("{id}: {other}"),
            // while the node starts, or a queue is unavailable
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
        assert!(since.elapsed() < LIMIT, "{id} was never confirmed");
    }
}

pub(super) async fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(since.elapsed() < LIMIT, "never: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
