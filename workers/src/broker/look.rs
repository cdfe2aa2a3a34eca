//! What a broker lacks of what `deploy/rabbitmq` defines.

use lapin::options::{ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, ExchangeKind};
use tokio::sync::watch;

use super::config::BrokerConfig;
use super::connection::Live;
use super::message::short;
use super::names::{Exchange, Kept, Lane, Level};
use super::state::{Problem, Reporter, Role};

/// Looks for every queue and exchange that we name, and makes none.
///
/// # Errors
/// When there is no connection.
pub(crate) async fn missing(config: &BrokerConfig) -> Result<Vec<Problem>, Problem> {
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
    let kept = [Kept::Dead, Kept::Unrouted].map(Kept::queue);
    lanes.chain(Level::ALL.map(Level::exchange)).chain(kept)
}

fn exchanges() -> impl Iterator<Item = &'static str> {
    let named = [Exchange::Intake, Exchange::Work, Exchange::Dead, Exchange::Verdicts];
    named.map(Exchange::name).into_iter().chain(Level::ALL.map(Level::exchange))
}

async fn is_queue(channel: &Channel, name: &str) -> lapin::Result<()> {
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let name = short(name).unwrap_or_default();
    channel.queue_declare(name, options, FieldTable::default()).await.map(drop)
}

async fn is_exchange(channel: &Channel, name: &str) -> lapin::Result<()> {
    let options = ExchangeDeclareOptions { passive: true, ..ExchangeDeclareOptions::default() };
    // the kind does not count when nothing is made
    let (name, kind) = (short(name).unwrap_or_default(), ExchangeKind::Topic);
    channel.exchange_declare(name, kind, options, FieldTable::default()).await
}
