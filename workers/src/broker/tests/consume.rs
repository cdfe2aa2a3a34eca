//! Deliveries and their dispositions.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{Barrier, Notify, mpsc};

use super::support::{LIMIT, TestConsumer, eventually, host, message, submit};
use crate::broker::{BrokerProblem, Delivery, Disposition, Lane, LaneState, Phase, RetryCount};

#[tokio::test(flavor = "multi_thread")]
async fn handled_messages_are_acknowledged_and_slots_are_respected() {
    let host = host();
    let publisher = host.publisher("worker");
    for i in 0..40 {
        submit(&publisher, &i.to_string()).await;
    }
    let counts = Arc::new([const { AtomicUsize::new(0) }; 3]);
    let counting = Arc::clone(&counts);
    // the first three wait for one another, so all slots are taken once
    let (slots, started) = (Arc::new(Barrier::new(3)), Arc::new(AtomicUsize::new(0)));
    let mut consumer = TestConsumer::start(host.config("worker"), Lane::Passport, 3, move |_| {
        let (counts, slots) = (Arc::clone(&counting), Arc::clone(&slots));
        let is_early = started.fetch_add(1, Ordering::SeqCst) < 3;
        async move {
            let [running, most, handled] = &*counts;
            most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            if is_early {
                slots.wait().await;
            }
            running.fetch_sub(1, Ordering::SeqCst);
            handled.fetch_add(1, Ordering::SeqCst);
            Disposition::Done
        }
    });
    consumer.await_ready().await;
    host.await_count("work.passport", 0).await;
    let [_, most, handled] = &*counts;
    assert_eq!(handled.load(Ordering::SeqCst), 40);
    assert_eq!(most.load(Ordering::SeqCst), 3);
    assert_eq!(consumer.shut_down(Phase::Drain).await.abandoned, 0);
}

/// Returns a handler that sends every delivery to the test.
fn retrying_handler()
-> (mpsc::UnboundedReceiver<Delivery>, impl Fn(Delivery) -> RetryTwice + Send + Sync) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (receiver, move |delivery| RetryTwice { sender: sender.clone(), delivery: Some(delivery) })
}

/// Fails the first attempt, delays the second attempt once, and succeeds then.
struct RetryTwice {
    sender: mpsc::UnboundedSender<Delivery>,
    delivery: Option<Delivery>,
}

impl Future for RetryTwice {
    type Output = Disposition;

