//! What a broker lacks of what `deploy/rabbitmq` defines.

use lapin::options::{ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, ExchangeKind};
use tokio::sync::watch;

use super::config::BrokerConfig;
use super::connection::Live;
use super::message::short_string;
use super::names::{Exchange, Lane, ParkedQueue, RetryDelay};
use super::state::{Problem, Reporter, Role};

/// Looks for every queue and exchange that we name, and makes none.
///
/// # Errors
/// When there is no connection.
pub(crate) async fn check_topology(config: &BrokerConfig) -> Result<Vec<Problem>, Problem> {
    let live = Live::open(config, Role::Publish, &Reporter(watch::Sender::default())).await?;
    let mut missing = Vec::new();
    for queue in queues() {
        // whatever is refused closes its channel
        let channel = live.channel().await?;
        missing.extend(live.answer(is_queue(&channel, queue), queue).await.err());
    }
    for exchange in exchanges() {
        let channel = live.channel().await?;
        missing.extend(live.answer(is_exchange(&channel, exchange), exchange).await.err());
    }
    live.close().await;
    Ok(missing)
}

fn queues() -> impl Iterator<Item = &'static str> {
    let lanes = Lane::ALL.map(Lane::queue).into_iter();
    let kept = [ParkedQueue::Dead, ParkedQueue::Unrouted].map(ParkedQueue::queue);
    lanes.chain(RetryDelay::ALL.map(RetryDelay::exchange)).chain(kept)
}

fn exchanges() -> impl Iterator<Item = &'static str> {
    let named = [Exchange::Intake, Exchange::Work, Exchange::Dead, Exchange::Verdicts];
    named.map(Exchange::name).into_iter().chain(RetryDelay::ALL.map(RetryDelay::exchange))
}

async fn is_queue(channel: &Channel, name: &str) -> lapin::Result<()> {
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let name = short_string(name).unwrap_or_default();
    channel.queue_declare(name, options, FieldTable::default()).await.map(drop)
}

async fn is_exchange(channel: &Channel, name: &str) -> lapin::Result<()> {
    let options = ExchangeDeclareOptions { passive: true, ..ExchangeDeclareOptions::default() };
    // the kind does not count when nothing is made
    let (name, kind) = (short_string(name).unwrap_or_default(), ExchangeKind::Topic);
    channel.exchange_declare(name, kind, options, FieldTable::default()).await
}
