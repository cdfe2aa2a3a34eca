//! `tekseru dead`: messages that failed after every attempt.

mod arguments;
mod print;
mod replay;
mod select;

use jiff::Timestamp;

use super::registry_access::{open_registry, operator_name, record_access};
use crate::cli::{Exit, Failure, Terminal};
use crate::registry::{DeadLetter, Registry, Resolution};
use crate::runtime::process;

use arguments::Action;
pub(crate) use arguments::Arguments;
use print::{print_count, print_letter, print_list};
use replay::replay;
use select::{find, list, select};

pub(crate) fn run(arguments: &Arguments, terminal: &mut Terminal) -> Result<Exit, Failure> {
    process::tokio_runtime()?.block_on(async {
        match &arguments.action {
            Action::List { filter, format, registry } => {
                let letters = list(&open_registry(registry).await?, filter).await?;
                print_list(&letters, format == "json", terminal)
            }
            Action::Show { id, body, registry } => {
                let registry = open_registry(registry).await?;
                let letter = find(&registry, id).await?;
                if *body {
                    let application = letter.application_id.as_deref();
                    record_access(&registry, "dead.read", application).await?;
                }
                print_letter(&letter, *body, terminal)
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

async fn discard(registry: &Registry, letters: &[DeadLetter]) -> Result<(), Failure> {
    let operator = operator_name();
    for letter in letters {
        let (discarded, now) = (Resolution::Discarded, Timestamp::now());
        let resolved = registry.resolve_dead_letter(&letter.id, discarded, &operator, now);
        resolved.await.map_err(Failure::internal)?;
    }
    Ok(())
}
