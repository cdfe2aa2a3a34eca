//! Applications and documents as stored JSON.
//!
//! Their published form has no place for a kind that we do not know: once it
//! is read as `other`, its word is written nowhere. Here the word stands where
//! the portal had put it, so reading it back gives the same value.

use pipeline::application::{Application, Document};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) fn application(application: &Application) -> String {
    let mut value = value(application);
    for (i, document) in application.documents.iter().enumerate() {
        keep_kind(&mut value["documents"][i], document);
    }
    value.to_string()
}

pub(super) fn document(document: &Document) -> String {
    let mut value = value(document);
    keep_kind(&mut value, document);
    value.to_string()
}

fn keep_kind(value: &mut Value, document: &Document) {
    if let Some(word) = &document.unknown_kind {
        value["kind"] = Value::String(word.clone());
    }
}

fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).expect("what was read from JSON can be written as JSON")
}

pub(super) fn text(of: &impl Serialize) -> String {
    value(of).to_string()
}

/// Errors of the parser quote values, so nothing of them is kept.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
