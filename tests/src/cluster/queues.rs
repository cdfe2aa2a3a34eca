//! Queues of a cluster, and the messages that wait in them.

use lapin::message::Delivery;
use lapin::options::BasicGetOptions;
use lapin::types::AMQPValue;
use lapin::{Channel, Connection, ConnectionProperties};
use serde_json::Value;

use super::services::Cluster;
use super::times::LIMIT;
use crate::services::wait_for;

impl Cluster {
    /// Returns the number of messages in a queue, delivered ones included.
    #[must_use]
    pub fn messages(&self, queue: &str) -> u64 {
        self.broker.messages(&self.vhost, queue)
    }

    /// Waits until the lanes and the retry queues are empty.
    ///
    /// # Panics
    /// When that takes longer than the limit.
    pub fn await_empty(&self) {
        wait_for("empty queues", LIMIT, || {
            let rows = self.broker.list(&self.vhost, &["list_queues", "name", "messages"]);
            let is_work = |row: &&Value| {
                let name = row["name"].as_str().unwrap_or_default();
                name.starts_with("work.") || name.starts_with("retry.")
            };
            rows.iter().filter(is_work).all(|row| row["messages"] == 0).then_some(())
        });
    }

    /// Sets the most messages that a queue holds before it rejects more.
    pub fn limit_queue(&self, queue: &str, messages: u32) {
        let definition = format!(r#"{{"overflow":"reject-publish","max-length":{messages}}}"#);
        let pattern = format!("^{}$", queue.replace('.', "\\."));
        let policy = ["set_policy", "--priority", "20", "-p", &self.vhost, "limit"];
        self.broker.ctl(&[&policy[..], &[&pattern, &definition]].concat());
    }

    /// Takes all messages out of a queue and returns their routing keys,
    /// properties and headers.
    ///
    /// # Panics
    /// When the broker does not answer.
    #[must_use]
    pub fn take_metadata(&self, queue: &str) -> String {
        let url = self.broker.admin_url(&self.vhost);
        self.runtime.block_on(async {
            let (_connection, channel) = open_channel(&url).await;
            let mut all = String::new();
            let options = BasicGetOptions { no_ack: true };
            while let Some(message) =
                channel.basic_get(queue.into(), options).await.expect("the queue exists")
            {
                all += &metadata(&message.delivery);
            }
            all
        })
    }
}

/// Returns everything but the body as text. Values of headers are decoded, as
/// `Debug` prints them as numbers.
pub(super) fn metadata(delivery: &Delivery) -> String {
    let properties = &delivery.properties;
    let mut text = format!("{} {properties:?}\n", delivery.routing_key);
    for (name, value) in properties.headers().iter().flat_map(|headers| headers.inner()) {
        let value = match value {
            AMQPValue::LongString(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
            other => format!("{other:?}"),
        };
        text += &format!("{name}: {value}\n");
    }
    text
}

pub(super) async fn open_channel(url: &str) -> (Connection, Channel) {
    let connection = Connection::connect(url, ConnectionProperties::default()).await;
    let connection = connection.expect("the broker is up");
    let channel = connection.create_channel().await.expect("a channel");
    (connection, channel)
}
