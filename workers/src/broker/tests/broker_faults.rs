//! Faults of the broker under load: every confirmed message is handled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::support::{Host, LIMIT, TestConsumer, eventually, exclusive_host, message, submit};
use crate::broker::{Disposition, Exchange, Lane, Phase, PublishError, Publisher, RetryCount};
use tokio::sync::{Notify, watch};

const MESSAGES: usize = 300;

/// How often each id was handled.
type Handled = Arc<Mutex<BTreeMap<String, u32>>>;

/// Starts a consumer that handles every message, but fails the first attempt of each seventh.
fn start_consumer(host: &Host, handled: &Handled) -> TestConsumer {
    let handled = Arc::clone(handled);
    TestConsumer::start(host.config("worker"), Lane::Passport, 4, move |delivery| {
        let handled = Arc::clone(&handled);
        async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let id = delivery.message.id;
            let fails = id.parse::<usize>().is_ok_and(|id| id % 7 == 0);
            if fails && delivery.message.headers.attempt == 1 {
                return Disposition::Retry { code: "store-away", count: RetryCount::Attempt };
            }
            *handled.lock().unwrap().entry(id).or_default() += 1;
            Disposition::Done
        }
    })
}

/// Publishes and consumes, causes the fault after a third of the messages, and checks
/// that every message is handled.
async fn check_all_handled(fault: impl FnOnce(&Host) + Send + 'static) {
    let (host, _guard) = exclusive_host().await;
    let host = Arc::new(host);
    let handled = Handled::default();
    let mut consumer = start_consumer(&host, &handled);
    consumer.await_ready().await;
    let publisher = host.publisher("worker");
    let publishing = tokio::spawn(async move {
        for i in 0..MESSAGES {
            submit(&publisher, &i.to_string()).await;
        }
    });
    eventually("a third is handled", || handled.lock().unwrap().len() >= MESSAGES / 3).await;
    let faulty = Arc::clone(&host);
    tokio::task::spawn_blocking(move || fault(&faulty)).await.unwrap();
    publishing.await.unwrap();
    eventually("all are handled", || handled.lock().unwrap().len() == MESSAGES).await;
    for queue in ["work.passport", "retry.10s", "dead"] {
        host.await_count(queue, 0).await;
    }
    let ids: BTreeSet<String> = (0..MESSAGES).map(|i| i.to_string()).collect();
    assert!(handled.lock().unwrap().keys().eq(ids.iter()));
    assert_eq!(consumer.shut_down(Phase::Drain).await.abandoned, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_broker_stops_and_starts() {
    check_all_handled(|host| {
        host.node.stop_app();
        host.node.start_app();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_node_is_killed() {
    check_all_handled(|host| {
        host.node.kill();
        host.node.start_again();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_connection_is_closed() {
    check_all_handled(|host| {
        host.node.ctl(&["close_all_connections", "on purpose"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_node_counts_as_lost_and_is_reconnected() {
    let (host, _guard) = exclusive_host().await;
    let handled = Handled::default();
    let mut consumer = start_consumer(&host, &handled);
    consumer.await_ready().await;
    host.node.freeze();
    consumer.await_state("lost", |state| !state.consuming && !state.publishing).await;
    host.node.unfreeze();
    consumer.await_ready().await;
    submit(&host.publisher("worker"), "m").await;
    eventually("handled", || handled.lock().unwrap().len() == 1).await;
    consumer.shut_down(Phase::Drain).await;
}

/// Raises the memory alarm until it is dropped.
struct Alarm<'a>(&'a Host);

impl<'a> Alarm<'a> {
    fn raise(host: &'a Host) -> Self {
        host.node.ctl(&["set_vm_memory_high_watermark", "0.00001"]);
        Self(host)
    }
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        self.0.node.ctl(&["set_vm_memory_high_watermark", "0.4"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alarm_blocks_publishers_and_loses_nothing() {
    let (host, _guard) = exclusive_host().await;
    let mut config = host.config("worker");
    config.confirm_timeout = Duration::from_secs(1);
    let (sender, mut receiver) = watch::channel(Default::default());
    let publisher = Publisher::start(&config, sender);
    let publish =
        async |id: &str| publisher.publish(Exchange::Work, "passport.kz", &message(id)).await;
    for id in ["a", "b", "c"] {
        publish(id).await.unwrap();
    }
    let alarm = Alarm::raise(&host);
    // the broker notifies a connection when it next publishes
    for _ in 0..3 {
        assert_eq!(publish("d").await, Err(PublishError::TimedOut));
    }
    let blocked = receiver.wait_for(|state| state.blocked);
    assert!(tokio::time::timeout(LIMIT, blocked).await.is_ok(), "never blocked");
    // connections that only consume continue
    let handled = Handled::default();
    let consumer = start_consumer(&host, &handled);
    eventually("three are handled", || handled.lock().unwrap().len() == 3).await;
    host.await_count("work.passport", 0).await;
    drop(alarm);
    eventually("confirmed", || {
        receiver.has_changed().is_ok() && !receiver.borrow_and_update().blocked
    })
    .await;
    submit(&publisher, "d").await;
    eventually("four are handled", || handled.lock().unwrap().len() == 4).await;
    host.await_count("work.passport", 0).await;
    // a message that was not confirmed in time may be stored a second time, with the same id
    let handled = handled.lock().unwrap().clone();
    assert!(handled.iter().all(|(id, times)| *times == 1 || (id == "d" && *times == 2)));
    consumer.shut_down(Phase::Drain).await;
}

/// A consumer that does not acknowledge in time loses its channel, but not its connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_that_is_not_acknowledged_in_time_is_redelivered() {
    let (host, _guard) = exclusive_host().await;
    for setting in ["consumer_timeout, 2000", "channel_tick_interval, 500"] {
        host.node.ctl(&["eval", &format!("application:set_env(rabbit, {setting}).")]);
    }
    let (counts, release) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Notify::new()));
    let (recorded, released) = (Arc::clone(&counts), Arc::clone(&release));
    let mut consumer =
        TestConsumer::start(host.config("worker"), Lane::Passport, 1, move |delivery| {
            let released = Arc::clone(&released);
            let delivery_count = delivery.delivery_count;
            recorded.lock().unwrap().push(delivery_count);
            async move {
                if delivery_count == 0 {
                    released.notified().await;
                }
                Disposition::Done
            }
        });
    consumer.await_ready().await;
    submit(&host.publisher("worker"), "m").await;
    eventually("delivered", || counts.lock().unwrap().len() == 1).await;
    eventually("timed out", || host.node.log().contains("2000 ms. This timeout value")).await;
    release.notify_one();
    eventually("redelivered", || counts.lock().unwrap().len() == 2).await;
    host.await_count("work.passport", 0).await;
    assert!(counts.lock().unwrap()[1] >= 1);
    consumer.shut_down(Phase::Drain).await;
    for setting in ["consumer_timeout, 1800000", "channel_tick_interval, 60000"] {
        host.node.ctl(&["eval", &format!("application:set_env(rabbit, {setting}).")]);
    }
}
