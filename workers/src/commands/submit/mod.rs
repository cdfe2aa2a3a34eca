//! `tekseru submit`: the reference client for portals.
//!
//! It uploads the documents first and then sends the message, with `mandatory` and a
//! confirm. Before the broker confirms the message, only the portal has the application.

mod arguments;
mod await_verdict;
mod send;

use std::path::Path;
use std::time::{Duration, Instant};

use pipeline::application::Application;
use pipeline::verdict::Verdict;

use super::application_folder::{Submission, find_applications, read_submission};
use super::operate::verdict::report_command;
use super::verdict_table::{View, table};
use crate::broker::BrokerConfig;
use crate::cli::text::escaped;
use crate::cli::{Exit, Failure, Terminal};
use crate::object_keys;
use crate::portal::Portal;
use crate::runtime::process;
use crate::services::config_problems::ConfigProblems;

pub(crate) use arguments::Arguments;
use await_verdict::await_verdict;
use send::Client;

/// An application whose message the broker has confirmed.
struct Sent {
    application: Application,
    at: Instant,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut problems = ConfigProblems::default();
    let broker = if arguments.upload_only {
        None
    } else {
        arguments.broker.config("tekseru submit", &mut problems)
    };
    let objects = arguments.store.open(&mut problems);
    problems.finish()?;
    let portal = sender(arguments, broker.as_ref())?;
    let objects =
        objects.ok_or_else(|| Failure::Usage("the configuration is incomplete".to_owned()))?;
    let submissions = gather(arguments)?;
    process::tokio_runtime()?.block_on(async {
        let client = Client::new(objects, portal, arguments.source.clone(), broker.as_ref());
        let sent = submit_all(&client, &submissions, terminal).await?;
        if arguments.upload_only {
            return Ok(Exit::Success);
        }
        if arguments.wait {
            return await_verdicts(arguments, &client, &sent, terminal).await;
        }
        for Sent { application, .. } in &sent {
            let (id, documents) = (&application.application_id, application.documents.len());
            terminal.print(&format!("enqueued  {}  {documents} documents", escaped(id)))?;
        }
        Ok(Exit::Success)
    })
}

/// Returns the portal that submits: the user of the broker, or the one that is named.
fn sender(arguments: &Arguments, broker: Option<&BrokerConfig>) -> Result<Portal, Failure> {
    let Some(broker) = broker else { return Ok(arguments.portal.clone()) };
    let user = broker.user();
    let unusable = |why| Failure::Usage(format!("TEKSERU_AMQP_URL: user `{user}`: {why}"));
    user.parse().map_err(unusable)
}

fn gather(arguments: &Arguments) -> Result<Vec<Submission>, Failure> {
    let mut submissions = Vec::new();
    for path in &arguments.paths {
        for folder in find_applications(path)? {
            submissions.push(read_submission(&folder, &arguments.stage, None)?);
        }
    }
    Ok(submissions)
}

async fn submit_all(
    client: &Client,
    submissions: &[Submission],
    terminal: &mut Terminal,
) -> Result<Vec<Sent>, Failure> {
    terminal.start_progress(submissions.len());
    let mut sent = Vec::new();
    for submission in submissions {
        let application = client.upload(submission).await?;
        let at = Instant::now();
        if let Some(event) = client.send(&application).await? {
            terminal.print_json(&event)?;
        }
        sent.push(Sent { application, at });
        terminal.advance();
    }
    terminal.end_progress();
    Ok(sent)
}

async fn await_verdicts(
    arguments: &Arguments,
    client: &Client,
    sent: &[Sent],
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let patience = Duration::from_secs(arguments.patience);
    let mut exit = Exit::Success;
    for Sent { application, at } in sent {
        exit = exit.max(match await_verdict(client, application, *at, patience).await {
            Ok(verdict) => print(arguments, client, application, &verdict, terminal)?,
            Err(failure) => terminal.report(&failure),
        });
    }
    Ok(exit)
}

fn print(
    arguments: &Arguments,
    client: &Client,
    application: &Application,
    verdict: &Verdict,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    if arguments.format == "json" {
        let line = serde_json::to_string(verdict);
        terminal.print_json(&line.map_err(Failure::internal)?)?;
        return Ok(Exit::Success);
    }
    let key = client.key(application);
    let report = client.objects().buckets().result_uri(&object_keys::latest_report(&key, ""));
    let view = View {
        columns: terminal.columns(),
        unmask: arguments.unmask,
        applicant: Some(&application.applicant),
        report: Path::new(&report),
        save_command: Some(&report_command(&key, "")),
    };
    terminal.print(&table(verdict, &view))?;
    Ok(Exit::Success)
}
