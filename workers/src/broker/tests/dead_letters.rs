//! What is given up, and what becomes of it.

use futures_util::StreamExt;
use serde_json::json;
use tokio::sync::{mpsc, watch};

use super::support::{Consuming, Host, LIMIT, host, message, submit};
use crate::broker::{
    BrokerState, DeadDelivery, DeadLetterOrigin, Delivery, Disposition, Exchange, Lane, Message,
    ParkedQueue, Phase, Shutdown, Shutter, consume_parked,
};

/// The keeper's handler hands letters to the test and ends each the same way.
fn drained(
    host: &Host,
    kept: ParkedQueue,
    ending: Disposition,
) -> (mpsc::UnboundedReceiver<DeadDelivery>, Shutter, tokio::task::JoinHandle<()>) {
    let (say, hear) = mpsc::unbounded_channel();
    let (shutter, shutdown) = Shutdown::new();
    let (config, publisher) = (host.config("keeper"), host.publisher("keeper"));
    let task = tokio::spawn(async move {
        let handle = |letter| {
            say.send(letter).expect("the test listens");
            async move { ending }
        };
        let state = watch::channel(BrokerState::default()).0;
        consume_parked(&config, &publisher, kept, handle, shutdown, state).await;
    });
    (hear, shutter, task)
}

async fn next<T>(hear: &mut mpsc::UnboundedReceiver<T>) -> T {
    tokio::time::timeout(LIMIT, hear.recv()).await.expect("in time").expect("one")
}

