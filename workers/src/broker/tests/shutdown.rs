//! How a consumer ends.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use super::support::{Consuming, Host, LIMIT, host, submit};
use crate::broker::{Disposition, Lane, Phase};

/// A consumer with one slot, which runs `first` while `second` waits in the queue.
async fn busy(host: &Host, drain_limit: Duration) -> (Consuming, Arc<Notify>) {
    let mut config = host.config("worker");
    config.drain_timeout = drain_limit;
    let (say, mut hear) = mpsc::unbounded_channel();
    let release = Arc::new(Notify::new());
    let released = Arc::clone(&release);
    let consuming = Consuming::start(config, Lane::Passport, 1, move |incoming| {
        say.send(incoming.message.id).expect("the test listens");
        let released = Arc::clone(&released);
        async move {
            released.notified().await;
            Disposition::Done
        }
    });
    let publisher = host.publisher("worker");
    submit(&publisher, "first").await;
    submit(&publisher, "second").await;
    assert_eq!(tokio::time::timeout(LIMIT, hear.recv()).await.unwrap().unwrap(), "first");
    // it listens for as long as the consumer lives
    tokio::spawn(async move { while hear.recv().await.is_some() {} });
    (consuming, release)
}

/// Waits until no consumer is left at the broker.
async fn nobody_consumes(host: &Host) {
    super::support::eventually("nobody consumes", || {
        host.node.list(&host.name, &["list_consumers", "queue_name"]).is_empty()
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_finishes_what_runs_and_takes_nothing_more() {
    let host = host();
    let (consuming, release) = busy(&host, LIMIT).await;
    consuming.shutter.advance(Phase::Drain);
    nobody_consumes(&host).await;
    host.holds("work.passport", 2).await;
    release.notify_one();
    assert_eq!(consuming.end(Phase::Drain).await.given_up, 0);
    host.holds("work.passport", 1).await;
    let left = host.get("work.passport").await;
    assert_eq!(left.delivery.properties.message_id().as_ref().unwrap().as_str(), "second");
}

#[tokio::test(flavor = "multi_thread")]
async fn draining_past_its_limit_gives_up_what_runs() {
    let host = host();
    let (consuming, _release) = busy(&host, Duration::from_millis(200)).await;
    assert_eq!(consuming.end(Phase::Drain).await.given_up, 1);
    assert!(host.get("work.passport").await.delivery.redelivered);
    host.holds("work.passport", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_does_not_wait() {
    let host = host();
    let (consuming, _release) = busy(&host, LIMIT * 10).await;
    consuming.shutter.advance(Phase::Drain);
    nobody_consumes(&host).await;
    assert_eq!(consuming.end(Phase::Stop).await.given_up, 1);
    host.holds("work.passport", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ending_does_not_need_a_broker() {
    let host = host();
    let mut config = host.config("worker");
    config.url = crate::runtime::secret::Secret::new("amqp://worker:secret@127.0.0.1:1/tekseru");
    let mut consuming = Consuming::start(config, Lane::Passport, 1, |_| pending::<Disposition>());
    consuming.reaches("told", |state| state.problem.is_some()).await;
    assert_eq!(consuming.end(Phase::Drain).await.given_up, 0);
}