    fn poll(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Disposition> {
        let delivery = self.delivery.take().expect("it is polled once");
        let headers = &delivery.message.headers;
        let disposition = match (headers.attempt, headers.dependency_waits) {
            (1, _) => Disposition::Retry { code: "store-away", count: RetryCount::Attempt },
            (2, 0) => Disposition::Retry { code: "held", count: RetryCount::DependencyWait },
            _ => Disposition::Done,
        };
        self.sender.send(delivery).expect("the test receives");
        std::task::Poll::Ready(disposition)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_is_counted_and_keeps_its_headers_and_body() {
    let host = host();
    let (mut deliveries, handle) = retrying_handler();
    let consumer = TestConsumer::start(host.config("worker"), Lane::Passport, 1, handle);
    submit(&host.publisher("worker"), "m").await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let delivery = tokio::time::timeout(LIMIT, deliveries.recv()).await.unwrap().unwrap();
        let headers = delivery.message.headers.clone();
        assert_eq!(delivery.message.id, "m");
        assert_eq!(delivery.routing_key, "passport.kz");
        assert_eq!(delivery.message.body, message("m").body);
        assert_eq!(delivery.message.event_type, message("m").event_type);
        assert_eq!(headers.trace, message("m").headers.trace);
        assert_eq!((delivery.redelivered, delivery.delivery_count), (false, 0));
        assert_eq!(headers.first_failed_at.is_some(), !seen.is_empty());
        seen.push((headers.attempt, headers.dependency_waits, headers.last_error));
    }
    let code = |code: &str| Some(code.to_owned());
    assert_eq!(seen, [(1, 0, None), (2, 0, code("store-away")), (2, 1, code("held"))]);
    host.await_count("work.passport", 0).await;
    assert_eq!(host.messages("dead"), 0);
    consumer.shut_down(Phase::Drain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_is_a_failed_attempt() {
    let host = host();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut config = host.config("worker");
    config.max_attempts = 2;
    let consumer = TestConsumer::start(config, Lane::Passport, 1, move |delivery| {
        sender.send(delivery.message.headers.attempt).expect("the test receives");
        async { panic!("on purpose") }
    });
    submit(&host.publisher("worker"), "m").await;
    assert_eq!(tokio::time::timeout(LIMIT, receiver.recv()).await.unwrap(), Some(1));
    assert_eq!(tokio::time::timeout(LIMIT, receiver.recv()).await.unwrap(), Some(2));
    host.await_count("dead", 1).await;
    consumer.shut_down(Phase::Drain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_deliveries_of_one_id_do_not_run_at_once() {
    let host = host();
    let publisher = host.publisher("worker");
    for id in ["same", "same", "other"] {
        submit(&publisher, id).await;
    }
    let running = Arc::new(Mutex::new(Vec::<String>::new()));
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let release = Arc::new(Notify::new());
    let released = Arc::clone(&release);
    let consumer = TestConsumer::start(host.config("worker"), Lane::Passport, 3, move |delivery| {
        let (running, sender, released) =
            (Arc::clone(&running), sender.clone(), Arc::clone(&released));
        async move {
            let id = delivery.message.id;
            let twice = {
                let mut running = running.lock().unwrap();
                let twice = running.contains(&id);
                running.push(id.clone());
                twice
            };
            sender.send((id.clone(), twice)).expect("the test receives");
            if id == "same" {
                released.notified().await;
            }
            running.lock().unwrap().retain(|other| *other != id);
            Disposition::Done
        }
    });
    let mut seen = vec![receiver.recv().await.unwrap(), receiver.recv().await.unwrap()];
    seen.sort();
    // all three were delivered, one of them waits
    assert_eq!(seen, [("other".to_owned(), false), ("same".to_owned(), false)]);
    host.await_count("work.passport", 2).await;
    assert!(receiver.try_recv().is_err());
    release.notify_one();
    assert_eq!(receiver.recv().await.unwrap(), ("same".to_owned(), false));
    release.notify_one();
    host.await_count("work.passport", 0).await;
    consumer.shut_down(Phase::Drain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_lane_finishes_its_jobs_and_starts_none() {
    let host = host();
    let publisher = host.publisher("worker");
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut consumer =
        TestConsumer::start(host.config("worker"), Lane::Passport, 2, move |delivery| {
            sender.send(delivery.message.id).expect("the test receives");
            async { Disposition::Done }
        });
    submit(&publisher, "before").await;
    assert_eq!(receiver.recv().await.unwrap(), "before");
    consumer.paused.send_replace(BTreeSet::from([Lane::Passport]));
    let paused = |state: &LaneState| *state == LaneState::Paused;
    consumer.await_state("paused", |state| state.lanes.values().all(paused)).await;
    // the broker lists no consumer, so it delivers nothing
    let consumers = || host.node.list(&host.name, &["list_consumers", "queue_name"]).len();
    eventually("no consumers", || consumers() == 0).await;
    submit(&publisher, "meanwhile").await;
    host.await_count("work.passport", 1).await;
    assert!(receiver.try_recv().is_err());
    consumer.paused.send_replace(BTreeSet::new());
    assert_eq!(tokio::time::timeout(LIMIT, receiver.recv()).await.unwrap().unwrap(), "meanwhile");
    host.await_count("work.passport", 0).await;
    consumer.shut_down(Phase::Drain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_queue_is_reported_and_consumed_again_once_it_exists() {
    let host = host();
    let publisher = host.publisher("worker");
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let mut consumer =
        TestConsumer::start(host.config("worker"), Lane::Passport, 1, move |delivery| {
            sender.send(delivery.message.id).expect("the test receives");
            async { Disposition::Done }
        });
    consumer.await_ready().await;
    let (_connection, admin) = host.admin().await;
    admin.queue_delete("work.passport".into(), Default::default()).await.unwrap();
    let missing = LaneState::Refused(BrokerProblem::Missing("work.passport".to_owned()));
    consumer
        .await_state("missing", |state| state.lanes.get(&Lane::Passport) == Some(&missing))
        .await;
    assert!(!consumer.state.borrow().is_ready());
    host.node.import_deployed(&host.name);
    submit(&publisher, "m").await;
    assert_eq!(tokio::time::timeout(LIMIT, receiver.recv()).await.unwrap().unwrap(), "m");
    consumer.await_ready().await;
    consumer.shut_down(Phase::Drain).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_reported() {
    let host = host();
    let mut config = host.config("worker");
    config.url = host.config("portal").url;
    let mut consumer =
        TestConsumer::start(config, Lane::Passport, 1, |_| async { Disposition::Done });
    let forbidden = LaneState::Refused(BrokerProblem::Forbidden("work.passport".to_owned()));
    consumer
        .await_state("forbidden", |state| state.lanes.get(&Lane::Passport) == Some(&forbidden))
        .await;
    consumer.shut_down(Phase::Drain).await;
}
