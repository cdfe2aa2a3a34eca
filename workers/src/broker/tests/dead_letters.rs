//! Dead-lettering and the consumer of parked queues.

use futures_util::StreamExt;
use serde_json::json;
use tokio::sync::{mpsc, watch};

use super::support::{Host, LIMIT, TestConsumer, host, message, submit};
use crate::broker::{
    BrokerState, DeadDelivery, DeadLetterOrigin, Delivery, Disposition, Exchange, Lane, Message,
    ParkedQueue, Phase, RetryCount, Senders, Shutdown, ShutdownTrigger, consume_parked,
};

/// Consumes a parked queue: sends every message to the test and returns the same disposition.
fn start_parked(
    host: &Host,
    queue: ParkedQueue,
    disposition: Disposition,
) -> (mpsc::UnboundedReceiver<DeadDelivery>, ShutdownTrigger, tokio::task::JoinHandle<()>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let (trigger, shutdown) = Shutdown::new();
    let (config, publisher) = (host.config("maintenance"), host.publisher("maintenance"));
    let task = tokio::spawn(async move {
        let handle = |dead| {
            sender.send(dead).expect("the test receives");
            async move { disposition }
        };
        let state = watch::channel(BrokerState::default()).0;
        consume_parked(&config, &publisher, queue, handle, shutdown, state).await;
    });
    (receiver, trigger, task)
}

async fn next<T>(receiver: &mut mpsc::UnboundedReceiver<T>) -> T {
    tokio::time::timeout(LIMIT, receiver.recv()).await.expect("in time").expect("one")
}

