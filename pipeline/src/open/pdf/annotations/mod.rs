//! Gives annotations and form fields without an appearance one, so that they are drawn
//! and read like everything else on the page.
//!
//! ISO 32000-1 12.5.5 lets a viewer draw them by their entries, and 12.7.3.3 wants it
//! to where `NeedAppearances` is set. The document is written again in memory with the
//! missing content streams; every later step sees only that copy.

mod appearance;
mod button;
mod changed_copy;
mod content;
mod decrypted_objects;
mod field;
mod markup;
mod our_fonts;
mod strings;
mod syntax;
mod text_field;
mod typeset;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, ObjectIdentifier};
use hayro::hayro_syntax::page::Page;

use self::appearance::Appearance;
use self::changed_copy::Change;
use self::field::Form;

/// Annotations of a document that get an appearance; a form of ten pages has some hundred.
const MAX_ANNOTATIONS: usize = 5_000;
/// Bytes of all new content streams together.
const MAX_CONTENT: usize = 8 * 1024 * 1024;

/// Returns the document with an appearance for each visible annotation of the first
/// `pages` pages that needs one.
pub(super) fn with_appearances(pdf: Pdf, untrusted: &[u8], pages: usize) -> Pdf {
    let changes = find_changes(&pdf, pages);
    if changes.is_empty() {
        return pdf;
    }
    let Ok(changed) = Pdf::new(changed_copy::write(&pdf, untrusted, &changes)) else { return pdf };
    if changed.pages().len() == pdf.pages().len() { changed } else { pdf }
}

fn find_changes(pdf: &Pdf, pages: usize) -> Vec<Change<'_>> {
    let form = Form::new(pdf);
    let mut changes = Vec::new();
    let (mut looked_at, mut length) = (0, 0);
    for page in pdf.pages().iter().take(pages) {
        let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { continue };
        for (index, item) in annotations.raw_iter().enumerate() {
            looked_at += 1;
            if looked_at > MAX_ANNOTATIONS || length > MAX_CONTENT {
                return changes;
            }
            let Some((annotation, place)) = resolve(pdf, page, index, item) else { continue };
            if let Some(appearance) = Appearance::of(&annotation, &form) {
                length += appearance.content.len();
                changes.push(Change { place, annotation, appearance });
            }
        }
    }
    changes
}

/// Where an annotation is written.
#[derive(Clone, Copy)]
enum Place {
    /// It is an object of its own.
    Object(ObjectIdentifier),
    /// It stands in the array of a page, an object of its own.
    InPage { page: ObjectIdentifier, index: usize },
}

fn resolve<'a>(
    pdf: &'a Pdf,
    page: &Page<'a>,
    index: usize,
    item: MaybeRef<hayro::hayro_syntax::object::Object<'a>>,
) -> Option<(Dict<'a>, Place)> {
    match item {
        MaybeRef::Ref(reference) => {
            let id = reference.into();
            Some((pdf.xref().get::<Dict<'_>>(id)?, Place::Object(id)))
        }
        MaybeRef::NotRef(object) => {
            let id = page.raw().obj_id()?;
            // a page inside the array of its parent has its parent's number
            let is_object = pdf.xref().get::<Dict<'_>>(id)? == *page.raw();
            is_object.then_some((object.into_dict()?, Place::InPage { page: id, index }))
        }
    }
}