/// The client ends the connection over properties that are not UTF-8.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_put_aside() {
    let host = host();
    let limit = json!({"delivery-limit": 3, "dead-letter-exchange": "unreadable",
        "dead-letter-strategy": "at-least-once", "overflow": "reject-publish"});
    host.node.import(&json!({"policies": [{"vhost": host.name, "name": "kept-less",
        "pattern": "^dead$", "apply-to": "queues", "priority": 11, "definition": limit}]}));
    let odd = format!(
        "rabbit_basic:publish(rabbit_misc:r(<<\"{}\">>, exchange, <<\"dead\">>), <<\"x\">>,
         [{{delivery_mode, 2}}, {{message_id, <<255, 254>>}}], <<\"odd\">>).",
        host.name
    );
    host.node.ctl(&["eval", &odd]);
    host.holds("dead", 1).await;
    host.publisher("keeper").publish(Exchange::Dead, "x", &message("m")).await.unwrap();
    let (mut letters, shutter, task) = drained(&host, ParkedQueue::Dead, Disposition::Done);
    assert_eq!(next(&mut letters).await.message.id, "m");
    host.holds("unreadable", 1).await;
    host.holds("dead", 0).await;
    shutter.advance(Phase::Drain);
    task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_attempt_ends_in_dead_and_is_replayed_by_its_key() {
    let host = host();
    let publisher = host.publisher("worker");
    let mut config = host.config("worker");
    config.max_attempts = 2;
    let handle = |incoming: Delivery| async move {
        match incoming.message.headers.last_error.as_deref() {
            Some("replayed") => Disposition::Done,
            _ => Disposition::Retry { code: "store-away", count_attempt: true },
        }
    };
    let consuming = Consuming::start(config, Lane::Passport, 1, handle);
    submit(&publisher, "m").await;
    let (mut letters, shutter, task) = drained(&host, ParkedQueue::Dead, Disposition::Done);
    let letter = next(&mut letters).await;
    let origin =
        DeadLetterOrigin { queue: "work.passport".to_owned(), code: "store-away".to_owned() };
    assert_eq!(letter.origin, Some(origin));
    assert_eq!(letter.message.headers.attempt, 2);
    assert_eq!(letter.message.headers.trace, message("m").headers.trace);
    assert_eq!((letter.message.id.as_str(), letter.routing_key.as_str()), ("m", "passport.kz"));
    host.holds("dead", 0).await;

    let mut again = Message { headers: Default::default(), ..letter.message };
    again.headers.last_error = Some("replayed".to_owned());
    let operator = host.publisher("operator");
    operator.publish(Exchange::Work, &letter.routing_key, &again).await.unwrap();
    host.holds("work.passport", 0).await;
    assert_eq!(host.messages("dead"), 0);
    consuming.end(Phase::Drain).await;
    shutter.advance(Phase::Drain);
    task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_never_work_dies_at_once() {
    let host = host();
    let handle = |_| async { Disposition::Dead { code: "unknown-type" } };
    let consuming = Consuming::start(host.config("worker"), Lane::Passport, 1, handle);
    submit(&host.publisher("worker"), "m").await;
    let (mut letters, _shutter, _task) = drained(&host, ParkedQueue::Dead, Disposition::Done);
    let letter = next(&mut letters).await;
    assert_eq!(letter.origin.unwrap().code, "unknown-type");
    assert_eq!(letter.message.headers.attempt, 1);
    host.holds("work.passport", 0).await;
    consuming.end(Phase::Drain).await;
}

/// A message that ends the consumer's process is given out six times.
#[tokio::test(flavor = "multi_thread")]
async fn a_poison_lands_in_dead() {
    let host = host();
    submit(&host.publisher("worker"), "poison").await;
    for time in 0..6 {
        let connection = host.connection(&host.node.url("worker", &host.name)).await;
        let channel = connection.create_channel().await.unwrap();
        let consuming = channel.basic_consume(
            "work.passport".into(),
            "".into(),
            Default::default(),
            Default::default(),
        );
        let mut consumer = consuming.await.unwrap();
        let delivery = tokio::time::timeout(LIMIT, consumer.next()).await.unwrap();
        let letter = Delivery::from_lapin(&delivery.unwrap().unwrap(), Lane::Passport);
        assert_eq!(letter.delivery_count, time);
        connection.close(200, "".into()).await.unwrap();
    }
    let (mut letters, _shutter, _task) = drained(&host, ParkedQueue::Dead, Disposition::Done);
    let letter = next(&mut letters).await;
    let origin =
        DeadLetterOrigin { queue: "work.passport".to_owned(), code: "delivery_limit".to_owned() };
    assert_eq!((letter.message.id.as_str(), letter.origin), ("poison", Some(origin)));
    assert_eq!(letter.message.headers.trace, message("m").headers.trace);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_held_while_the_keeper_cannot_take_it() {
    let host = host();
    let operator = host.publisher("worker");
    operator.publish(Exchange::Dead, "passport.kz", &message("m")).await.unwrap();
    let retry = Disposition::Retry { code: "registry-away", count_attempt: false };
    let (mut letters, shutter, task) = drained(&host, ParkedQueue::Dead, retry);
    for _ in 0..3 {
        let letter = next(&mut letters).await;
        assert_eq!((letter.message.id.as_str(), letter.delivery_count), ("m", 0));
    }
    shutter.advance(Phase::Drain);
    task.await.unwrap();
    host.holds("dead", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unrouted_letter_can_be_moved_to_dead() {
    let host = host();
    let portal = host.publisher("portal");
    portal.publish(Exchange::Intake, "letter.kz", &message("m")).await.unwrap();
    let dead = Disposition::Dead { code: "no-such-lane" };
    let (mut letters, _shutter, _task) = drained(&host, ParkedQueue::Unrouted, dead);
    assert_eq!(next(&mut letters).await.origin, None);
    let (mut letters, _shutter, _task) = drained(&host, ParkedQueue::Dead, Disposition::Done);
    let letter = next(&mut letters).await;
    let origin = DeadLetterOrigin { queue: "unrouted".to_owned(), code: "no-such-lane".to_owned() };
    assert_eq!((letter.origin, letter.routing_key.as_str()), (Some(origin), "letter.kz"));
    host.holds("unrouted", 0).await;
}
