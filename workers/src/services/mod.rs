//! What a worker needs from outside, connected.

pub(crate) mod config;
pub(crate) mod examiner_arguments;
pub(crate) mod health;
pub(crate) mod role;

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;
use tokio::sync::{Mutex, MutexGuard, watch};

use crate::broker::{BrokerState, Publisher};
use crate::cli::Failure;
use crate::objects::Objects;
use crate::registry::{Registry, RegistryError, Schema};
use crate::runtime::backoff::Backoff;
use crate::runtime::failpoint;
use crate::runtime::secret::Secret;
use crate::services::health::Health;
use crate::verdicts::evidence::Pictures;
use crate::verdicts::judging::Judge;
use crate::verdicts::programmes::Rulesets;
use crate::worker::Dependency;

/// Every service of one process.
pub(crate) struct Services {
    pub(crate) registry: Registry,
    pub(crate) objects: Objects,
    pub(crate) publisher: Publisher,
    pub(crate) rulesets: Rulesets,
    /// Bucket of results.
    pub(crate) results: String,
    /// Name and version, for envelopes.
    pub(crate) worker: String,
    pub(crate) health: Health,
    pub(crate) broker: watch::Receiver<BrokerState>,
    pub(crate) turns: Turns,
    pub(crate) pictures: Pictures,
}

/// Turns to send what is told of an application, so that two jobs of one
/// process do not send the same.
#[derive(Default)]
pub(crate) struct Turns([Mutex<()>; 32]);

impl Turns {
    /// Waits for this application's turn; a few applications share each.
    pub(crate) async fn wait(&self, application_id: &str) -> MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        application_id.hash(&mut hasher);
        self.0[(hasher.finish() % self.0.len() as u64) as usize].lock().await
    }
}

impl Services {
    /// What to judge by, at this moment.
    pub(crate) fn judge(&self) -> Judge<'_> {
        let now = Timestamp::now();
        Judge {
            rulesets: &self.rulesets,
            now,
            on: failpoint::today().unwrap_or_else(|| self.rulesets.day_of(now)),
            worker: &self.worker,
            results: &self.results,
        }
    }
}

impl Services {
    /// Whether a dependency answers at all.
    pub(crate) async fn works(&self, dependency: Dependency) -> bool {
        match dependency {
            Dependency::Database => self.registry.check_schema().await.is_ok(),
            Dependency::Store => self.objects.check_ready().await.is_ok(),
            Dependency::Broker => {
                let state = self.broker.borrow();
                state.publishing && !state.blocked
            }
        }
    }
}

/// Connects to the database, waiting for one that is not there yet.
///
/// # Errors
/// When its tables are not those of this version.
pub(crate) async fn registry(url: &Secret, health: &Health) -> Result<Registry, Failure> {
    let mut backoff = Backoff::new();
    loop {
        let problem = match connect(url).await {
            Ok(registry) => {
                health.set("database", None);
                return Ok(registry);
            }
            Err(error) if error.may_pass() => error,
            Err(error) => return Err(Failure::internal(error)),
        };
        tracing::warn!(%problem, "Waiting for the database");
        health.set("database", Some(problem.to_string()));
        tokio::time::sleep(backoff.next()).await;
    }
}

/// Connects to the database.
///
/// # Errors
/// When it does not answer, or its tables are not those of this version.
pub(crate) async fn connect(url: &Secret) -> Result<Registry, RegistryError> {
    let registry = Registry::connect(url.reveal()).await?;
    match registry.check_schema().await? {
        Schema::Current => Ok(registry),
        Schema::TooOld { found, needed } | Schema::TooNew { found, needed } => {
            Err(RegistryError::Schema { code: format!("{found} is there, {needed} is needed") })
        }
    }
}

/// A runtime for waiting: what computes runs in child processes.
///
/// # Errors
/// When the system gives no threads.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|error| Failure::Internal(format!("cannot start: {error}")))
}

/// The host's name and this process's id.
pub(crate) fn own_name() -> String {
    format!("{}-{}", host(), std::process::id())
}

/// The host's name.
pub(crate) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
