//! `tekseru dead`: what failed after every attempt.

use clap::{Args, Subcommand};
use jiff::Timestamp;
use pipeline::contract::commands;
use serde_json::json;
use tokio::sync::watch;

use super::{ago, note, ours, registry, who};
use crate::broker::{self, BrokerState, Exchange, Message, PublishError, Publisher};
use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::text::{escaped, padded};
use crate::registry::{DeadLetter, DeadLetterFilter, DeadLetterState, Registry, Resolution};
use crate::runtime::traces::TraceContext;
use crate::services;
use crate::services::config::{BrokerArguments, Problems, RegistryArguments};

/// Most letters of one command.
const MOST: u32 = 10_000;

/// Lists, shows, replays or discards what failed after every attempt.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Lists dead letters, oldest first
    List {
        #[command(flatten)]
        which: Which,
        /// Human or json, one a line
        #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
        format: String,
        #[command(flatten)]
        registry: RegistryArguments,
    },
    /// Shows one dead letter; its body is personal and shown only with --body
    Show {
        /// Its id, or the beginning of it
        id: String,
        /// Prints the message as it was sent, and nothing else
        #[arg(long)]
        body: bool,
        #[command(flatten)]
        registry: RegistryArguments,
    },
    /// Sends dead letters to the workers again, with all their attempts
    Replay {
        /// Their ids, or the beginnings of them
        ids: Vec<String>,
        #[command(flatten)]
        which: Which,
        /// Says what would be sent and sends nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        broker: BrokerArguments,
        #[command(flatten)]
        registry: RegistryArguments,
    },
    /// Settles dead letters that nobody will send again; they stay on record
    Discard {
        /// Their ids, or the beginnings of them
        ids: Vec<String>,
        #[command(flatten)]
        which: Which,
        /// Says what would be discarded and discards nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        registry: RegistryArguments,
    },
}

/// Which letters are meant.
#[derive(Args)]
struct Which {
    /// waiting, replayed or discarded [default: waiting]
    #[arg(long, value_name = "STATE", value_parser = ["waiting", "replayed", "discarded", "all"], default_value = "waiting", hide_default_value = true)]
    state: String,
    /// Only those that failed for this reason, such as STORE_UNAVAILABLE
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// Only those of this queue, such as work.passport
    #[arg(long, value_name = "QUEUE")]
    queue: Option<String>,
    /// Only those of this application
    #[arg(long, value_name = "ID")]
    application: Option<String>,
    /// Only those that died at or after this instant
    #[arg(long, value_name = "INSTANT")]
    since: Option<Timestamp>,
    /// Only those that died before this instant
    #[arg(long, value_name = "INSTANT")]
    until: Option<Timestamp>,
    /// All that are waiting: needed to replay or discard without naming any
    #[arg(long)]
    all: bool,
}

impl Which {
    fn filter(&self) -> DeadLetterFilter {
        DeadLetterFilter {
            id_prefix: None,
            state: DeadLetterState::from_name(&self.state),
            code: self.code.clone(),
            queue: self.queue.clone(),
            application_id: self.application.clone(),
            since: self.since,
            until: self.until,
        }
    }

    fn names_some(&self) -> bool {
        self.all
            || self.code.is_some()
            || self.queue.is_some()
            || self.application.is_some()
            || self.since.is_some()
            || self.until.is_some()
    }
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    services::runtime()?.block_on(async {
        match &arguments.what {
            What::List { which, format, registry: at } => {
                let letters = registry(at).await?.dead_letters(&which.filter(), MOST).await;
                list(&letters.map_err(ours)?, format == "json", terminal)
            }
            What::Show { id, body, registry: at } => {
                let registry = registry(at).await?;
                let letter = find(&registry, id).await?;
                if *body {
                    note(&registry, "dead.read", letter.application_id.as_deref()).await?;
                }
                show(&letter, *body, terminal)
            }
            What::Replay { ids, which, dry_run, broker, registry: at } => {
                let registry = registry(at).await?;
                let letters = meant(&registry, ids, which).await?;
                if *dry_run {
                    return told("would replay", &letters, terminal);
                }
                let sent = replay(&registry, broker, &letters, terminal).await?;
                let told = told("replayed", &sent, terminal)?;
                Ok(if sent.len() == letters.len() { told } else { Exit::Input })
            }
            What::Discard { ids, which, dry_run, registry: at } => {
                let registry = registry(at).await?;
                let letters = meant(&registry, ids, which).await?;
                if *dry_run {
                    return told("would discard", &letters, terminal);
                }
                for letter in &letters {
                    settle(&registry, letter, Resolution::Discarded).await?;
                }
                told("discarded", &letters, terminal)
            }
        }
    })
}

fn list(letters: &[DeadLetter], json: bool, terminal: &mut Terminal) -> Result<Exit, Failure> {
    for letter in letters {
        terminal.say(&if json { as_json(letter) } else { line(letter) })?;
    }
    if letters.is_empty() && !json {
        terminal.say("none")?;
    }
    Ok(Exit::Fine)
}

fn line(letter: &DeadLetter) -> String {
    let application = letter.application_id.as_deref().unwrap_or("-");
    let document = letter.document_id.as_deref().unwrap_or("-");
    format!(
        "{}  {}  {}  {}  {}  attempt {}  {} ago",
        &letter.id[..letter.id.len().min(12)],
        padded(&escaped(&letter.code), 20),
        padded(&escaped(&letter.queue), 16),
        escaped(application),
        escaped(document),
        letter.attempt,
        ago(letter.dead_lettered_at),
    )
}

