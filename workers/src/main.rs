//! The binary `tekseru`: check a folder of applications, examine single files,
//! and what belongs to both.

#[macro_use]
mod exit;
mod broker;
mod check;
mod contract;
mod declared;
mod doctor;
mod examine;
mod examiner;
mod jobs;
mod objects;
mod programme;
mod registry;
mod report;
mod rulesets;
mod schema;
mod terminal;
mod text;
mod upload;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use terminal::Terminal;

/// Reads the documents of residency applications and says what a reviewer should look at.
///
/// Tekseru advises; it never approves and never refuses. Everything it says
/// names a document, a rule and the rule's source.
#[derive(Parser)]
#[command(name = "tekseru", version, propagate_version = true, after_help = exit_help!(), after_long_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Examine(examine::Arguments),
    Contract(contract::Arguments),
    Schema(schema::Arguments),
    Programme(programme::Arguments),
    Doctor(doctor::Arguments),
    /// Looks at one document inside limits; started by the other commands alone.
    #[command(hide = true)]
    Child,
}

const EXAMPLES: &str = concat!(
    "Examples:
  tekseru doctor                          is everything here that is needed?
  tekseru check A-104                     one application: verdict, report, evidence
  tekseru check inbox --format json       a folder of applications, one verdict a line
  tekseru examine --kind passport me.jpg  what is seen in one file

",
    exit_help!()
);

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let mut terminal = Terminal::new();
    let ended = match command {
        Command::Check(arguments) => check::run(arguments, &mut terminal),
        Command::Examine(arguments) => examine::run(&arguments, &mut terminal),
        Command::Contract(arguments) => contract::run(&arguments, &mut terminal),
        Command::Schema(arguments) => schema::run(&arguments, &mut terminal),
        Command::Programme(arguments) => programme::run(&arguments, &mut terminal),
        Command::Doctor(arguments) => doctor::run(&arguments, &mut terminal),
        Command::Child => return examiner::run_child(),
    };
    ended.unwrap_or_else(|failure| failure.tell(&mut terminal)).into()
}
