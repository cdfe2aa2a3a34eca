//! All objects of a document, decrypted.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{MaybeRef, Object, ObjectIdentifier};

use super::syntax::{write_entries, write_object};

/// Objects nested deeper than this have no references that are followed.
const MAX_DEPTH: u32 = 32;

/// Returns the objects that can be reached from the catalogue, as they are written.
pub(super) fn decrypted_objects(pdf: &Pdf) -> BTreeMap<ObjectIdentifier, Vec<u8>> {
    let root = pdf.xref().root_id();
    let mut waiting = VecDeque::from([root]);
    let mut seen = BTreeSet::from([root]);
    let mut objects = BTreeMap::new();
    while let Some(id) = waiting.pop_front() {
        let Some(object) = pdf.xref().get::<Object<'_>>(id) else { continue };
        let mut references = Vec::new();
        collect_references(&object, 0, &mut references);
        waiting.extend(references.into_iter().filter(|id| seen.insert(*id)));
        objects.insert(id, decrypted(&object));
    }
    objects
}

fn decrypted(object: &Object<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    let Object::Stream(stream) = object else {
        write_object(&mut out, object);
        return out;
    };
    let data = stream.raw_data();
    out.extend(b"<<");
    write_entries(&mut out, stream.dict(), &[b"Length"]);
    out.extend(format!("/Length {}>>\nstream\n", data.len()).bytes());
    out.extend(data.iter());
    out.extend(b"\nendstream");
    out
}

fn collect_references(object: &Object<'_>, depth: u32, found: &mut Vec<ObjectIdentifier>) {
    if depth > MAX_DEPTH {
        return;
    }
    let mut collect = |value: MaybeRef<Object<'_>>| match value {
        MaybeRef::Ref(reference) => found.push(reference.into()),
        MaybeRef::NotRef(object) => collect_references(&object, depth + 1, found),
    };
    match object {
        Object::Array(array) => array.raw_iter().for_each(collect),
        Object::Dict(dictionary) => dictionary.entries().for_each(|(_, value)| collect(value)),
        Object::Stream(stream) => stream.dict().entries().for_each(|(_, value)| collect(value)),
        _ => {}
    }
}
