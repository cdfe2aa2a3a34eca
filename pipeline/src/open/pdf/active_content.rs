//! Finds active content in a PDF: scripts, actions, attachments. Nothing is run here.

use std::collections::BTreeSet;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, MaybeRef, Object};

/// Objects nested deeper than this are not searched: indirect objects are searched
/// by themselves.
const MAX_DEPTH: u32 = 8;
/// Number of entries that are searched; a page of text needs about a hundred.
const MAX_ENTRIES: u32 = 2_000_000;

/// Returns the sorted names of the active content.
pub(super) fn find_active_content(pdf: &Pdf) -> Vec<&'static str> {
    let mut search = Search { found: BTreeSet::new(), entries: 0 };
    for object in pdf.objects() {
        search.search_object(&object, 0);
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
    fn search_object(&mut self, object: &Object<'_>, depth: u32) {
        if depth > MAX_DEPTH || self.entries > MAX_ENTRIES {
            return;
        }
        match object {
            Object::Dict(dictionary) => self.search_entries(dictionary, depth),
            Object::Stream(stream) => self.search_entries(stream.dict(), depth),
            Object::Array(array) => {
                for item in array.raw_iter() {
                    self.entries += 1;
                    if let MaybeRef::NotRef(item) = item {
                        self.search_object(&item, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    fn search_entries(&mut self, dictionary: &Dict<'_>, depth: u32) {
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
            self.found.extend(content_name(key.as_ref(), name));
            if let Some(value) = value {
                self.search_object(&value, depth + 1);
            }
        }
    }
}

/// Returns the name of the active content of an entry, after ISO 32000-1: actions (12.6.4), file specifications (7.11), rich media.
fn content_name(key: &[u8], name: Option<&[u8]>) -> Option<&'static str> {
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
