//! `tekseru contract`: the contract with portals, and whether a message keeps it.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use pipeline::contract::asyncapi::asyncapi;
use pipeline::contract::commands::{self, Received, Rejection};
use pipeline::contract::events::{self, EVENTS};
use pipeline::contract::message::MAX_MESSAGE;
use serde_json::Value;

use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::text::escaped;
use crate::cli::upload::{self, Upload};

/// The contract with portals: messages in and events out.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Says whether messages keep the contract, and where they do not; needs no service.
    ///
    /// A message is one JSON object in a file: a command as a portal sends it,
    /// or an event as it gets one. Values are never repeated, only their places.
    #[command(after_long_help = concat!(
        "Examples:
  tekseru contract check submitted.json
  my-portal --print | tekseru contract check -
  tekseru contract check --format json *.json | jq .errors

",
        exit_help!()
    ))]
    Check {
        /// Files with one message each; - reads one from stdin
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Prints a problem (RFC 9457) or null a line
        #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
        format: String,
    },
    /// Prints the whole contract as AsyncAPI 3; `tekseru schema` has each message's schema.
    Asyncapi,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match &arguments.what {
        What::Asyncapi => {
            let text = serde_json::to_string_pretty(&asyncapi());
            terminal.say(&text.map_err(|error| Failure::Ours(error.to_string()))?)?;
            Ok(Exit::Fine)
        }
        What::Check { files, format } => check(files, format == "json", terminal),
    }
}

fn check(files: &[PathBuf], json: bool, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Fine;
    for file in files {
        let ended = read(file).map(|bytes| message(&bytes));
        exit = exit.max(match ended {
            Ok(told) => tell(file, told, json, terminal)?,
            Err(failure) => failure.tell(terminal),
        });
    }
    Ok(exit)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unusable = |why: String| Failure::Input(format!("{}: {why}", file.display()));
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        let most = MAX_MESSAGE as u64 + 1;
        let read = std::io::stdin().lock().take(most).read_to_end(&mut bytes);
        return read.map(|_| bytes).map_err(|error| unusable(error.to_string()));
    }
    match upload::read(file, None, MAX_MESSAGE as u64) {
        Ok(Upload::Bytes(bytes)) => Ok(bytes),
        Ok(Upload::TooLarge { bytes }) => {
            Err(unusable(format!("{bytes} bytes; a message has at most {MAX_MESSAGE}")))
        }
        Err(error) => Err(unusable(error.to_string())),
    }
}

/// What a message is, or what is wrong with it.
fn message(bytes: &[u8]) -> Result<String, Box<Rejection>> {
    let kind = serde_json::from_slice::<Value>(bytes).ok();
    let kind = kind.as_ref().and_then(|value| value.get("type")).and_then(Value::as_str);
    if kind.is_some_and(|kind| EVENTS.contains(&kind))
        && let Ok(event) = events::read(bytes)
    {
        return Ok(format!("{}, an event", event.kind));
    }
    commands::parse(bytes).map(|received| told(&received))
}

fn told(received: &Received) -> String {
    let documents = match &received.command {
        commands::Command::ApplicationSubmitted(application) => {
            format!(", {} documents", application.documents.len())
        }
        _ => String::new(),
    };
    format!("{}, application {}{documents}", received.kind, received.command.application_id())
}

fn tell(
    file: &Path,
    told: Result<String, Box<Rejection>>,
    json: bool,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let name = escaped(&file.display().to_string());
    let exit = if told.is_ok() { Exit::Fine } else { Exit::Findings };
    if json {
        let problem = told.err().map(|rejection| rejection.problem);
        let line = serde_json::to_string(&problem);
        terminal.say(&line.map_err(|error| Failure::Ours(error.to_string()))?)?;
        return Ok(exit);
    }
    match told {
        Ok(what) => terminal.say(&format!("fine    {name}: {}", escaped(&what)))?,
        Err(rejection) => {
            let problem = rejection.problem;
            terminal.say(&format!("faulty  {name}: {}", problem.title))?;
            for fault in &problem.errors {
                let place = if fault.pointer.is_empty() { "the message" } else { &fault.pointer };
                terminal.say(&format!("        {}  {}", escaped(place), fault.detail))?;
            }
            if problem.errors.is_empty() {
                terminal.say(&format!("        {}", problem.detail))?;
            }
        }
    }
    Ok(exit)
}
