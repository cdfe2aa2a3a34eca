//! Finds the dead letters that a command names or filters.

use super::arguments::Filter;
use crate::cli::Failure;
use crate::registry::{DeadLetterFilter, DeadLetterState, ListedLetter, Registry};

/// Dead letters that are read at once.
const PAGE: u32 = 500;
/// Most dead letters that one command replays or discards.
const MAX_LETTERS: usize = 10_000;

/// The dead letters that a filter selects, page by page.
#[derive(Default)]
pub(super) struct Pages {
    last: Option<ListedLetter>,
}

impl Pages {
    /// Returns the next dead letters; none after the last.
    ///
    /// # Errors
    /// When the registry fails.
    pub(super) async fn next(
        &mut self,
        registry: &Registry,
        filter: &DeadLetterFilter,
    ) -> Result<Option<Vec<ListedLetter>>, Failure> {
        let page = registry.list_dead_letters(filter, self.last.as_ref(), PAGE).await;
        let page = page.map_err(Failure::internal)?;
        let Some(last) = page.last() else { return Ok(None) };
        self.last = Some(last.clone());
        Ok(Some(page))
    }
}

/// Returns the waiting dead letters that the ids or the filter select.
///
/// # Errors
/// When an id is unknown or not waiting, nothing is selected, or the registry fails.
pub(super) async fn select(
    registry: &Registry,
    ids: &[String],
    filter: &Filter,
) -> Result<Vec<ListedLetter>, Failure> {
    if ids.is_empty() && !filter.is_explicit() {
        let problem = "no dead letter is selected; use ids, --code, --queue, --application, \
                       --since, --until or --all";
        return Err(Failure::Usage(problem.to_owned()));
    }
    let mut letters = Vec::new();
    if ids.is_empty() {
        let (filter, mut pages) = (filter.to_registry(), Pages::default());
        while let Some(page) = pages.next(registry, &filter).await? {
            letters.extend(page);
            if letters.len() >= MAX_LETTERS {
                letters.truncate(MAX_LETTERS);
                break;
            }
        }
        return Ok(letters);
    }
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
pub(super) async fn find(registry: &Registry, id: &str) -> Result<ListedLetter, Failure> {
    let found = registry.dead_letters_beginning(id, 2).await.map_err(Failure::internal)?;
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
