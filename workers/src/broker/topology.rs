//! Checks that the broker has every queue and exchange of `deploy/rabbitmq`.

use lapin::options::{ExchangeDeclareOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{Channel, ExchangeKind};
use tokio::sync::watch;

use super::config::BrokerConfig;
use super::connection::Connection;
use super::exchange::Exchange;
use super::lane::Lane;
use super::message::short_string;
use super::parked_queue::ParkedQueue;
use super::problem::BrokerProblem;
use super::reporter::{Reporter, Role};
use super::retry_policy::RetryDelay;
use crate::portal::Portal;

/// Returns a problem for every queue and exchange that is missing or not permitted, with the
/// queues of these portals; declares none.
///
/// # Errors
/// When the broker cannot be reached.
pub(crate) async fn check_topology(
    config: &BrokerConfig,
    portals: &[Portal],
) -> Result<Vec<BrokerProblem>, BrokerProblem> {
    let reporter = Reporter(watch::Sender::default());
    let connection = Connection::open(config, Role::Publish, &reporter).await?;
    let mut problems = Vec::new();
    let of_portals = portals.iter().map(|portal| format!("verdicts.{portal}"));
    for queue in queues().map(str::to_owned).chain(of_portals) {
        // a refusal closes the channel
        let channel = connection.open_channel().await?;
        problems.extend(connection.response(find_queue(&channel, &queue), &queue).await.err());
    }
    for exchange in exchanges() {
        let channel = connection.open_channel().await?;
        problems
            .extend(connection.response(find_exchange(&channel, exchange), exchange).await.err());
    }
    connection.close().await;
    Ok(problems)
}

fn queues() -> impl Iterator<Item = &'static str> {
    let lanes = Lane::ALL.map(Lane::queue).into_iter();
    let parked = [ParkedQueue::Dead, ParkedQueue::Unrouted].map(ParkedQueue::queue);
    lanes.chain(RetryDelay::ALL.map(RetryDelay::exchange)).chain(parked)
}

fn exchanges() -> impl Iterator<Item = &'static str> {
    let fixed = [Exchange::Intake, Exchange::Work, Exchange::Dead, Exchange::Verdicts];
    fixed.map(Exchange::name).into_iter().chain(RetryDelay::ALL.map(RetryDelay::exchange))
}

async fn find_queue(channel: &Channel, name: &str) -> lapin::Result<()> {
    let options = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
    let name = short_string(name).unwrap_or_default();
    channel.queue_declare(name, options, FieldTable::default()).await.map(drop)
}

async fn find_exchange(channel: &Channel, name: &str) -> lapin::Result<()> {
    let options = ExchangeDeclareOptions { passive: true, ..ExchangeDeclareOptions::default() };
    // a passive declaration ignores the kind
    let (name, kind) = (short_string(name).unwrap_or_default(), ExchangeKind::Topic);
    channel.exchange_declare(name, kind, options, FieldTable::default()).await
}
