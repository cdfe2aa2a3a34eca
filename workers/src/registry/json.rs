//! Applications and documents as stored JSON.
//!
//! The published form has no field for a kind that this version does not know:
//! it is read as `other`, and its name would be lost. Here the name is stored in
//! `kind`, where the portal had put it, so reading it returns the same value.

use pipeline::application::{Application, Document};
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;

pub(super) fn from_application(application: &Application) -> String {
    to_application_value(application).to_string()
}

pub(super) fn to_application_value(application: &Application) -> Value {
    let mut value = to_value(application);
    for (i, document) in application.documents.iter().enumerate() {
        restore_kind(&mut value["documents"][i], document);
    }
    value
}

pub(super) fn from_document(document: &Document) -> String {
    let mut value = to_value(document);
    restore_kind(&mut value, document);
    value.to_string()
}

fn restore_kind(value: &mut Value, document: &Document) {
    if let Some(name) = &document.unknown_kind {
        value["kind"] = Value::String(name.clone());
    }
}

fn to_value(data: &impl Serialize) -> Value {
    serde_json::to_value(data).expect("a value read from JSON can be written as JSON")
}

pub(super) fn to_text(data: &impl Serialize) -> String {
    to_value(data).to_string()
}

/// Why stored JSON could not be read. Errors of the parser quote values, so they are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is not JSON: it was damaged.
    Damaged,
    /// It is JSON of another form or with a word that is not known. What earlier versions
    /// stored is always known, so a later one wrote it.
    Unknown,
}

/// Parses stored JSON.
///
/// # Errors
/// When it is damaged or not known.
pub(super) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Unread> {
    serde_json::from_str(text).map_err(|_| match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Unread::Unknown,
        Err(_) => Unread::Damaged,
    })
}
