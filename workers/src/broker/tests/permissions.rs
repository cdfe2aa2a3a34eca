//! Permissions of the broker's users.

use lapin::options::{
    BasicGetOptions, BasicPublishOptions, BasicRejectOptions, ConfirmSelectOptions,
    QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Connection};
use serde_json::json;

use super::support::{Host, host, message, submit};
use crate::broker::headers::last_death;
use crate::broker::{BrokerProblem, Exchange, PublishError, check_topology};
use crate::portal::Portal;

const EXCHANGES: [&str; 11] = [
    "",
    "intake",
    "work",
    "retry.10s",
    "retry.2m",
    "retry.15m",
    "retry.2h",
    "dead",
    "verdicts",
    "unrouted",
    "unreadable",
];
const QUEUES: [&str; 12] = [
    "work.application",
    "work.passport",
    "work.portrait",
    "work.paper",
    "retry.10s",
    "retry.2m",
    "retry.15m",
    "retry.2h",
    "dead",
    "unrouted",
    "unreadable",
    "verdicts.portal",
];

async fn may_write(connection: &Connection, exchange: &str) -> bool {
    let channel = connection.create_channel().await.unwrap();
    channel.confirm_select(ConfirmSelectOptions::default()).await.unwrap();
    let (options, properties) = (BasicPublishOptions::default(), BasicProperties::default());
    let sent = channel.basic_publish(exchange.into(), "x".into(), options, b"", properties).await;
    sent.unwrap().await.is_ok()
}

async fn may_read(connection: &Connection, queue: &str) -> bool {
    let channel = connection.create_channel().await.unwrap();
    channel.basic_get(queue.into(), BasicGetOptions::default()).await.is_ok()
}

async fn may_declare(connection: &Connection, queue: &str) -> bool {
    let channel = connection.create_channel().await.unwrap();
    let declared = channel
        .queue_declare(queue.into(), QueueDeclareOptions::durable(), FieldTable::default())
        .await;
    declared.is_ok()
}

async fn check(host: &Host, user: &str, writes: &[&str], reads: &[&str]) {
    let connection = host.connection(&host.node.url(user, &host.name)).await;
    let (mut wrote, mut read) = (Vec::new(), Vec::new());
    for exchange in EXCHANGES {
        if may_write(&connection, exchange).await {
            wrote.push(exchange);
        }
    }
    for queue in QUEUES {
        if may_read(&connection, queue).await {
            read.push(queue);
        }
        assert!(!may_declare(&connection, queue).await, "{user} declares {queue}");
    }
    assert!(!may_declare(&connection, "another").await, "{user} declares another");
    assert_eq!((wrote.as_slice(), read.as_slice()), (writes, reads), "{user}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_user_has_exactly_its_permissions() {
    let host = host();
    check(&host, "portal", &["intake"], &["verdicts.portal"]).await;
    let writes = ["work", "retry.10s", "retry.2m", "retry.15m", "retry.2h", "dead", "verdicts"];
    let reads = ["work.application", "work.passport", "work.portrait", "work.paper"];
    check(&host, "worker", &writes, &reads).await;
    check(&host, "maintenance", &["work", "dead", "verdicts"], &["dead", "unrouted"]).await;
    check(&host, "operator", &["work"], &["dead", "unreadable"]).await;
}

/// A passive declaration needs no permission.
#[tokio::test(flavor = "multi_thread")]
async fn a_missing_queue_or_exchange_is_reported_by_name() {
    let host = host();
    for user in ["worker", "maintenance", "operator"] {
        assert_eq!(
            check_topology(&host.config(user), &[Portal::default()]).await,
            Ok(Vec::new()),
            "{user}"
        );
    }
    let admin = host.connection(&host.node.admin_url(&host.name)).await;
    let channel = admin.create_channel().await.unwrap();
    channel.queue_delete("work.paper".into(), Default::default()).await.unwrap();
    channel.exchange_delete("retry.2h".into(), Default::default()).await.unwrap();
    let gone = ["work.paper", "retry.2h"].map(|name| BrokerProblem::Missing(name.to_owned()));
    assert_eq!(
        check_topology(&host.config("worker"), &[Portal::default()]).await,
        Ok(gone.to_vec())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_reported_by_name() {
    let host = host();
    let portal = host.publisher("portal");
    let refused = portal.publish(Exchange::Work, "passport.kz", &message("m")).await;
    let error = refused.unwrap_err();
    assert!(matches!(error, PublishError::Unpublishable(_)), "{error:?}");
    assert!(error.to_string().contains("`work` is not allowed"), "{error}");
    // and the connection is still usable
    portal.publish(Exchange::Intake, "passport.kz", &message("m")).await.unwrap();
}

/// The broker dead-letters by itself, without a user's permissions.
#[tokio::test(flavor = "multi_thread")]
async fn dead_lettering_needs_no_write_permission() {
    let host = host();
    let user = format!("reader-{}", host.name);
    host.node.import(&json!({
        "users": [{"name": user, "password": "reads", "tags": ""}],
        "permissions": [{
            "user": user, "vhost": host.name,
            "configure": "^$", "write": "^$", "read": "^work[.]",
        }],
    }));
    submit(&host.publisher("worker"), "m").await;
    let url = host.node.url("worker", &host.name);
    let (_, address) = url.split_once('@').unwrap();
    let connection = host.connection(&format!("amqp://{user}:reads@{address}")).await;
    let channel = connection.create_channel().await.unwrap();
    let options = BasicGetOptions::default();
    let got = channel.basic_get("work.passport".into(), options).await.unwrap().unwrap();
    got.delivery.reject(BasicRejectOptions { requeue: false }).await.unwrap();
    let dead = host.get("dead").await;
    let died = last_death(dead.delivery.properties.headers().as_ref().unwrap());
    assert_eq!(died, Some(("work.passport".to_owned(), "rejected".to_owned())));
}
