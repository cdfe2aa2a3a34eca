//! Applications and documents as stored JSON.
//!
//! The published form has no field for a kind that this version does not know:
//! it is read as `other`, and its name would be lost. Here the name is stored in
//! `kind`, where the portal had put it, so reading it returns the same value.

use pipeline::application::{Application, Document};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) fn application(application: &Application) -> String {
    let mut value = value(application);
    for (i, document) in application.documents.iter().enumerate() {
        restore_kind(&mut value["documents"][i], document);
    }
    value.to_string()
}

pub(super) fn document(document: &Document) -> String {
    let mut value = value(document);
    restore_kind(&mut value, document);
    value.to_string()
}

fn restore_kind(value: &mut Value, document: &Document) {
    if let Some(name) = &document.unknown_kind {
        value["kind"] = Value::String(name.clone());
    }
}

fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).expect("a value read from JSON can be written as JSON")
}

pub(super) fn text(of: &impl Serialize) -> String {
    value(of).to_string()
}

/// Parses stored JSON. Errors of the parser quote values, so they are dropped.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}
