use super::{Application, ApplicationError, Document};
use crate::kind::Kind;

fn parse(json: &str) -> Result<Application, ApplicationError> {
    Application::parse(json.as_bytes())
}

#[test]
fn the_published_example_parses() {
    let application = parse(include_str!("../../contract/examples/application.json")).unwrap();
    assert_eq!(application.documents[0].kind, Kind::Passport);
    assert_eq!(application.documents[1].object.as_ref().unwrap().key, "A-104/D-2");
}

#[test]
fn an_unknown_kind_becomes_other_and_its_word_is_kept() {
    let json = r#"{"application_id": "A", "stage": "s", "future": 1, "documents": [
        {"document_id": "D", "kind": "tax_return", "file": "a.pdf", "later": {}}]}"#;
    let document = &parse(json).unwrap().documents[0];
    assert_eq!(document.kind, Kind::Other);
    assert_eq!(document.unknown_kind.as_deref(), Some("tax_return"));
    let again: Document = serde_json::from_str(&serde_json::to_string(document).unwrap()).unwrap();
    assert!(again == *document, "a document survives its own JSON");
}

#[test]
fn names_are_normalised_to_nfc() {
    let json = "{\"application_id\": \"A\", \"stage\": \"s\", \"applicant\": {\"names\": \
        [{\"script\": \"latin\", \"surname\": \"MU\u{308}LLER\"}]}}";
    assert_eq!(parse(json).unwrap().applicant.names[0].surname, "M\u{dc}LLER");
}

#[test]
fn every_unusable_value_is_listed_with_its_place() {
    let json = r#"{"application_id": "../A", "stage": "s", "documents": [
        {"document_id": "D", "kind": "cv", "file": "../../etc/passwd"},
        {"document_id": "D", "kind": "cv"},
        {"document_id": "E", "kind": "cv", "file": "a", "sha256": "ABC"}]}"#;
    let error = parse(json).unwrap_err().to_string();
    for place in [
        "/application_id",
        "/documents/0/file",
        "/documents/1/document_id",
        "/documents/1:",
        "/documents/2/sha256",
    ] {
        assert!(error.contains(place), "{place} is missing in {error}");
    }
}

#[test]
fn faults_of_form_do_not_quote_values() {
    let json = r#"{"application_id": "A", "stage": "s", "applicant": {"iin": 740812400123}}"#;
    let error = parse(json).unwrap_err().to_string();
    assert!(error.contains("line 1, column") && !error.contains("7408"), "{error}");
}

#[test]
fn debug_prints_no_personal_data() {
    let json = r#"{"application_id": "A", "stage": "s", "applicant": {"iin": "740812400123"}}"#;
    assert!(!format!("{:?}", parse(json).unwrap()).contains("7408"));
}
