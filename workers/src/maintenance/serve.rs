//! Runs maintenance until it receives a signal to stop.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;
use tracing::{error, info, warn};

use super::audit_anchor::DailyAnchor;
use super::lease::Lease;
use super::orphans::OrphanSearch;
use super::round::{Rounds, update_gauges};
use super::store_dead_letter::store_dead_letter;
use super::{Arguments, unfinished};
use crate::broker::{self, BrokerConfig, BrokerState, ParkedQueue, Shutdown};
use crate::cli::Terminal;
use crate::cli::{Exit, Failure};
use crate::runtime::process;
use crate::services::audit_anchor::SigningKey;
use crate::services::health::Health;
use crate::services::{ServiceError, Services, wait_for_registry};

pub(crate) fn run(arguments: &Arguments, _: &mut Terminal) -> Result<Exit, Failure> {
    let key = arguments.audit_key_file.as_deref().map(SigningKey::read).transpose();
    let anchor = DailyAnchor::new(key.map_err(Failure::Usage)?);
    let role = arguments.role.open()?;
    // nobody waits for what it does; judging a new day takes a core for a while
    process::give_way();
    let runtime = process::tokio_runtime()?;
    let result = runtime.block_on(async {
        let health = Health::starting();
        if !arguments.once {
            role.listen(arguments.listen, &health).await?;
        }
        let registry = wait_for_registry(&role.database, &health).await?;
        let (broker, name) = (role.broker.clone(), role.name.clone());
        let state = watch::Sender::new(BrokerState::default());
        tokio::spawn(health.clone().follow_broker("broker", state.subscribe()));
        let services = role.services(registry, &state, health);
        if arguments.once {
            let done = run_once(&services, arguments, anchor).await;
            return done
                .map(|()| Exit::Success)
                .map_err(|error| Failure::Internal(error.to_string()));
        }
        serve(arguments, services, &broker, &name, state, anchor).await
    });
    runtime.shutdown_background();
    result
}

async fn run_once(
    services: &Services,
    arguments: &Arguments,
    mut anchor: DailyAnchor,
) -> Result<(), ServiceError> {
    let mut rounds = Rounds::new(arguments.retention());
    while !rounds.is_complete() {
        rounds.run_next(services, SignedDuration::ZERO).await?;
    }
    anchor.store(services).await?;
    let mut orphans = OrphanSearch::default();
    while orphans.search_next(services).await? {}
    Ok(())
}

async fn serve(
    arguments: &Arguments,
    services: Services,
    broker: &BrokerConfig,
    name: &str,
    state: watch::Sender<BrokerState>,
    anchor: DailyAnchor,
) -> Result<Exit, Failure> {
    let (shutter, shutdown) = Shutdown::new();
    let signals = shutter.on_signals();
    signals.map_err(|error| Failure::Internal(format!("cannot listen for signals: {error}")))?;
    info!(process = name, "Maintenance started");
    let consume = |queue, state| {
        let handle = |delivery| store_dead_letter(delivery, &services);
        broker::consume_parked(broker, &services.publisher, queue, handle, shutdown.clone(), state)
    };
    // the state of the other queue tells whether the publisher works
    let unrouted = BrokerState { publishing: true, ..BrokerState::default() };
    let unrouted = watch::Sender::new(unrouted);
    tokio::spawn(services.health.clone().follow_broker("unrouted", unrouted.subscribe()));
    let every = Duration::from_secs(arguments.every);
    let lease = Lease { services: &services, holder: name, every };
    tokio::join!(
        consume(ParkedQueue::Dead, state),
        consume(ParkedQueue::Unrouted, unrouted),
        run_rounds(&services, arguments, &lease, &shutdown, anchor)
    );
    lease.release().await;
    info!("Stopped");
    Ok(Exit::Success)
}

/// Does rounds while this process holds the lease.
async fn run_rounds(
    services: &Services,
    arguments: &Arguments,
    lease: &Lease<'_>,
    shutdown: &Shutdown,
    mut anchor: DailyAnchor,
) {
    let mut orphans = OrphanSearch::default();
    let mut rounds = Rounds::new(arguments.retention());
    loop {
        let mut pause = lease.every;
        let held = lease.acquire().await;
        metrics::gauge!("tekseru_maintenance_lease").set(f64::from(matches!(held, Ok(true))));
        report_missing(services, held.as_ref().err());
        match held {
            Ok(true) => {
                let round = async {
                    let anchored = anchor.store(services).await;
                    rounds.run_next(services, unfinished::GRACE).await?;
                    anchored?;
                    orphans.search_next(services).await.map(drop)
                };
                // another process finds whatever is interrupted here
                let result = tokio::select! {
                    result = round => result,
                    () = lease.renew_until_lost() => {
                        warn!("The lease is lost: the process that has it continues the round");
                        Ok(())
                    }
                    () = shutdown.draining() => return,
                };
                match result {
                    Ok(()) if rounds.has_more() => pause = Duration::ZERO,
                    Ok(()) => {}
                    Err(error) => warn!(%error, "A round of maintenance was not finished"),
                }
                update_gauges(services).await;
            }
            Ok(false) => {}
            Err(error) => error!(%error, "Maintenance stands still"),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = shutdown.draining() => return,
        }
    }
}

/// Says in `/readyz` what keeps this process from acting.
fn report_missing(services: &Services, error: Option<&ServiceError>) {
    let is_clock = matches!(error, Some(ServiceError::ClocksDiffer(_)));
    let why = error.map(ToString::to_string);
    let (clock, database) = if is_clock { (why, None) } else { (None, why) };
    services.health.set_missing("clock", clock);
    services.health.set_missing("database", database);
}