fn as_json(letter: &DeadLetter) -> String {
    json!({
        "id": letter.id, "code": letter.code, "queue": letter.queue,
        "routing_key": letter.routing_key, "message_type": letter.message_type,
        "message_id": letter.message_id, "application_id": letter.application_id,
        "document_id": letter.document_id, "attempt": letter.attempt,
        "bytes": letter.body.len(), "died_at": letter.dead_lettered_at, "state": letter.state.name(),
        "settled_at": letter.resolved_at, "settled_by": letter.resolved_by,
    })
    .to_string()
}

fn show(letter: &DeadLetter, body: bool, terminal: &mut Terminal) -> Result<Exit, Failure> {
    if body {
        terminal.say(&escaped(&String::from_utf8_lossy(&letter.body)))?;
        return Ok(Exit::Fine);
    }
    let value: serde_json::Value = serde_json::from_str(&as_json(letter)).map_err(ours)?;
    for (name, value) in value.as_object().into_iter().flatten() {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        terminal.say(&format!("{}  {}", padded(name, 14), escaped(&value)))?;
    }
    Ok(Exit::Fine)
}

async fn meant(
    registry: &Registry,
    ids: &[String],
    which: &Which,
) -> Result<Vec<DeadLetter>, Failure> {
    if !ids.is_empty() {
        let mut letters = Vec::new();
        for id in ids {
            let letter = find(registry, id).await?;
            if letter.state != DeadLetterState::Waiting {
                return Err(Failure::Input(format!("{id}: already {}", letter.state.name())));
            }
            letters.push(letter);
        }
        return Ok(letters);
    }
    if !which.names_some() {
        let what = "say which: ids, --code, --queue, --application, --since, --until or --all";
        return Err(Failure::Usage(what.to_owned()));
    }
    registry.dead_letters(&which.filter(), MOST).await.map_err(ours)
}

/// By its id, or by a beginning that no other has.
async fn find(registry: &Registry, id: &str) -> Result<DeadLetter, Failure> {
    let filter = DeadLetterFilter { id_prefix: Some(id.to_owned()), ..DeadLetterFilter::default() };
    let found = registry.dead_letters(&filter, 2).await.map_err(ours)?;
    let mut found = found.into_iter().filter(|_| !id.is_empty());
    match (found.next(), found.next()) {
        (Some(letter), None) => Ok(letter),
        (None, _) => Err(Failure::Input(format!("no dead letter `{id}`"))),
        (Some(_), Some(_)) => {
            Err(Failure::Input(format!("several dead letters begin with `{id}`")))
        }
    }
}

/// Those that were sent; one that no queue takes is told and holds up no other.
async fn replay(
    registry: &Registry,
    broker: &BrokerArguments,
    letters: &[DeadLetter],
    terminal: &mut Terminal,
) -> Result<Vec<DeadLetter>, Failure> {
    let mut problems = Problems::default();
    let config = broker.config("tekseru dead replay", &mut problems);
    problems.finish()?;
    let Some(config) = config else { return Err(Failure::Usage("no broker".to_owned())) };
    let (say, state) = watch::channel(BrokerState::default());
    let publisher = Publisher::start(&config, say);
    let mut replayed = Vec::new();
    for letter in letters {
        let id = letter.message_id.clone().unwrap_or_else(|| letter.id.clone());
        let kind = letter.message_type.clone().unwrap_or_default();
        let mut message = Message::new(id, kind, letter.body.clone());
        // one that dies again is another letter
        message.headers.first_failed_at = Some(Timestamp::now());
        message.headers.trace = trace(letter);
        // confirmed before it is settled: interrupted, it is sent twice and done once
        match publisher.publish(Exchange::Work, &routing_key(letter), &message).await {
            Ok(()) => {
                settle(registry, letter, Resolution::Replayed).await?;
                replayed.push(letter.clone());
            }
            Err(error @ PublishError::Unroutable) => {
                terminal.warn(&format!("{}: {error}; it stays", letter.id));
            }
            Err(error) => {
                let because = state.borrow().problem_suffix();
                return Err(ours(format!("{}: {error}{because}", letter.id)));
            }
        }
    }
    Ok(replayed)
}

/// The lane that does what it asks for: the one it was sent to may be none.
fn routing_key(letter: &DeadLetter) -> String {
    match commands::parse(&letter.body) {
        Ok(received) => broker::routing_key(&received.command),
        Err(_) => letter.routing_key.clone(),
    }
}

/// The trace that it belonged to.
fn trace(letter: &DeadLetter) -> Option<TraceContext> {
    let headers: serde_json::Value = serde_json::from_str(&letter.headers).ok()?;
    let said = |name: &str| headers.get(name).and_then(serde_json::Value::as_str);
    TraceContext::parse(said("traceparent"), said("tracestate"))
}

async fn settle(registry: &Registry, letter: &DeadLetter, how: Resolution) -> Result<(), Failure> {
    registry.resolve_dead_letter(&letter.id, how, &who(), Timestamp::now()).await.map_err(ours)?;
    Ok(())
}

fn told(verb: &str, letters: &[DeadLetter], terminal: &mut Terminal) -> Result<Exit, Failure> {
    for letter in letters {
        terminal.say(&line(letter))?;
    }
    terminal.say(&format!("{verb} {}", letters.len()))?;
    Ok(Exit::Fine)
}
