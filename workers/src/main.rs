//! The binary `tekseru`: all commands, from the check of one folder to a cluster.

#[macro_use]
mod cli;
mod application_key;
mod broker;
mod commands;
mod examiner;
mod maintenance;
mod object_keys;
mod objects;
mod portal;
mod registry;
mod runtime;
mod services;
mod verdicts;
mod worker;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use cli::Terminal;
use commands::{check, contract, doctor, examine, operate, programme, schema, submit};
use runtime::{process, traces};

/// Examine the documents of residency applications and list the points for a reviewer.
///
/// Tekseru advises; it never approves or refuses an application. Every finding names
/// a document, a rule and the source of the rule.
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
    Work(Box<worker::Arguments>),
    Maintain(Box<maintenance::Arguments>),
    Submit(Box<submit::Arguments>),
    Status(operate::status::Arguments),
    Verdict(Box<operate::verdict::Arguments>),
    Recheck(Box<operate::recheck::Arguments>),
    Reproduce(Box<operate::reproduce::Arguments>),
    Dead(operate::dead::Arguments),
    /// Stop all workers from taking messages of some lanes
    Pause(operate::lanes::Arguments),
    /// Let workers take messages of some lanes again
    Resume(operate::lanes::Arguments),
    Withdraw(Box<operate::withdraw::Arguments>),
    Portal(operate::portal::Arguments),
    Audit(operate::audit::Arguments),
    Migrate(operate::migrate::Arguments),
    Contract(contract::Arguments),
    Schema(schema::Arguments),
    Programme(programme::Arguments),
    Doctor(Box<doctor::Arguments>),
    /// Forks a process for each document; only other commands start it
    #[command(hide = true)]
    Zygote,
}

const EXAMPLES: &str = concat!(
    "Examples:
  tekseru doctor                          check that this machine has everything
  tekseru check A-104                     one application: verdict, report, evidence
  tekseru check inbox --format json       a folder of applications, one verdict per line
  tekseru examine --kind passport me.jpg  the facts in one file
  tekseru work                            a worker that takes its tasks from a broker
  tekseru submit --wait A-104             send an application, wait for its verdict

",
    exit_help!()
);

fn main() -> ExitCode {
    let command = Cli::parse().command;
    let mut terminal = Terminal::new();
    if let Err(failure) = process::protect_memory() {
        return terminal.report(&failure).into();
    }
    let result = match command {
        Command::Check(arguments) => check::run(arguments, &mut terminal),
        Command::Examine(arguments) => examine::run(&arguments, &mut terminal),
        Command::Work(arguments) => worker::run(&arguments, &mut terminal),
        Command::Maintain(arguments) => maintenance::run(&arguments, &mut terminal),
        Command::Submit(arguments) => submit::run(&arguments, &mut terminal),
        Command::Status(arguments) => operate::status::run(&arguments, &mut terminal),
        Command::Verdict(arguments) => operate::verdict::run(&arguments, &mut terminal),
        Command::Recheck(arguments) => operate::recheck::run(&arguments, &mut terminal),
        Command::Reproduce(arguments) => operate::reproduce::run(&arguments, &mut terminal),
        Command::Dead(arguments) => operate::dead::run(&arguments, &mut terminal),
        Command::Pause(arguments) => operate::lanes::pause(&arguments, &mut terminal),
        Command::Resume(arguments) => operate::lanes::resume(&arguments, &mut terminal),
        Command::Withdraw(arguments) => operate::withdraw::run(&arguments, &mut terminal),
        Command::Portal(arguments) => operate::portal::run(&arguments, &mut terminal),
        Command::Audit(arguments) => operate::audit::run(&arguments, &mut terminal),
        Command::Migrate(arguments) => operate::migrate::run(&arguments, &mut terminal),
        Command::Contract(arguments) => contract::run(&arguments, &mut terminal),
        Command::Schema(arguments) => schema::run(&arguments, &mut terminal),
        Command::Programme(arguments) => programme::run(&arguments, &mut terminal),
        Command::Doctor(arguments) => doctor::run(&arguments, &mut terminal),
        Command::Zygote => return examiner::run_zygote(),
    };
    traces::shutdown();
    result.unwrap_or_else(|failure| terminal.report(&failure)).into()
}
