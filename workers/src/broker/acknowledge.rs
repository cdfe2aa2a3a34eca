//! The only place where deliveries are acknowledged.

use std::time::Duration;

use jiff::Timestamp;
use lapin::Acker;
use lapin::options::BasicAckOptions;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::config::BrokerConfig;
use super::disposition::{Disposition, NextStep, next_step};
use super::exchange::Exchange;
use super::message::Message;
use super::publisher::Publisher;
use super::retry_policy::RetryPolicy;
use crate::runtime::backoff::{Backoff, random};
use crate::runtime::failpoint::reached;

/// Carries out dispositions and acknowledges.
pub(super) struct Acknowledger {
    publisher: Publisher,
    retry_policy: RetryPolicy,
}

/// A delivery that is not acknowledged yet.
pub(super) struct Unacknowledged<'a> {
    pub(super) message: &'a Message,
    pub(super) queue: &'a str,
    pub(super) routing_key: &'a str,
    pub(super) acker: &'a Acker,
    /// Cancelled when the connection of the delivery is lost.
    pub(super) lost: &'a CancellationToken,
}

impl Acknowledger {
    pub(super) fn new(config: &BrokerConfig, publisher: &Publisher) -> Self {
        let retry_policy =
            RetryPolicy { max_attempts: config.max_attempts, delay_scale: config.retry_scale };
        Self { publisher: publisher.clone(), retry_policy }
    }

    /// Publishes what the disposition requires, then acknowledges. Returns whether the
    /// delivery is acknowledged; otherwise the broker delivers it again.
    pub(super) async fn complete(
        &self,
        disposition: Disposition,
        delivery: &Unacknowledged<'_>,
    ) -> bool {
        let now = Timestamp::now();
        let Unacknowledged { message, queue, .. } = *delivery;
        match next_step(disposition, message, queue, &self.retry_policy, now, random()) {
            NextStep::Acknowledge => {}
            NextStep::Publish(exchange, message) => {
                if !self.publish(exchange, &message, delivery).await {
                    return acknowledgement_lost();
                }
                reached("handed_over");
                count(exchange, &message, queue);
            }
        }
        tokio::select! {
            // an acknowledgement that begins while the connection is lost may never return
            acknowledged = acknowledge(delivery.acker) => acknowledged,
            () = delivery.lost.cancelled() => acknowledgement_lost(),
        }
    }

    /// Publishes until it is confirmed. Returns false when the delivery is lost meanwhile:
    /// the broker delivers it again, so no copy is needed.
    async fn publish(
        &self,
        exchange: Exchange,
        message: &Message,
        delivery: &Unacknowledged<'_>,
    ) -> bool {
        let mut backoff = Backoff::new();
        let mut is_logged = false;
        while delivery.acker.usable() {
            let publishing = self.publisher.publish(exchange, delivery.routing_key, message);
            let result = tokio::select! {
                result = publishing => result,
                () = delivery.lost.cancelled() => return false,
            };
            let Err(failure) = result else { return true };
            if !is_logged {
                warn!(message.id = %message.loggable_id(), exchange = exchange.name(), "Cannot publish message, trying again: {failure}");
                is_logged = true;
            }
            wait(backoff.next(), delivery.lost).await;
        }
        false
    }
}

async fn wait(time: Duration, lost: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = lost.cancelled() => {}
    }
}

/// Far longer than it takes to write a frame.
const ACKNOWLEDGE_TIMEOUT: Duration = Duration::from_secs(30);

/// Acknowledges a delivery. `Ok(false)` means that the channel is closed: the broker
/// delivers the message again, so this is not an error.
pub(super) async fn acknowledge(acker: &Acker) -> bool {
    let acknowledging = acker.ack(BasicAckOptions::default());
    match tokio::time::timeout(ACKNOWLEDGE_TIMEOUT, acknowledging).await {
        Ok(Ok(true)) => true,
        Ok(Ok(false) | Err(_)) | Err(_) => acknowledgement_lost(),
    }
}

fn acknowledgement_lost() -> bool {
    metrics::counter!("tekseru_acks_lost_total").increment(1);
    false
}

fn count(exchange: Exchange, message: &Message, queue: &str) {
    let code = message.headers.last_error.clone().unwrap_or_default();
    let lane = queue.trim_start_matches("work.").to_owned();
    let delay = match exchange {
        Exchange::Retry(delay) => delay.name(),
        _ => "dead",
    };
    if exchange == Exchange::Dead {
        let attempt = message.headers.attempt;
        error!(message.id = %message.loggable_id(), %code, attempt, "Dead-lettered message: {code}");
    }
    metrics::counter!("tekseru_retries_total", "lane" => lane, "code" => code, "level" => delay)
        .increment(1);
}
