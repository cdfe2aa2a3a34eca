//! Results of publishing.

use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::watch;

use super::support::{Host, eventually, host, message};
use crate::broker::{BrokerConfig, BrokerProblem, BrokerState, Exchange, PublishError, Publisher};
use crate::runtime::secret::Secret;

#[tokio::test(flavor = "multi_thread")]
async fn an_unroutable_message_is_an_error() {
    let host = host();
    let worker = host.publisher("worker");
    let result = worker.publish(Exchange::Work, "letter.kz", &message("m")).await;
    assert_eq!(result, Err(PublishError::Unroutable));
    worker.publish(Exchange::Work, "paper.kz", &message("m")).await.unwrap();
    host.await_count("work.paper", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unroutable_command_of_a_portal_is_parked() {
    let host = host();
    host.publisher("portal").publish(Exchange::Intake, "letter.kz", &message("m")).await.unwrap();
    let got = host.get("unrouted").await;
    assert_eq!(got.delivery.routing_key.as_str(), "letter.kz");
}

/// The client library could attach a returned message to the wrong one of two publishes.
#[tokio::test(flavor = "multi_thread")]
async fn each_of_many_messages_gets_its_own_result() {
    let host = host();
    let worker = host.publisher("worker");
    let publishes = (0..400).map(|i| {
        let worker = &worker;
        async move {
            let key = if i % 2 == 0 { "passport.kz" } else { "letter.kz" };
            (i, worker.publish(Exchange::Work, key, &message(&i.to_string())).await)
        }
    });
    for (i, result) in join_all(publishes).await {
        let expected = if i % 2 == 0 { Ok(()) } else { Err(PublishError::Unroutable) };
        assert_eq!(result, expected, "{i}");
    }
    host.await_count("work.passport", 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_an_error() {
    let host = host();
    let full = json!({"policies": [{
        "vhost": host.name, "name": "full", "pattern": "^verdicts[.]portal$",
        "apply-to": "queues", "priority": 20,
        "definition": {"overflow": "reject-publish", "max-length": 2},
    }]});
    host.node.import(&full);
    let worker = host.publisher("worker");
    let mut confirmed = 0;
    let mut refused = 0;
    for i in 0..20 {
        match worker.publish(Exchange::Verdicts, "portal.a", &message(&i.to_string())).await {
            Ok(()) => confirmed += 1,
            Err(error) => {
                assert_eq!(error, PublishError::Nacked);
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "the limit rejected nothing");
    host.await_count("verdicts.portal", confirmed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_of_one_portal_holds_no_event_of_another() {
    let host = host();
    host.node.import(&json!({
        "queues": [{
            "vhost": host.name, "name": "verdicts.other", "durable": true, "auto_delete": false,
            "arguments": {"x-queue-type": "quorum"},
        }],
        "bindings": [{
            "vhost": host.name, "source": "verdicts", "destination": "verdicts.other",
            "destination_type": "queue", "routing_key": "other.#", "arguments": {},
        }],
        "policies": [{
            "vhost": host.name, "name": "full", "pattern": "^verdicts[.]portal$",
            "apply-to": "queues", "priority": 20,
            "definition": {"overflow": "reject-publish", "max-length": 1},
        }],
    }));
    let worker = host.publisher("worker");
    let publish =
        async |key: &str, id: String| worker.publish(Exchange::Verdicts, key, &message(&id)).await;
    let mut sent = 0;
    while publish("portal.a", format!("portal-{sent}")).await.is_ok() {
        sent += 1;
        assert!(sent < 20, "the limit rejected nothing");
    }
    for number in 0..10 {
        publish("other.a", format!("other-{number}")).await.unwrap();
        assert_eq!(publish("portal.b", "held".to_owned()).await, Err(PublishError::Nacked));
    }
    assert_eq!(worker.held_portals(), ["portal"]);
    host.await_count("verdicts.other", 10).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_exchange_is_reported_and_fixed_by_an_import() {
    let host = host();
    let worker = host.publisher("worker");
    let (_connection, admin) = host.admin().await;
    admin.exchange_delete("verdicts".into(), Default::default()).await.unwrap();
    let missing = worker.publish(Exchange::Verdicts, "portal.a", &message("m")).await;
    assert_eq!(
        missing,
        Err(PublishError::Unpublishable(BrokerProblem::Missing("verdicts".to_owned())))
    );
    host.node.import_deployed(&host.name);
    worker.publish(Exchange::Verdicts, "portal.a", &message("m")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_too_long_are_not_sent() {
    let host = host();
    let worker = host.publisher("worker");
    let long = "m".repeat(256);
    for (key, id) in [("passport.kz", long.as_str()), (long.as_str(), "m")] {
        let result = worker.publish(Exchange::Work, key, &message(id)).await;
        assert!(matches!(result, Err(PublishError::Unpublishable(_))), "{result:?}");
    }
}

async fn problem(url: String) -> BrokerProblem {
    let (sender, receiver) = watch::channel(BrokerState::default());
    let _publisher = Publisher::start(&BrokerConfig::new(Secret::new(url), "test"), sender);
    eventually("a problem", || receiver.borrow().problem.is_some()).await;
    let problem = receiver.borrow().problem.clone();
    problem.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_connection_is_reported_without_secrets() {
    let host: Host = host();
    let url = host.node.url("worker", &host.name);
    let wrong = url.replace("secret-of-worker", "guessed");
    assert_eq!(problem(wrong).await, BrokerProblem::Login);
    let elsewhere = host.node.url("worker", "elsewhere");
    assert_eq!(problem(elsewhere).await, BrokerProblem::VirtualHost);
    let unreachable = "amqp://worker:guessed@127.0.0.1:1/tekseru".to_owned();
    let unreachable = problem(unreachable).await;
    assert!(matches!(unreachable, BrokerProblem::Unreachable(_)), "{unreachable:?}");
    assert!(!unreachable.to_string().contains("guessed"), "{unreachable}");
    assert_eq!(problem("redis://guessed".to_owned()).await, BrokerProblem::Address);
    let config = format!("{:?}", host.config("worker"));
    assert!(!config.contains("secret-of"), "{config}");
    let hidden = format!("{:?}", message("m"));
    assert_eq!(hidden, r#"Message("m", attempt 1, 2 bytes)"#);
}
