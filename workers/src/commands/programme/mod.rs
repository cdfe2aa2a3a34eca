//! `tekseru programme`: the built-in programmes, and checks of programme files.

mod description;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use pipeline::programme::Programme;

use description::{describe, summary};

use crate::cli::Terminal;
use crate::cli::text::escaped;
use crate::cli::{Exit, Failure};
use crate::verdicts::programmes::{self, Programmes};

/// List, show and check programmes: every rule with its legal source.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru programme list
  tekseru programme show kz-dnr-2025 > my-rules.toml
  tekseru programme check my-rules.toml

",
    exit_help!()
))]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the built-in programmes: id, first and last day, title.
    List,
    /// Print the file of a built-in programme, with every number and its source.
    Show {
        /// For example kz-dnr-2025 [default: the programme of today]
        id: Option<String>,
    },
    /// Check programme files: list every fault as `file:line: key: fault`, or else the
    /// stages with their clocks and rules, and what is to be confirmed.
    Check {
        /// Programme files (TOML)
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::List => {
            for programme in Programme::built_in() {
                terminal.print(&escaped(&summary(programme)))?;
            }
            Ok(Exit::Success)
        }
        Command::Show { id } => show(id.as_deref(), terminal),
        Command::Check { files } => check(files, terminal),
    }
}

fn show(id: Option<&str>, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let built_in = Programme::built_in();
    let found = match id {
        Some(id) => built_in.iter().position(|programme| programme.id == id),
        None => {
            let today = Programmes::load(&[])?.day_of(Timestamp::now());
            let chosen = Programme::choose(built_in, today);
            chosen.and_then(|c| built_in.iter().position(|p| p.id == c.programme.id))
        }
    };
    // the built-in programmes come from these files, in this order
    let Some((_, text)) = found.and_then(|i| Programme::FILES.get(i)) else {
        let known: Vec<&str> = built_in.iter().map(|programme| programme.id.as_str()).collect();
        let id = id.unwrap_or_default();
        return Err(Failure::Usage(format!(
            "unknown programme `{id}`; choose one of {}",
            known.join(", ")
        )));
    };
    terminal.print(text.trim_end())?;
    Ok(Exit::Success)
}

fn check(files: &[PathBuf], terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Success;
    for file in files {
        match programmes::read(file) {
            Ok(programme) => {
                let name = file.display();
                terminal.print(&escaped(&format!("{name}: fine")))?;
                terminal.print(&escaped(&format!("  {}", summary(&programme))))?;
                for line in describe(&programme) {
                    terminal.print(&escaped(&format!("  {line}")))?;
                }
            }
            Err(faults) => exit = terminal.report(&Failure::Input(faults)),
        }
    }
    Ok(exit)
}
