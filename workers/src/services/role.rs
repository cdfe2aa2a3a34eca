//! The start of a worker or maintenance process: from its command line to connected services.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use tracing::{info, warn};

use crate::broker::{BrokerConfig, BrokerState, Publisher};
use crate::cli::Failure;
use crate::objects::Objects;
use crate::portal::Portal;
use crate::registry::Registry;
use crate::runtime::process;
use crate::runtime::secret::Secret;
use crate::runtime::telemetry::{self, LogFormat};
use crate::services::Services;
use crate::services::config::{BrokerArguments, RegistryArguments, StoreArguments};
use crate::services::config_problems::ConfigProblems;
use crate::services::health::{self, Health};
use crate::verdicts::attach::PublishLocks;
use crate::verdicts::evidence::EvidenceCache;
use crate::verdicts::later::Later;
use crate::verdicts::programmes::Programmes;

/// Command line arguments of every long-running role.
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
    /// Run as root all the same, as in a container whose only user is root
    #[arg(long, env = "TEKSERU_ALLOW_ROOT")]
    allow_root: bool,
    /// Portal of messages without user-id, which are rejected otherwise: only while messages
    /// of a version before portals are in the queues
    #[arg(long, env = "TEKSERU_UNVERIFIED_PORTAL", value_name = "NAME")]
    unverified_portal: Option<Portal>,
    #[command(flatten)]
    broker: BrokerArguments,
    #[command(flatten)]
    pub(crate) store: StoreArguments,
    #[command(flatten)]
    registry: RegistryArguments,
}

/// The complete configuration of a process, before its first connection.
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) broker: BrokerConfig,
    pub(crate) database: Secret,
    objects: Objects,
    programmes: Programmes,
    metrics: PrometheusHandle,
}

impl RoleArguments {
    /// Checks the configuration and starts logs and metrics.
    ///
    /// # Errors
    /// When anything is missing or cannot be used: all of it at once.
    pub(crate) fn open(&self) -> Result<Role, Failure> {
        let name = self.name.clone().unwrap_or_else(process::default_name);
        let mut problems = ConfigProblems::default();
        problems.user(self.allow_root);
        let mut broker = self.broker.config(&name, &mut problems);
        if let Some(broker) = &mut broker {
            broker.senders.unverified_portal.clone_from(&self.unverified_portal);
            problems.service_user(broker);
        }
        let objects = self.store.open(&mut problems);
        let database = self.registry.url(&mut problems);
        problems.finish()?;
        let (Some(broker), Some(objects), Some(database)) = (broker, objects, database) else {
            return Err(Failure::Usage("the configuration is incomplete".to_owned()));
        };
        let programmes = Programmes::load(&self.programme)?;
        let metrics = telemetry::start(self.log_format)?;
        if let Some(portal) = &self.unverified_portal {
            warn!(%portal, "Messages without user-id are taken as this portal's, also those of other users: no other portal may have access to the broker");
        }
        Ok(Role { name, broker, database, objects, programmes, metrics })
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

    /// Returns the services, with a publisher that connects in the background and
    /// sends its state to `state`.
    pub(crate) fn services(
        self,
        registry: Registry,
        state: &watch::Sender<BrokerState>,
        health: Health,
    ) -> Services {
        Services {
            registry,
            publisher: Publisher::start(&self.broker, state.clone()),
            worker: format!("tekseru/{} {}", env!("CARGO_PKG_VERSION"), self.name),
            objects: self.objects,
            programmes: self.programmes,
            health,
            broker: state.subscribe(),
            publish_locks: PublishLocks::default(),
            evidence: EvidenceCache::default(),
            later: Later::default(),
        }
    }
}
