//! `tekseru schema`: the published JSON schemas.

use clap::Args;
use pipeline::contract;

use crate::cli::Terminal;
use crate::cli::{Exit, Failure};

/// Print a published JSON Schema; without a name, list the names.
#[derive(Args)]
#[command(after_long_help = concat!(
    "Examples:
  tekseru schema
  tekseru schema verdict > verdict.schema.json
  tekseru contract asyncapi               every message in one document

",
    exit_help!()
))]
pub(crate) struct Arguments {
    /// application, examination, programme, verdict, or a message such as document.submitted
    name: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    let schemas = contract::schemas();
    let Some(name) = &arguments.name else {
        for (name, _) in &schemas {
            terminal.print(name)?;
        }
        return Ok(Exit::Success);
    };
    let Some((_, schema)) = schemas.iter().find(|(known, _)| known == name) else {
        let known: Vec<&str> = schemas.iter().map(|(name, _)| *name).collect();
        return Err(Failure::Usage(format!(
            "unknown schema `{name}`; choose one of {}",
            known.join(", ")
        )));
    };
    terminal.print(contract::schema_text(schema).trim_end())?;
    Ok(Exit::Success)
}
