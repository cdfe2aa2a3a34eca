//! `tekseru dead`: messages that failed after every attempt.

mod arguments;
mod print;
mod replay;
mod select;

use jiff::Timestamp;

use super::registry_access::{open_registry, operator_name, record_access};
use crate::cli::{Exit, Failure, Terminal};
use crate::registry::{ListedLetter, Registry, Resolution};
use crate::runtime::process;

use arguments::Action;
pub(crate) use arguments::Arguments;
use arguments::Filter;
use print::{print_body, print_count, print_letter, print_list};
use replay::replay;
use select::{Pages, find, select};

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    process::tokio_runtime()?.block_on(async {
        match &arguments.action {
            Action::List { filter, format, registry } => {
                list(&open_registry(registry).await?, filter, format == "json", terminal).await
            }
            Action::Show { id, body, registry } => {
                let registry = open_registry(registry).await?;
                let letter = find(&registry, id).await?;
                if !*body {
                    return print_letter(&letter, terminal);
                }
                let application = letter.application.as_deref();
                record_access(&registry, "dead.read", application).await?;
                let letter = registry.dead_letter(&letter.id).await.map_err(Failure::internal)?;
                let gone =
                    || Failure::Input(format!("{id}: this dead letter was deleted just now"));
                print_body(&letter.ok_or_else(gone)?, terminal)
            }
            Action::Replay { ids, filter, dry_run, broker, registry } => {
                let registry = open_registry(registry).await?;
                let letters = select(&registry, ids, filter).await?;
                if *dry_run {
                    return print_count("would replay", &letters, terminal);
                }
                let replayed =
                    replay(&registry, broker, &letters, &operator_name(), terminal).await?;
                let printed = print_count("replayed", &replayed, terminal)?;
                Ok(if replayed.len() == letters.len() { printed } else { Exit::Input })
            }
            Action::Discard { ids, filter, dry_run, registry } => {
                let registry = open_registry(registry).await?;
                let letters = select(&registry, ids, filter).await?;
                if *dry_run {
                    return print_count("would discard", &letters, terminal);
                }
                discard(&registry, &letters).await?;
                print_count("discarded", &letters, terminal)
            }
        }
    })
}

async fn list(
    registry: &Registry,
    filter: &Filter,
    json: bool,
    terminal: &mut Terminal,
) -> Result<Exit, Failure> {
    let (filter, mut pages) = (filter.to_registry(), Pages::default());
    let mut is_empty = true;
    while let Some(page) = pages.next(registry, &filter).await? {
        is_empty = false;
        print_list(&page, json, terminal)?;
    }
    if is_empty && !json {
        terminal.print("none")?;
    }
    Ok(Exit::Success)
}

async fn discard(registry: &Registry, letters: &[ListedLetter]) -> Result<(), Failure> {
    let operator = operator_name();
    for letter in letters {
        let (discarded, now) = (Resolution::Discarded, Timestamp::now());
        let resolved = registry.resolve_dead_letter(&letter.id, discarded, &operator, now);
        resolved.await.map_err(Failure::internal)?;
    }
    Ok(())
}
