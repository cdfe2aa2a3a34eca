//! The one place where deliveries are settled.

use std::time::Duration;

use jiff::Timestamp;
use lapin::Acker;
use lapin::options::BasicAckOptions;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::config::BrokerConfig;
use super::disposition::{Disposition, RetryPolicy, Step};
use super::message::Message;
use super::names::Exchange;
use super::publish::Publisher;
use crate::runtime::backoff::{Backoff, random};
use crate::runtime::failpoint::reached;

pub(super) struct Settler {
    publisher: Publisher,
    ladder: RetryPolicy,
}

/// A delivery that is to be settled.
pub(super) struct Open<'a> {
    pub(super) message: &'a Message,
    pub(super) queue: &'a str,
    pub(super) routing_key: &'a str,
    pub(super) acker: &'a Acker,
    /// Cancelled when nothing can be settled any more.
    pub(super) gone: &'a CancellationToken,
}

impl Settler {
    pub(super) fn new(config: &BrokerConfig, publisher: &Publisher) -> Self {
        let ladder = RetryPolicy { attempts: config.max_attempts, scale: config.retry_scale };
        Self { publisher: publisher.clone(), ladder }
    }

    /// Publishes what the ending asks for, then acknowledges. Says whether it
    /// did; what is not acknowledged comes again.
    pub(super) async fn settle(&self, ending: Disposition, open: &Open<'_>) -> bool {
        let now = Timestamp::now();
        match self.ladder.step(ending, open.message, open.queue, now, random()) {
            Step::Acknowledge => {}
            Step::Publish(exchange, message) => {
                if !self.hand_over(exchange, &message, open).await {
                    return lost();
                }
                reached("handed over");
                count(exchange, &message, open.queue);
            }
        }
        tokio::select! {
            // one that is begun while the connection goes may never return
            acknowledged = acknowledge(open.acker) => acknowledged,
            () = open.gone.cancelled() => lost(),
        }
    }

    /// Holds the delivery until the message is stored elsewhere. Says whether
    /// it is; without the delivery there is no sense in a copy of it.
    async fn hand_over(&self, exchange: Exchange, message: &Message, open: &Open<'_>) -> bool {
        let mut backoff = Backoff::new();
        let mut told = false;
        while open.acker.usable() {
            let publishing = self.publisher.publish(exchange, open.routing_key, message);
            let result = tokio::select! {
                result = publishing => result,
                () = open.gone.cancelled() => return false,
            };
            let Err(failure) = result else { return true };
            if !told {
                warn!(message.id = %message.loggable_id(), exchange = exchange.name(), "Holding message: {failure}");
                told = true;
            }
            wait(backoff.next(), open.gone).await;
        }
        false
    }
}

async fn wait(time: Duration, gone: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = gone.cancelled() => {}
    }
}

/// Far longer than it takes to write a frame.
const ACKNOWLEDGE: Duration = Duration::from_secs(30);

/// `Ok(false)` means that the channel is gone: it comes again, and is no error.
pub(super) async fn acknowledge(acker: &Acker) -> bool {
    let acknowledging = acker.ack(BasicAckOptions::default());
    match tokio::time::timeout(ACKNOWLEDGE, acknowledging).await {
        Ok(Ok(true)) => true,
        Ok(Ok(false) | Err(_)) | Err(_) => lost(),
    }
}

fn lost() -> bool {
    metrics::counter!("tekseru_acks_lost_total").increment(1);
    false
}

fn count(exchange: Exchange, message: &Message, queue: &str) {
    let code = message.headers.last_error.clone().unwrap_or_default();
    let lane = queue.trim_start_matches("work.").to_owned();
    let level = match exchange {
        Exchange::Retry(level) => level.name(),
        _ => "dead",
    };
    if exchange == Exchange::Dead {
        let attempt = message.headers.attempt;
        error!(message.id = %message.loggable_id(), %code, attempt, "Gave up message: {code}");
    }
    metrics::counter!("tekseru_retries_total", "lane" => lane, "code" => code, "level" => level)
        .increment(1);
}
