//! From the command line to a keeper that runs until it is told to stop.

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tracing::{info, warn};

use super::orphans::Strays;
use super::{Arguments, day_passed, store_dead_letter, unfinished};
use crate::broker::{self, BrokerConfig, BrokerState, ParkedQueue, Shutdown};
use crate::cli::Terminal;
use crate::cli::{Exit, Failure};
use crate::services::health::Health;
use crate::services::{self, Services};
use crate::worker::WorkError;

/// The name of the lease that lets one keeper act.
const LEASE: &str = "keeper";

pub(crate) fn run(arguments: &Arguments, _: &mut Terminal) -> Result<Exit, Failure> {
    let role = arguments.role.open()?;
    let runtime = services::runtime()?;
    let ended = runtime.block_on(async {
        let health = Health::starting();
        if !arguments.once {
            role.listen(arguments.listen, &health).await?;
        }
        let registry = services::registry(&role.database, &health).await?;
        let (broker, name) = (role.broker.clone(), role.name.clone());
        let say = watch::Sender::new(BrokerState::default());
        tokio::spawn(health.clone().follow("broker", say.subscribe()));
        let services = role.services(registry, &say, health);
        serve(arguments, services, &broker, &name, say).await
    });
    runtime.shutdown_background();
    ended
}

async fn serve(
    arguments: &Arguments,
    services: Services,
    broker: &BrokerConfig,
    name: &str,
    say: watch::Sender<BrokerState>,
) -> Result<Exit, Failure> {
    if arguments.once {
        let done = async {
            round(&services, arguments, false).await?;
            let mut strays = Strays::default();
            while strays.look(&services).await? {}
            Ok::<(), WorkError>(())
        };
        let done = done.await;
        return done.map(|()| Exit::Success).map_err(Failure::internal);
    }
    let (shutter, shutdown) = Shutdown::new();
    shutter.on_signals().map_err(|error| Failure::Internal(format!("no signals: {error}")))?;
    info!(keeper = name, "Keeping");
    let drained = |kept, say| {
        let handle = |letter| store_dead_letter::letter(letter, &services);
        broker::consume_parked(broker, &services.publisher, kept, handle, shutdown.clone(), say)
    };
    // whether it publishes the other tells
    let unrouted = BrokerState { publishing: true, ..BrokerState::default() };
    let unrouted = watch::Sender::new(unrouted);
    tokio::spawn(services.health.clone().follow("unrouted", unrouted.subscribe()));
    tokio::join!(
        drained(ParkedQueue::Dead, say),
        drained(ParkedQueue::Unrouted, unrouted),
        rounds(&services, arguments, name, &shutdown)
    );
    let _ = services.registry.release_lease(LEASE, name).await;
    info!("Stopped");
    Ok(Exit::Success)
}

/// One round after the other, while this keeper holds the lease.
async fn rounds(services: &Services, arguments: &Arguments, name: &str, shutdown: &Shutdown) {
    let every = Duration::from_secs(arguments.every);
    let mut strays = Strays::default();
    loop {
        let held = services.registry.acquire_lease(LEASE, name, every * 4, Timestamp::now()).await;
        metrics::gauge!("tekseru_keeper_lease").set(f64::from(matches!(held, Ok(true))));
        services.health.set("database", held.as_ref().err().map(ToString::to_string));
        match held {
            Ok(true) => {
                let round = async {
                    round(services, arguments, true).await?;
                    strays.look(services).await.map(drop)
                };
                // whoever is interrupted here leaves nothing that another does not find
                let done = tokio::select! {
                    done = round => done,
                    () = no_longer_held(services, name, every) => {
                        warn!("The lease is not held any more: the round is left to whoever has it");
                        Ok(())
                    }
                    () = shutdown.draining() => return,
                };
                if let Err(error) = done {
                    warn!(%error, "A round of housekeeping was not finished");
                }
                gauges(services).await;
            }
            Ok(false) => {}
            Err(error) => warn!(%error, "Could not ask for the lease"),
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = shutdown.draining() => return,
        }
    }
}

/// Keeps the lease while a round goes on; returns when another has it, or it
/// cannot be known who does.
async fn no_longer_held(services: &Services, name: &str, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let held = services.registry.acquire_lease(LEASE, name, every * 4, Timestamp::now()).await;
        if !matches!(held, Ok(true)) {
            return;
        }
    }
}

/// How much waits, for whoever watches.
async fn gauges(services: &Services) {
    let Ok(counts) = services.registry.counts().await else { return };
    for (what, waiting) in [
        ("unattached", counts.unattached_revisions),
        ("unsent", counts.unsent_events),
        ("dead", counts.dead_letters),
        ("undeleted", counts.pending_deletions),
    ] {
        metrics::gauge!("tekseru_waiting", "what" => what).set(waiting.count as f64);
        let age =
            waiting.oldest.map_or(0.0, |at| Timestamp::now().duration_since(at).as_secs_f64());
        metrics::gauge!("tekseru_waiting_age_seconds", "what" => what).set(age);
    }
}

async fn round(
    services: &Services,
    arguments: &Arguments,
    patience: bool,
) -> Result<(), WorkError> {
    unfinished::leftovers(services, patience).await?;
    day_passed::passed(services, services.judge().on).await?;
    unfinished::retention(services, arguments.retention).await
}
