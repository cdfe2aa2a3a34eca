//! The published forms, as JSON Schemas (2020-12) made from the types.

pub mod asyncapi;
pub mod commands;
pub mod events;
pub mod message;

use schemars::{Schema, schema_for};
use serde_json::json;

use crate::application::Application;
use crate::examination::Examination;
use crate::programme::Programme;
use crate::verdict::Verdict;

use commands::{ApplicationRef, DocumentReplaced, DocumentSubmitted};
use events::{Accepted, ApplicationVerdictEvent, Deadline, DocumentVerdictEvent, Failed, Problem};
use message::CloudEvent;

/// Every schema by name; `contract/NAME.schema.json` holds the same.
#[must_use]
pub fn schemas() -> Vec<(&'static str, Schema)> {
    let mut schemas = vec![
        ("application", schema_for!(Application)),
        ("examination", schema_for!(Examination)),
        ("programme", schema_for!(Programme)),
        ("verdict", schema_for!(Verdict)),
    ];
    schemas.extend(messages());
    schemas
}

/// The schema of each type of message, by the name of its file.
#[must_use]
pub fn messages() -> Vec<(&'static str, Schema)> {
    vec![
        ("document.submitted", of::<DocumentSubmitted>(commands::DOCUMENT_SUBMITTED)),
        ("application.submitted", of::<Application>(commands::APPLICATION_SUBMITTED)),
        ("document.replaced", of::<DocumentReplaced>(commands::DOCUMENT_REPLACED)),
        ("application.withdrawn", of::<ApplicationRef>(commands::APPLICATION_WITHDRAWN)),
        ("recheck.requested", of::<ApplicationRef>(commands::RECHECK_REQUESTED)),
        ("accepted", of::<Accepted>(events::ACCEPTED)),
        ("document.verdict", of::<DocumentVerdictEvent>(events::DOCUMENT_VERDICT)),
        ("application.verdict", of::<ApplicationVerdictEvent>(events::APPLICATION_VERDICT)),
        ("rejected", of::<Problem>(events::REJECTED)),
        ("failed", of::<Failed>(events::FAILED)),
        ("deadline.approaching", of::<Deadline>(events::DEADLINE)),
    ]
}

/// The form of one type of message.
fn of<D: schemars::JsonSchema>(kind: &str) -> Schema {
    let mut schema = schema_for!(CloudEvent<D>);
    schema.insert("title".to_owned(), json!(kind));
    if let Some(properties) = schema.get_mut("properties") {
        properties["type"] = json!({"const": kind});
        properties["specversion"] = json!({"const": message::SPEC_VERSION});
    }
    schema
}

/// The text of a schema as it stands in its file.
///
/// # Panics
/// Never: a schema is JSON.
#[must_use]
pub fn text(schema: &Schema) -> String {
    let mut text = serde_json::to_string_pretty(schema).expect("a schema is JSON");
    text.push('\n');
    text
}
#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// `UPDATE_CONTRACT=1 cargo test -p pipeline contract` writes the files anew.
    #[test]
    fn files_are_in_step_with_the_types() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract");
        for (name, schema) in schemas() {
            let file = folder.join(format!("{name}.schema.json"));
            if std::env::var_os("UPDATE_CONTRACT").is_some() {
                fs::write(&file, text(&schema)).unwrap();
            }
            let published = fs::read_to_string(&file).unwrap();
            assert!(published == text(&schema), "{} is out of step", file.display());
        }
    }

    #[test]
    fn the_whole_contract_is_in_step_with_the_types() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract/asyncapi.json");
        let text = serde_json::to_string_pretty(&asyncapi::asyncapi()).unwrap() + "\n";
        if std::env::var_os("UPDATE_CONTRACT").is_some() {
            fs::write(&file, &text).unwrap();
        }
        assert!(fs::read_to_string(&file).unwrap() == text, "asyncapi.json is out of step");
    }

    #[test]
    fn every_message_has_an_example_that_is_read() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract/examples");
        for (name, _) in messages() {
            let example = fs::read(folder.join(format!("{name}.json"))).expect(name);
            let kind = format!("kz.tekseru.{name}.v1");
            if commands::COMMANDS.contains(&kind.as_str()) {
                assert_eq!(commands::parse(&example).unwrap().kind, kind);
            } else {
                assert_eq!(events::read(&example).unwrap().kind, kind);
            }
        }
    }

    #[test]
    fn examples_fit_their_schemas() {
        let schemas = schemas();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("contract/examples");
        let mut seen = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let name = stem.split('-').next().unwrap();
            let (_, schema) = schemas.iter().find(|(n, _)| *n == name).expect(name);
            let validator = jsonschema::validator_for(schema.as_value()).unwrap();
            let example = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let faults: Vec<String> =
                validator.iter_errors(&example).map(|e| e.to_string()).collect();
            assert!(faults.is_empty(), "{}: {faults:?}", path.display());
            seen += 1;
        }
        assert!(seen > 0, "no examples");
    }
}
