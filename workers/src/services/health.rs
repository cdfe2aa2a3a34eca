//! Whether this process lives and whether it can do its work, over HTTP.
//!
//! `/livez` is an internal watchdog: a broker that is away is no reason to
//! start a worker again. `/readyz` names what is missing. `/metrics` is in the
//! text format of Prometheus. Nothing here is personal, and nothing is taken in.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::broker::BrokerState;
use crate::worker::Dependency;

/// The runtime that does not tick for so long is stuck.
const STUCK: Duration = Duration::from_secs(60);
/// A dependency that failed counts as down for so long after its last failure.
const RECENT: Duration = Duration::from_secs(20);

/// What is known of this process's health; shared.
#[derive(Clone, Default)]
pub(crate) struct Health(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    ticked: Option<Instant>,
    down: BTreeMap<Dependency, Instant>,
    /// What is not there yet or not any more, by name.
    missing: BTreeMap<&'static str, String>,
}

impl Health {
    fn with<R>(&self, f: impl FnOnce(&mut Inner) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A dependency failed just now.
    pub(crate) fn down(&self, dependency: Dependency) {
        self.with(|inner| inner.down.insert(dependency, Instant::now()));
    }

    /// Of a process that is not connected to anything yet.
    pub(crate) fn starting() -> Self {
        let health = Self::default();
        for what in ["broker", "database"] {
            health.set(what, Some("not connected yet".to_owned()));
        }
        health
    }

    /// Something is missing, or there again (`None`).
    pub(crate) fn set(&self, what: &'static str, missing: Option<String>) {
        self.with(|inner| match missing {
            Some(why) => drop(inner.missing.insert(what, why)),
            None => drop(inner.missing.remove(what)),
        });
    }

    /// Keeps readiness in step with the broker.
    pub(crate) async fn follow(self, name: &'static str, mut state: watch::Receiver<BrokerState>) {
        loop {
            let missing = {
                let state = state.borrow_and_update();
                (!state.is_ready()).then(|| match &state.problem {
                    Some(problem) => problem.to_string(),
                    None if state.blocked => {
                        "is short of memory or disk and takes nothing".to_owned()
                    }
                    None => "not connected yet".to_owned(),
                })
            };
            self.set(name, missing);
            if state.changed().await.is_err() {
                tracing::error!("The broker's state is not known any more");
                return;
            }
        }
    }

    /// Keeps the watchdog quiet for as long as the runtime runs tasks.
    pub(crate) async fn tick(self) {
        let mut every = tokio::time::interval(Duration::from_secs(1));
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            self.with(|inner| inner.ticked = Some(Instant::now()));
        }
    }

    fn lives(&self) -> bool {
        self.with(|inner| inner.ticked.is_none_or(|ticked| ticked.elapsed() < STUCK))
    }

    /// Everything that keeps this process from its work, a line each.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.with(|inner| {
            let recent = inner.down.iter().filter(|(_, at)| at.elapsed() < RECENT);
            let down = recent.map(|(dependency, _)| format!("{}: down", dependency.name()));
            let missing = inner.missing.iter().map(|(what, why)| format!("{what}: {why}"));
            down.chain(missing).collect()
        })
    }
}

#[derive(Clone)]
struct Served {
    health: Health,
    metrics: PrometheusHandle,
}

/// Answers until the process ends.
///
/// # Errors
/// When the address cannot be listened on.
pub(crate) async fn serve(
    address: SocketAddr,
    health: Health,
    metrics: PrometheusHandle,
) -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    let routes = Router::new()
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .route("/metrics", get(exposition))
        .with_state(Served { health: health.clone(), metrics });
    tokio::spawn(health.tick());
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            tracing::error!(%error, "Health and metrics are not served any more");
        }
    });
    Ok(bound)
}

async fn livez(State(served): State<Served>) -> (StatusCode, &'static str) {
    match served.health.lives() {
        true => (StatusCode::OK, "lives\n"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "stuck\n"),
    }
}

async fn readyz(State(served): State<Served>) -> (StatusCode, String) {
    let problems = served.health.problems();
    if problems.is_empty() {
        return (StatusCode::OK, "ready\n".to_owned());
    }
    (StatusCode::SERVICE_UNAVAILABLE, problems.join("\n") + "\n")
}

async fn exposition(State(served): State<Served>) -> String {
    served.metrics.run_upkeep();
    served.metrics.render()
}
