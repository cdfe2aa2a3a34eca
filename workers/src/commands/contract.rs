//! `tekseru contract`: the contract with portals, and a check of messages against it.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use pipeline::contract::asyncapi::asyncapi;
use pipeline::contract::commands::{self, ReceivedCommand, Rejection};
use pipeline::contract::events::{self, EVENTS};
use pipeline::contract::message::MAX_MESSAGE;
use serde_json::Value;

use crate::cli::Terminal;
use crate::cli::files::{FileContent, read_file};
use crate::cli::text::escaped;
use crate::cli::{Exit, Failure};

/// Print the contract with portals, or check messages against it.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Check messages against the contract; needs no service.
    ///
    /// A message is one JSON object in a file: a command that a portal sends, or an
    /// event that it receives. The output names the position of a fault and never
    /// its value.
    #[command(after_long_help = concat!(
        "Examples:
  tekseru contract check submitted.json
  my-portal --print | tekseru contract check -
  tekseru contract check --format json *.json | jq .errors

",
        exit_help!()
    ))]
    Check {
        /// Files with one message each; - is stdin
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Format of the output: human, or json with one problem (RFC 9457) or null per line
        #[arg(long, value_name = "FORMAT", value_parser = ["human", "json"], default_value = "human")]
        format: String,
    },
    /// Print the whole contract as AsyncAPI 3; `tekseru schema` prints single schemas.
    Asyncapi,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match &arguments.action {
        Action::Asyncapi => {
            let text = serde_json::to_string_pretty(&asyncapi());
            terminal.print(&text.map_err(Failure::internal)?)?;
            Ok(Exit::Success)
        }
        Action::Check { files, format } => check(files, format == "json", terminal),
    }
}

fn check(files: &[PathBuf], json: bool, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Success;
    for file in files {
        let checked = read(file).map(|bytes| check_message(&bytes));
        exit = exit.max(match checked {
            Ok(result) => print(file, result, json, terminal)?,
            Err(failure) => terminal.report(&failure),
        });
    }
    Ok(exit)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let unusable = |why: String| Failure::Input(format!("{}: {why}", file.display()));
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        let limit = MAX_MESSAGE as u64 + 1;
        let read = std::io::stdin().lock().take(limit).read_to_end(&mut bytes);
        return read.map(|_| bytes).map_err(|error| unusable(error.to_string()));
    }
    match read_file(file, None, MAX_MESSAGE as u64) {
        Ok(FileContent::Bytes(bytes)) => Ok(bytes),
        Ok(FileContent::TooLarge { bytes }) => {
            Err(unusable(format!("has {bytes} bytes; a message may have at most {MAX_MESSAGE}")))
        }
        Err(error) => Err(unusable(error.to_string())),
    }
}

/// Returns the description of a valid message, or the rejection of an invalid one.
fn check_message(bytes: &[u8]) -> Result<String, Box<Rejection>> {
    let kind = serde_json::from_slice::<Value>(bytes).ok();
    let kind = kind.as_ref().and_then(|value| value.get("type")).and_then(Value::as_str);
    if kind.is_some_and(|kind| EVENTS.contains(&kind))
        && let Ok(event) = events::parse(bytes)
    {
        return Ok(format!("{}, an event", event.kind));
    }
    commands::parse(bytes).map(|received| describe(&received))
}

fn describe(received: &ReceivedCommand) -> String {
    let documents = match &received.command {
        commands::Command::ApplicationSubmitted(application) => {
            format!(", {} documents", application.documents.len())
        }
        _ => String::new(),
    };
    format!("{}, application {}{documents}", received.kind, received.command.application_id())
}

fn print(
    file: &Path,
    result: Result<String, Box<Rejection>>,
    json: bool,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let name = escaped(&file.display().to_string());
    let exit = if result.is_ok() { Exit::Success } else { Exit::Findings };
    if json {
        let problem = result.err().map(|rejection| rejection.problem);
        let line = serde_json::to_string(&problem);
        terminal.print_json(&line.map_err(Failure::internal)?)?;
        return Ok(exit);
    }
    match result {
        Ok(description) => terminal.print(&format!("fine    {name}: {}", escaped(&description)))?,
        Err(rejection) => {
            let problem = rejection.problem;
            terminal.print(&format!("faulty  {name}: {}", problem.title))?;
            for fault in &problem.errors {
                let position =
                    if fault.pointer.is_empty() { "the message" } else { &fault.pointer };
                terminal.print(&format!("        {}  {}", escaped(position), fault.detail))?;
            }
            if problem.errors.is_empty() {
                terminal.print(&format!("        {}", problem.detail))?;
            }
        }
    }
    Ok(exit)
}