/// The client library closes the connection over properties that are not UTF-8.
#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_message_is_moved_to_unreadable() {
    let host = host();
    let limit = json!({"delivery-limit": 3, "dead-letter-exchange": "unreadable",
        "dead-letter-strategy": "at-least-once", "overflow": "reject-publish"});
    host.node.import(&json!({"policies": [{"vhost": host.name, "name": "move-unreadable-sooner",
        "pattern": "^dead$", "apply-to": "queues", "priority": 11, "definition": limit}]}));
    let odd = format!(
        "rabbit_basic:publish(rabbit_misc:r(<<\"{}\">>, exchange, <<\"dead\">>), <<\"x\">>,
         [{{delivery_mode, 2}}, {{message_id, <<255, 254>>}}], <<\"odd\">>).",
        host.name
    );
    host.node.ctl(&["eval", &odd]);
    host.await_count("dead", 1).await;
    host.publisher("maintenance").publish(Exchange::Dead, "x", &message("m")).await.unwrap();
    let (mut dead_letters, trigger, task) =
        start_parked(&host, ParkedQueue::Dead, Disposition::Done);
    assert_eq!(next(&mut dead_letters).await.message.id, "m");
    host.await_count("unreadable", 1).await;
    host.await_count("dead", 0).await;
    trigger.advance(Phase::Drain);
    task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_attempt_is_dead_lettered_and_replayed_by_its_routing_key() {
    let host = host();
    let publisher = host.publisher("worker");
    let mut config = host.config("worker");
    config.max_attempts = 2;
    let handle = |delivery: Delivery| async move {
        match delivery.message.headers.last_error.as_deref() {
            Some("replayed") => Disposition::Done,
            _ => Disposition::Retry { code: "store-away", count: RetryCount::Attempt },
        }
    };
    let consumer = TestConsumer::start(config, Lane::Passport, 1, handle);
    submit(&publisher, "m").await;
    let (mut dead_letters, trigger, task) =
        start_parked(&host, ParkedQueue::Dead, Disposition::Done);
    let dead = next(&mut dead_letters).await;
    let origin =
        DeadLetterOrigin { queue: "work.passport".to_owned(), code: "store-away".to_owned() };
    assert_eq!(dead.origin, Some(origin));
    assert_eq!(dead.message.headers.attempt, 2);
    assert_eq!(dead.message.headers.trace, message("m").headers.trace);
    assert_eq!((dead.message.id.as_str(), dead.routing_key.as_str()), ("m", "passport.kz"));
    host.await_count("dead", 0).await;

    let mut again = Message { headers: Default::default(), ..dead.message };
    again.headers.last_error = Some("replayed".to_owned());
    let operator = host.publisher("operator");
    operator.publish(Exchange::Work, &dead.routing_key, &again).await.unwrap();
    host.await_count("work.passport", 0).await;
    assert_eq!(host.messages("dead"), 0);
    consumer.shut_down(Phase::Drain).await;
    trigger.advance(Phase::Drain);
    task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_succeed_is_dead_lettered_at_once() {
    let host = host();
    let handle = |_| async { Disposition::Dead { code: "unknown-type" } };
    let consumer = TestConsumer::start(host.config("worker"), Lane::Passport, 1, handle);
    submit(&host.publisher("worker"), "m").await;
    let (mut dead_letters, _trigger, _task) =
        start_parked(&host, ParkedQueue::Dead, Disposition::Done);
    let dead = next(&mut dead_letters).await;
    assert_eq!(dead.origin.unwrap().code, "unknown-type");
    assert_eq!(dead.message.headers.attempt, 1);
    host.await_count("work.passport", 0).await;
    consumer.shut_down(Phase::Drain).await;
}

/// A message that crashes its consumer is delivered six times.
#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_is_dead_lettered() {
    let host = host();
    submit(&host.publisher("worker"), "poison").await;
    for time in 0..6 {
        let connection = host.connection(&host.node.url("worker", &host.name)).await;
        let channel = connection.create_channel().await.unwrap();
        let consumer = channel.basic_consume(
            "work.passport".into(),
            "".into(),
            Default::default(),
            Default::default(),
        );
        let mut consumer = consumer.await.unwrap();
        let delivery = tokio::time::timeout(LIMIT, consumer.next()).await.unwrap();
        let dead =
            Delivery::from_lapin(&delivery.unwrap().unwrap(), Lane::Passport, &Senders::default());
        assert_eq!(dead.delivery_count, time);
        connection.close(200, "".into()).await.unwrap();
    }
    let (mut dead_letters, _trigger, _task) =
        start_parked(&host, ParkedQueue::Dead, Disposition::Done);
    let dead = next(&mut dead_letters).await;
    let origin =
        DeadLetterOrigin { queue: "work.passport".to_owned(), code: "delivery_limit".to_owned() };
    assert_eq!((dead.message.id.as_str(), dead.origin), ("poison", Some(origin)));
    assert_eq!(dead.message.headers.trace, message("m").headers.trace);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_letter_stays_while_maintenance_cannot_store_it() {
    let host = host();
    let operator = host.publisher("worker");
    operator.publish(Exchange::Dead, "passport.kz", &message("m")).await.unwrap();
    let retry = Disposition::Retry { code: "registry-away", count: RetryCount::DependencyWait };
    let (mut dead_letters, trigger, task) = start_parked(&host, ParkedQueue::Dead, retry);
    for _ in 0..3 {
        let dead = next(&mut dead_letters).await;
        assert_eq!((dead.message.id.as_str(), dead.delivery_count), ("m", 0));
    }
    trigger.advance(Phase::Drain);
    task.await.unwrap();
    host.await_count("dead", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unrouted_message_can_be_moved_to_dead() {
    let host = host();
    let portal = host.publisher("portal");
    portal.publish(Exchange::Intake, "letter.kz", &message("m")).await.unwrap();
    let dead = Disposition::Dead { code: "no-such-lane" };
    let (mut dead_letters, _trigger, _task) = start_parked(&host, ParkedQueue::Unrouted, dead);
    assert_eq!(next(&mut dead_letters).await.origin, None);
    let (mut dead_letters, _trigger, _task) =
        start_parked(&host, ParkedQueue::Dead, Disposition::Done);
    let dead = next(&mut dead_letters).await;
    let origin = DeadLetterOrigin { queue: "unrouted".to_owned(), code: "no-such-lane".to_owned() };
    assert_eq!((dead.origin, dead.routing_key.as_str()), (Some(origin), "letter.kz"));
    host.await_count("unrouted", 0).await;
}
