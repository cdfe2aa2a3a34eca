//! The published forms, as JSON Schemas (2020-12) generated from the types.
//!
//! `make contract` writes them and the examples to `pipeline/contract`.

pub mod asyncapi;
pub mod commands;
pub mod events;
pub mod message;

#[cfg(test)]
mod examples;
#[cfg(test)]
mod tests;

use schemars::{Schema, schema_for};
use serde_json::json;

use crate::application::Application;
use crate::examination::Examination;
use crate::programme::Programme;
use crate::verdict::Verdict;

use commands::{ApplicationRef, DocumentReplaced, DocumentSubmitted};
use events::{Accepted, ApplicationVerdictEvent, Deadline, DocumentVerdictEvent, Failed, Problem};
use message::CloudEvent;

/// Returns all schemas by name, as in `contract/NAME.schema.json`.
#[must_use]
pub fn schemas() -> Vec<(&'static str, Schema)> {
    let mut schemas = vec![
        ("application", schema_for!(Application)),
        ("examination", schema_for!(Examination)),
        ("programme", schema_for!(Programme)),
        ("verdict", schema_for!(Verdict)),
    ];
    schemas.extend(message_schemas());
    schemas
}

/// Returns the schema of each type of message, by the name of its file.
#[must_use]
pub fn message_schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("document.submitted", message_schema::<DocumentSubmitted>(commands::DOCUMENT_SUBMITTED)),
        ("application.submitted", message_schema::<Application>(commands::APPLICATION_SUBMITTED)),
        ("document.replaced", message_schema::<DocumentReplaced>(commands::DOCUMENT_REPLACED)),
        (
            "application.withdrawn",
            message_schema::<ApplicationRef>(commands::APPLICATION_WITHDRAWN),
        ),
        ("recheck.requested", message_schema::<ApplicationRef>(commands::RECHECK_REQUESTED)),
        ("accepted", message_schema::<Accepted>(events::ACCEPTED)),
        ("document.verdict", message_schema::<DocumentVerdictEvent>(events::DOCUMENT_VERDICT)),
        (
            "application.verdict",
            message_schema::<ApplicationVerdictEvent>(events::APPLICATION_VERDICT),
        ),
        ("rejected", message_schema::<Problem>(events::REJECTED)),
        ("failed", message_schema::<Failed>(events::FAILED)),
        ("deadline.approaching", message_schema::<Deadline>(events::DEADLINE)),
    ]
}

fn message_schema<D: schemars::JsonSchema>(kind: &str) -> Schema {
    let mut schema = schema_for!(CloudEvent<D>);
    schema.insert("title".to_owned(), json!(kind));
    if let Some(properties) = schema.get_mut("properties") {
        properties["type"] = json!({"const": kind});
        properties["specversion"] = json!({"const": message::SPEC_VERSION});
    }
    schema
}

/// Returns the text of a schema as in its file.
///
/// # Panics
/// Never: a schema is JSON.
#[must_use]
pub fn schema_text(schema: &Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).expect("a schema is JSON");
    text.push('\n');
    text
}
