//! Finds the dead letters that a command names or filters.

use super::arguments::Filter;
use crate::cli::Failure;
use crate::registry::{DeadLetter, DeadLetterFilter, DeadLetterState, Registry};

/// Most dead letters of one command.
const MAX_LETTERS: u32 = 10_000;

/// Returns the dead letters that a filter selects.
///
/// # Errors
/// When the registry fails.
pub(super) async fn list(registry: &Registry, filter: &Filter) -> Result<Vec<DeadLetter>, Failure> {
    let letters = registry.dead_letters(&filter.to_registry(), MAX_LETTERS).await;
    letters.map_err(Failure::internal)
}

/// Returns the waiting dead letters that the ids or the filter select.
///
/// # Errors
/// When an id is unknown or not waiting, nothing is selected, or the registry fails.
pub(super) async fn select(
    registry: &Registry,
    ids: &[String],
    filter: &Filter,
) -> Result<Vec<DeadLetter>, Failure> {
    if ids.is_empty() && !filter.is_explicit() {
        let problem = "no dead letter is selected; use ids, --code, --queue, --application, \
                       --since, --until or --all";
        return Err(Failure::Usage(problem.to_owned()));
    }
    if ids.is_empty() {
        return list(registry, filter).await;
    }
    let mut letters = Vec::new();
    for id in ids {
        let letter = find(registry, id).await?;
        if letter.state != DeadLetterState::Waiting {
            let state = letter.state.name();
            return Err(Failure::Input(format!("{id}: this dead letter is already {state}")));
        }
        letters.push(letter);
    }
    Ok(letters)
}

/// Returns the dead letter with this id, or the only one whose id begins so.
///
/// # Errors
/// When there is none or more than one, or the registry fails.
pub(super) async fn find(registry: &Registry, id: &str) -> Result<DeadLetter, Failure> {
    let filter = DeadLetterFilter { id_prefix: Some(id.to_owned()), ..DeadLetterFilter::default() };
    let found = registry.dead_letters(&filter, 2).await.map_err(Failure::internal)?;
    let mut found = found.into_iter().filter(|_| !id.is_empty());
    match (found.next(), found.next()) {
        (Some(letter), None) => Ok(letter),
        (None, _) => Err(Failure::Input(format!(
            "no dead letter has the id `{id}`; run `tekseru dead list --state all`"
        ))),
        (Some(_), Some(_)) => Err(Failure::Input(format!(
            "several dead letters begin with `{id}`; use a longer part of the id"
        ))),
    }
}
