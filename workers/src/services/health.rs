//! Liveness, readiness and metrics of this process, over HTTP.
//!
//! `/livez` is an internal watchdog: a broker that is down is not a reason to
//! restart a worker. `/readyz` names everything that is missing. `/metrics` has the text
//! format of Prometheus. No endpoint shows personal data or accepts input.

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

use super::dependency::Dependency;
use crate::broker::BrokerState;

/// A runtime that has not ticked for this long is stuck.
const STUCK_AFTER: Duration = Duration::from_secs(60);
/// A dependency counts as down for this long after its last failure.
const DOWN_FOR: Duration = Duration::from_secs(20);

/// The health of this process; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Health(Arc<Mutex<Inner>>);

#[derive(Default)]
struct Inner {
    ticked: Option<Instant>,
    down: BTreeMap<Dependency, Instant>,
    /// The reason why each missing item is missing, by its name.
    missing: BTreeMap<&'static str, String>,
}

impl Health {
    fn with_inner<R>(&self, f: impl FnOnce(&mut Inner) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Records that a dependency failed just now.
    pub(crate) fn report_down(&self, dependency: Dependency) {
        self.with_inner(|inner| inner.down.insert(dependency, Instant::now()));
    }

    /// Returns the health of a process that has no connection yet.
    pub(crate) fn starting() -> Self {
        let health = Self::default();
        for what in ["broker", "database"] {
            health.set_missing(what, Some("not connected yet".to_owned()));
        }
        health
    }

    /// Sets why something is missing; `None`: it is there.
    pub(crate) fn set_missing(&self, what: &'static str, missing: Option<String>) {
        self.with_inner(|inner| match missing {
            Some(why) => drop(inner.missing.insert(what, why)),
            None => drop(inner.missing.remove(what)),
        });
    }

    /// Updates readiness whenever the broker's state changes.
    pub(crate) async fn follow_broker(
        self,
        name: &'static str,
        mut state: watch::Receiver<BrokerState>,
    ) {
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
            self.set_missing(name, missing);
            if state.changed().await.is_err() {
                tracing::error!("The broker's state is unknown from now on");
                return;
            }
        }
    }

    /// Feeds the watchdog while the runtime runs tasks.
    pub(crate) async fn feed_watchdog(self) {
        let mut every = tokio::time::interval(Duration::from_secs(1));
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            every.tick().await;
            self.with_inner(|inner| inner.ticked = Some(Instant::now()));
        }
    }

    fn is_alive(&self) -> bool {
        self.with_inner(|inner| inner.ticked.is_none_or(|ticked| ticked.elapsed() < STUCK_AFTER))
    }

    /// Returns every reason why this process cannot work, one a line.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.with_inner(|inner| {
            let recent = inner.down.iter().filter(|(_, at)| at.elapsed() < DOWN_FOR);
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

/// Serves the endpoints until the process ends.
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
    tokio::spawn(health.feed_watchdog());
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            tracing::error!(%error, "The server of health and metrics ended");
        }
    });
    Ok(bound)
}

async fn livez(State(served): State<Served>) -> (StatusCode, &'static str) {
    match served.health.is_alive() {
        true => (StatusCode::OK, "alive\n"),
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
