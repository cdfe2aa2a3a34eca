//! Notes of the programme: what a person should know and no document proves.

use serde::Serialize;

use super::check_builder::{parameters, source_text};
use super::context::CheckContext;
use crate::verdict::Note;

/// Returns the notes of the programme, in the order of a person's way through it.
pub(super) fn notes(context: &CheckContext<'_>) -> Vec<Note> {
    let notes = &context.programme.notes;
    let places = notes.places.as_ref().map(|it| note(context, "places", it, &it.source));
    let entry = notes.entry.as_ref().map(|it| note(context, "entry", it, &it.source));
    let again = notes.reapplication.as_ref();
    let again = again.map(|it| note(context, "reapplication", it, &it.source));
    [places, entry, again].into_iter().flatten().collect()
}

fn note(context: &CheckContext<'_>, id: &str, table: &impl Serialize, source: &str) -> Note {
    let programme = context.programme;
    Note {
        id: id.to_owned(),
        parameters: parameters(table),
        source: source_text(programme, source),
        certainty: programme.sources.get(source).map(|source| source.certainty),
        to_confirm: programme.is_to_confirm(source),
    }
}
