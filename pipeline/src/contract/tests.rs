//! The files in `pipeline/contract` are those of this build.

use std::fs;
use std::path::PathBuf;

use super::{asyncapi, commands, events, examples, message_schemas, schema_text, schemas};

fn folder() -> PathBuf {
    PathBuf::from("contract")
}

/// Compares a file with what this build makes. `make contract` sets
/// `UPDATE_CONTRACT` to write the file first.
#[track_caller]
fn check_file(name: &str, text: &str) {
    let file = folder().join(name);
    if std::env::var_os("UPDATE_CONTRACT").is_some() {
        fs::write(&file, text).unwrap();
    }
    let published = fs::read_to_string(&file).unwrap_or_default();
    assert!(published == text, "{} is not up to date: run `make contract`", file.display());
}

#[test]
fn schemas_are_up_to_date() {
    for (name, schema) in schemas() {
        check_file(&format!("{name}.schema.json"), &schema_text(&schema));
    }
}

#[test]
fn asyncapi_is_up_to_date() {
    let text = serde_json::to_string_pretty(&asyncapi::asyncapi()).unwrap() + "\n";
    check_file("asyncapi.json", &text);
}

#[test]
fn examples_are_up_to_date() {
    for (name, text) in examples::examples() {
        check_file(&format!("examples/{name}.json"), &text);
    }
}

#[test]
fn every_message_has_an_example_that_can_be_parsed() {
    let folder = folder().join("examples");
    for (name, _) in message_schemas() {
        let example = fs::read(folder.join(format!("{name}.json"))).expect(name);
        let kind = format!("kz.tekseru.{name}.v1");
        if commands::COMMANDS.contains(&kind.as_str()) {
            assert_eq!(commands::parse(&example).unwrap().kind, kind);
        } else {
            assert_eq!(events::parse(&example).unwrap().kind, kind);
        }
    }
}

#[test]
fn examples_match_their_schemas() {
    let schemas = schemas();
    let mut checked = 0;
    for entry in fs::read_dir(folder().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let name = stem.split('-').next().unwrap();
        let (_, schema) = schemas.iter().find(|(n, _)| *n == name).expect(name);
        let validator = jsonschema::validator_for(schema.as_value()).unwrap();
        let example = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let faults: Vec<String> = validator.iter_errors(&example).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{}: {faults:?}", path.display());
        checked += 1;
    }
    assert!(checked > 0, "no examples");
}
