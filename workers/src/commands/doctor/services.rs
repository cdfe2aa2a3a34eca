//! Broker, store and database, where the environment names them.

use std::time::Duration;

use tokio::sync::watch;

use super::Arguments;
use crate::broker::{self, BrokerState, Exchange, Message, PublishError, Publisher};
use crate::cli::exit::Failure;
use crate::cli::terminal::Terminal;
use crate::cli::text::{escaped, padded};
use crate::objects::Finding;
use crate::registry::{AuditVerification, RegistryError};
use crate::services;
use crate::services::config::Problems;

/// Longer than a broker on the other side of the world needs.
const PATIENCE: Duration = Duration::from_secs(15);

const BROKER: &str = "deploy/rabbitmq/README.md says what a broker needs";
const DATABASE: &str = "create the database, let this role use it, then run `tekseru migrate`";

const AUDIT: &str = "rows were changed or taken out; compare with a backup, and ask who could";

/// What was found of one service: a line, and what mends it.
struct Line {
    word: &'static str,
    name: &'static str,
    what: String,
    mend: Option<&'static str>,
}

/// Tells of every service; whether all is as it should be.
///
/// # Errors
/// When a configuration cannot be read.
pub(super) fn tell(arguments: &Arguments, terminal: &mut Terminal) -> Result<bool, Failure> {
    let lines = services::runtime()?.block_on(async {
        let mut lines = broker(arguments).await?;
        lines.extend(store(arguments).await?);
        lines.push(database(arguments).await);
        Ok::<_, Failure>(lines)
    })?;
    let mut fine = true;
    for Line { word, name, what, mend } in lines {
        fine &= word != "missing";
        terminal.say(&format!("{}  {}  {}", padded(word, 7), padded(name, 14), escaped(&what)))?;
        if let Some(mend) = mend {
            terminal.say(&format!("{:25}{mend}", ""))?;
        }
    }
    Ok(fine)
}

fn unset(name: &'static str, variable: &str) -> Line {
    Line { word: "-", name, what: format!("not looked at: {variable} is not set"), mend: None }
}

/// Connects, looks for all that we name, and sends what no queue takes: it has to come back.
async fn broker(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    let name = "broker";
    let mut problems = Problems::default();
    let unset = || vec![unset(name, "TEKSERU_AMQP_URL")];
    if arguments.broker.amqp_url.is_none() {
        return Ok(unset());
    }
    let config = arguments.broker.config("tekseru doctor", &mut problems);
    problems.finish()?;
    let Some(config) = config else { return Ok(unset()) };
    let missing = |what: String| Line { word: "missing", name, what, mend: Some(BROKER) };
    match tokio::time::timeout(PATIENCE, broker::check_topology(&config)).await {
        Err(_) => return Ok(vec![missing("no answer".to_owned())]),
        Ok(Err(problem)) => return Ok(vec![missing(problem.to_string())]),
        Ok(Ok(lacks)) if !lacks.is_empty() => {
            return Ok(lacks.iter().map(|lack| missing(lack.to_string())).collect());
        }
        Ok(Ok(_)) => {}
    }
    let (say, state) = watch::channel(BrokerState::default());
    let publisher = Publisher::start(&config, say);
    let message = Message::new("doctor", "doctor", "");
    let probe = publisher.publish(Exchange::Work, "nobody.probe", &message);
    let found = match tokio::time::timeout(PATIENCE, probe).await {
        Ok(Err(PublishError::Unroutable)) => {
            Ok("answers, has every queue and exchange we use, gives back what no queue takes")
        }
        Ok(Ok(())) => Err("a queue takes what none should".to_owned()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer".to_owned()),
    };
    Ok(vec![match found {
        Ok(what) => Line { word: "fine", name, what: what.to_owned(), mend: None },
        Err(what) => {
            let problem = state.borrow().problem.as_ref().map(ToString::to_string);
            missing(problem.unwrap_or(what))
        }
    }])
}

async fn store(arguments: &Arguments) -> Result<Vec<Line>, Failure> {
    let name = "store";
    if arguments.store.s3_endpoint.is_none() && arguments.store.store_folder.is_none() {
        return Ok(vec![unset(name, "TEKSERU_S3_ENDPOINT")]);
    }
    let mut problems = Problems::default();
    let objects = arguments.store.open(&mut problems);
    problems.finish()?;
    let Some(objects) = objects else { return Ok(vec![unset(name, "TEKSERU_S3_ENDPOINT")]) };
    let checked = objects.check().await;
    Ok(checked
        .into_iter()
        .map(|checked| {
            let told = |met: &str| format!("{}: {met}", checked.what);
            match checked.finding {
                Finding::Good => Line { word: "fine", name, what: checked.what, mend: None },
                Finding::Warn { met, mend } => {
                    Line { word: "warn", name, what: told(&met), mend: Some(mend) }
                }
                Finding::Bad { met, mend } => {
                    Line { word: "missing", name, what: told(&met), mend: Some(mend) }
                }
            }
        })
        .collect())
}

/// Reached, and nobody changed what was written of who did what.
async fn database(arguments: &Arguments) -> Line {
    let name = "database";
    let Some(url) = &arguments.registry.database_url else {
        return unset(name, "TEKSERU_DATABASE_URL");
    };
    let found = async {
        let audited = services::connect(url).await?.verify_audit().await?;
        Ok::<_, RegistryError>(audited)
    };
    match found.await {
        Ok(AuditVerification { rows, broken_at: None, .. }) => {
            let what =
                format!("answers, with the tables of this version; audit of {rows} rows holds");
            Line { word: "fine", name, what, mend: None }
        }
        Ok(AuditVerification { broken_at: Some(row), .. }) => {
            let what = format!("the audit does not hold from row {row} on");
            Line { word: "missing", name, what, mend: Some(AUDIT) }
        }
        Err(error) => Line { word: "missing", name, what: error.to_string(), mend: Some(DATABASE) },
    }
}
