//! What worker and keeper have in common: from their command lines to services.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use tracing::info;

use crate::broker::{BrokerConfig, BrokerState, Publisher};
use crate::cli::Failure;
use crate::objects::Objects;
use crate::registry::Registry;
use crate::runtime::secret::Secret;
use crate::runtime::telemetry::{self, LogFormat};
use crate::services::config::{BrokerArguments, Problems, RegistryArguments, StoreArguments};
use crate::services::health::{self, Health};
use crate::services::{self, Services, Turns};
use crate::verdicts::evidence::Pictures;
use crate::verdicts::programmes::Rulesets;

/// Arguments of every long-running role.
#[derive(Args)]
pub(crate) struct RoleArguments {
    /// Name of this process in verdicts, leases and `tekseru status` [default: host and process id]
    #[arg(long, env = "TEKSERU_WORKER", value_name = "NAME")]
    name: Option<String>,
    /// Programme file to judge by, instead of the built-in programmes; may be repeated
    #[arg(long, env = "TEKSERU_PROGRAMME", value_name = "FILE", value_delimiter = ',')]
    programme: Vec<PathBuf>,
    /// Format of log lines
    #[arg(long, env = "TEKSERU_LOG_FORMAT", value_enum, default_value_t = LogFormat::Auto)]
    log_format: LogFormat,
    #[command(flatten)]
    broker: BrokerArguments,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

/// Everything that is made before anything is waited for.
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) broker: BrokerConfig,
    pub(crate) database: Secret,
    objects: Objects,
    rulesets: Rulesets,
    results: String,
    metrics: PrometheusHandle,
}

impl RoleArguments {
    /// Begins to log and to count, too.
    ///
    /// # Errors
    /// When anything is missing or cannot be used: all of it at once.
    pub(crate) fn open(&self) -> Result<Role, Failure> {
        let name = self.name.clone().unwrap_or_else(services::own_name);
        let mut problems = Problems::default();
        let broker = self.broker.config(&name, &mut problems);
        let objects = self.store.open(&mut problems);
        let database = self.registry.url(&mut problems);
        problems.finish()?;
        let (Some(broker), Some(objects), Some(database)) = (broker, objects, database) else {
            return Err(Failure::Usage("the configuration is incomplete".to_owned()));
        };
        let rulesets = Rulesets::load(&self.programme)?;
        let metrics = telemetry::start(self.log_format)?;
        let results = self.store.results.clone();
        Ok(Role { name, broker, database, objects, rulesets, results, metrics })
    }
}

impl Role {
    /// Serves health and metrics.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub(crate) async fn listen(&self, address: SocketAddr, health: &Health) -> Result<(), Failure> {
        let bound = health::serve(address, health.clone(), self.metrics.clone()).await;
        let failure = |error| Failure::Usage(format!("--listen {address}: {error}"));
        info!(address = %bound.map_err(failure)?, "Serving health and metrics");
        Ok(())
    }

    /// The services, with a publisher that connects in the background and tells
    /// of it to `say`.
    pub(crate) fn services(
        self,
        registry: Registry,
        say: &watch::Sender<BrokerState>,
        health: Health,
    ) -> Services {
        Services {
            registry,
            publisher: Publisher::start(&self.broker, say.clone()),
            worker: format!("tekseru/{} {}", env!("CARGO_PKG_VERSION"), self.name),
            objects: self.objects,
            rulesets: self.rulesets,
            results: self.results,
            health,
            broker: say.subscribe(),
            turns: Turns::default(),
            pictures: Pictures::default(),
        }
    }
}
