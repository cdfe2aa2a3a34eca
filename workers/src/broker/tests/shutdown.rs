//! Shutdown of a consumer.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use super::support::{Host, LIMIT, TestConsumer, host, submit};
use crate::broker::{Disposition, Lane, Phase};

/// Starts a consumer with one slot, which handles `first` while `second` waits in the queue.
async fn start_busy(host: &Host, drain_timeout: Duration) -> (TestConsumer, Arc<Notify>) {
    let mut config = host.config("worker");
    config.drain_timeout = drain_timeout;
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let release = Arc::new(Notify::new());
    let released = Arc::clone(&release);
    let consumer = TestConsumer::start(config, Lane::Passport, 1, move |delivery| {
        sender.send(delivery.message.id).expect("the test receives");
        let released = Arc::clone(&released);
        async move {
            released.notified().await;
            Disposition::Done
        }
    });
    let publisher = host.publisher("worker");
    submit(&publisher, "first").await;
    submit(&publisher, "second").await;
    assert_eq!(tokio::time::timeout(LIMIT, receiver.recv()).await.unwrap().unwrap(), "first");
    // keeps the receiver open while the consumer runs
    tokio::spawn(async move { while receiver.recv().await.is_some() {} });
    (consumer, release)
}

/// Waits until the broker lists no consumer.
async fn await_no_consumers(host: &Host) {
    super::support::eventually("no consumers", || {
        host.node.list(&host.name, &["list_consumers", "queue_name"]).is_empty()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_finishes_running_jobs_and_starts_none() {
    let host = host();
    let (consumer, release) = start_busy(&host, LIMIT).await;
    consumer.trigger.advance(Phase::Drain);
    await_no_consumers(&host).await;
    host.await_count("work.passport", 2).await;
    release.notify_one();
    assert_eq!(consumer.shut_down(Phase::Drain).await.abandoned, 0);
    host.await_count("work.passport", 1).await;
    let left = host.get("work.passport").await;
    assert_eq!(left.delivery.properties.message_id().as_ref().unwrap().as_str(), "second");
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_past_its_timeout_abandons_running_jobs() {
    let host = host();
    let (consumer, _release) = start_busy(&host, Duration::from_millis(200)).await;
    assert_eq!(consumer.shut_down(Phase::Drain).await.abandoned, 1);
    assert!(host.get("work.passport").await.delivery.redelivered);
    host.await_count("work.passport", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_does_not_wait() {
    let host = host();
    let (consumer, _release) = start_busy(&host, LIMIT * 10).await;
    consumer.trigger.advance(Phase::Drain);
    await_no_consumers(&host).await;
    assert_eq!(consumer.shut_down(Phase::Stop).await.abandoned, 1);
    host.await_count("work.passport", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_needs_no_broker() {
    let host = host();
    let mut config = host.config("worker");
    config.url = crate::runtime::secret::Secret::new("amqp://worker:secret@127.0.0.1:1/tekseru");
    let mut consumer = TestConsumer::start(config, Lane::Passport, 1, |_| pending::<Disposition>());
    consumer.await_state("a problem", |state| state.problem.is_some()).await;
    assert_eq!(consumer.shut_down(Phase::Drain).await.abandoned, 0);
}
