//! Checks of broker, store and database, where they are configured.

use std::time::Duration;

use tokio::sync::watch;

use super::Arguments;
use super::finding::Finding;
use crate::broker::{self, BrokerState, Exchange, Message, PublishError, Publisher};
use crate::cli::Failure;
use crate::objects::CheckResult;
use crate::portal::Portal;
use crate::registry::{self, AuditVerification, RegistryError};
use crate::runtime::process;
use crate::services::config::{BrokerArguments, RegistryArguments, StoreArguments};
use crate::services::connect_registry;

/// More time than a broker on another continent needs.
const TIMEOUT: Duration = Duration::from_secs(15);

const FIX_BROKER: &str = "see deploy/rabbitmq/README.md for what the broker needs";
const FIX_DATABASE: &str =
    "create the database, give this role access to it, then run `tekseru migrate`";
const FIX_AUDIT: &str =
    "rows were changed or deleted; compare with a backup, and find out who had access";

/// Returns the state of every service; a configuration that cannot be used is a finding.
///
/// # Errors
/// When the runtime cannot be started.
pub(super) fn findings(arguments: &Arguments) -> Result<Vec<Finding>, Failure> {
    let Arguments { portals, broker, store, registry } = arguments;
    process::tokio_runtime()?.block_on(async {
        let mut findings = check_broker(broker, portals).await;
        findings.extend(check_store(store, portals).await);
        findings.extend(check_database(registry).await);
        Ok(findings)
    })
}

/// Connects, looks for every queue and exchange, and publishes a message that no queue
/// takes, which the broker must return.
async fn check_broker(arguments: &BrokerArguments, portals: &[Portal]) -> Vec<Finding> {
    let name = "broker";
    if arguments.is_absent() {
        return vec![Finding::not_checked(name, "TEKSERU_AMQP_URL")];
    }
    let config = match arguments.require("tekseru doctor") {
        Ok(config) => config,
        Err(problem) => return Finding::unusable(name, &problem.to_string()),
    };
    let missing = |problem: String| Finding::missing(name, problem, FIX_BROKER);
    match tokio::time::timeout(TIMEOUT, broker::check_topology(&config, portals)).await {
        Err(_) => return vec![missing("does not answer".to_owned())],
        Ok(Err(problem)) => return vec![missing(problem.to_string())],
        Ok(Ok(absent)) if !absent.is_empty() => {
            return absent.iter().map(|one| missing(one.to_string())).collect();
        }
        Ok(Ok(_)) => {}
    }
    let (state_sender, state) = watch::channel(BrokerState::default());
    let publisher = Publisher::start(&config, state_sender);
    let message = Message::new("doctor", "doctor", "");
    let probe = publisher.publish(Exchange::Work, "nobody.probe", &message);
    let problem = match tokio::time::timeout(TIMEOUT, probe).await {
        Ok(Err(PublishError::Unroutable)) => {
            if let Some(leak) = check_bindings(&publisher, message).await {
                return vec![missing(leak)];
            }
            let detail = "answers, has every queue and exchange, returns unroutable messages";
            return Finding::working(name, detail.to_owned(), broker::transport(&config.url));
        }
        Ok(Ok(())) => "a queue takes a message that no queue should take".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "does not answer".to_owned(),
    };
    let connection_problem = state.borrow().problem.as_ref().map(ToString::to_string);
    vec![missing(connection_problem.unwrap_or(problem))]
}

/// Publishes an event for a portal that does not exist: a queue that takes it takes the events
/// of every portal. An operator's user may not publish events, which is no problem.
async fn check_bindings(publisher: &Publisher, message: Message) -> Option<String> {
    // gone from such a queue at once
    let probe = Message { expiration: Some(Duration::from_millis(1)), ..message };
    let probe = publisher.publish(Exchange::Verdicts, "no--portal.probe", &probe);
    match tokio::time::timeout(TIMEOUT, probe).await {
        Ok(Ok(())) => {
            Some("a queue receives the events of every portal; bind it to `PORTAL.#`".to_owned())
        }
        _ => None,
    }
}

async fn check_store(arguments: &StoreArguments, portals: &[Portal]) -> Vec<Finding> {
    let name = "store";
    if arguments.s3_endpoint.is_none() && arguments.store_folder.is_none() {
        return vec![Finding::not_checked(name, "TEKSERU_S3_ENDPOINT")];
    }
    let objects = match arguments.require() {
        Ok(objects) => objects,
        Err(problem) => return Finding::unusable(name, &problem.to_string()),
    };
    let checks = objects.check_access(portals).await;
    let findings = checks.into_iter().map(|check| {
        let describe = |problem: &str| format!("{}: {problem}", check.name);
        match check.result {
            CheckResult::Passed => Finding::fine(name, check.name),
            CheckResult::Warning { problem, fix } => {
                Finding::warning(name, describe(&problem), fix)
            }
            CheckResult::Failed { problem, fix } => Finding::missing(name, describe(&problem), fix),
        }
    });
    findings.collect()
}

/// Connects to the database and verifies the audit log.
async fn check_database(arguments: &RegistryArguments) -> Vec<Finding> {
    let name = "database";
    if arguments.is_absent() {
        return vec![Finding::not_checked(name, "TEKSERU_DATABASE_URL")];
    }
    let url = match arguments.require_url() {
        Ok(url) => url,
        Err(problem) => return Finding::unusable(name, &problem.to_string()),
    };
    let audited = async {
        let audited = connect_registry(&url).await?.verify_audit().await?;
        Ok::<_, RegistryError>(audited)
    };
    match audited.await {
        Ok(AuditVerification { rows, broken_at: None, .. }) => {
            let detail = format!(
                "answers, has tables that this version can use; {rows} audit rows are intact"
            );
            Finding::working(name, detail, registry::transport(&url))
        }
        Ok(AuditVerification { broken_at: Some(row), .. }) => {
            let problem = format!("the audit log is not intact from row {row} on");
            vec![Finding::missing(name, problem, FIX_AUDIT)]
        }
        Err(error) => vec![Finding::missing(name, error.to_string(), FIX_DATABASE)],
    }
}
