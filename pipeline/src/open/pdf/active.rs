//! What a PDF could do besides being looked at. Nothing of it is run here.

use std::collections::BTreeSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, MaybeRef, Object};

/// Objects nested deeper than this inside one another are not looked into:
/// indirect ones are met by themselves.
const MAX_DEPTH: u32 = 8;
/// Entries looked at; a page of text needs about a hundred.
const MAX_ENTRIES: u32 = 2_000_000;

/// Names of what was found, sorted.
pub(super) fn found(pdf: &Pdf) -> Vec<&'static str> {
    let mut search = Search { found: BTreeSet::new(), entries: 0 };
    for object in pdf.objects() {
        search.look_into(&object, 0);
        if search.entries > MAX_ENTRIES {
            break;
        }
    }
    search.found.into_iter().collect()
}

struct Search {
    found: BTreeSet<&'static str>,
    entries: u32,
}

impl Search {
    fn look_into(&mut self, object: &Object<'_>, depth: u32) {
        if depth > MAX_DEPTH || self.entries > MAX_ENTRIES {
            return;
        }
        match object {
            Object::Dict(dictionary) => self.entries_of(dictionary, depth),
            Object::Stream(stream) => self.entries_of(stream.dict(), depth),
            Object::Array(array) => {
                for item in array.raw_iter() {
                    self.entries += 1;
                    if let MaybeRef::NotRef(item) = item {
                        self.look_into(&item, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn entries_of(&mut self, dictionary: &Dict<'_>, depth: u32) {
        for (key, value) in dictionary.entries() {
            self.entries += 1;
            let value = match value {
                MaybeRef::NotRef(value) => Some(value),
                MaybeRef::Ref(_) => None,
            };
            let name = match &value {
                Some(Object::Name(name)) => Some(name.as_ref()),
                _ => None,
            };
            self.found.extend(meaning(key.as_ref(), name));
            if let Some(value) = value {
                self.look_into(&value, depth + 1);
            }
        }
    }
}

/// ISO 32000-1: actions (12.6.4), file specifications (7.11), rich media.
fn meaning(key: &[u8], name: Option<&[u8]>) -> Option<&'static str> {
    match (key, name) {
        (b"JS" | b"JavaScript", _) | (b"S", Some(b"JavaScript")) => Some("javascript"),
        (b"S", Some(b"Launch")) => Some("launch"),
        (b"S", Some(b"SubmitForm")) => Some("submit_form"),
        (b"S", Some(b"ImportData")) => Some("import_data"),
        (b"EF" | b"EmbeddedFiles", _) | (b"Type", Some(b"EmbeddedFile")) => Some("embedded_file"),
        (b"XFA", _) => Some("xfa"),
        (b"Subtype", Some(b"RichMedia" | b"Movie" | b"Sound" | b"3D")) => Some("rich_media"),
        _ => None,
    }
}
