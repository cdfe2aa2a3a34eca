use super::rejection::MAX_FAULTS;
use super::*;
use crate::contract::message::{MAX_MESSAGE, SOURCE};

fn message(kind: &str, data: &str) -> String {
    format!(
        r#"{{"specversion": "1.0", "id": "1", "source": "urn:portal", "type": "{kind}", "data": {data}}}"#
    )
}

fn document(more: &str) -> String {
    let document = format!(
        r#"{{"document_id": "D-1", "kind": "cv", "object": {{"bucket": "b", "key": "k"}}{more}}}"#
    );
    format!(
        r#"{{"application_id": "A-1", "stage": "s", "replaces": "D-0", "document": {document}}}"#
    )
}

fn parsed(kind: &str, data: &str) -> ReceivedCommand {
    parse(message(kind, data).as_bytes()).unwrap()
}

#[track_caller]
fn check_rejected(kind: &str, data: &str, pointers: &[&str]) {
    let rejection = parse(message(kind, data).as_bytes()).unwrap_err();
    let faults: Vec<&str> = rejection.problem.errors.iter().map(|f| f.pointer.as_str()).collect();
    assert_eq!(faults, pointers);
    assert_eq!(rejection.id.as_deref(), Some("1"));
}

#[test]
fn every_command_is_parsed() {
    let application = r#"{"application_id": "A-1", "stage": "s", "documents": []}"#;
    for (kind, data) in [
        (DOCUMENT_SUBMITTED, document("")),
        (DOCUMENT_REPLACED, document("")),
        (APPLICATION_SUBMITTED, application.to_owned()),
        (APPLICATION_WITHDRAWN, r#"{"application_id": "A-1"}"#.to_owned()),
        (RECHECK_REQUESTED, r#"{"application_id": "A-1", "later": 1}"#.to_owned()),
    ] {
        let received = parsed(kind, &data);
        assert_eq!(received.command.application_id(), "A-1");
        assert_eq!(received.kind, kind);
    }
}

#[test]
fn the_sha256_depends_on_content_and_not_on_the_order_of_keys() {
    let one = parsed(RECHECK_REQUESTED, r#"{"application_id": "A-1", "x": 1}"#);
    let turned = parsed(RECHECK_REQUESTED, r#"{"x": 1, "application_id": "A-1"}"#);
    let other = parsed(RECHECK_REQUESTED, r#"{"application_id": "A-2", "x": 1}"#);
    let withdrawn = parsed(APPLICATION_WITHDRAWN, r#"{"application_id": "A-1", "x": 1}"#);
    assert_eq!(one.sha256, turned.sha256);
    assert_ne!(one.sha256, other.sha256);
    assert_ne!(one.sha256, withdrawn.sha256);
}

/// Only a command that Tekseru sends to itself answers another command.
#[test]
fn the_answered_command_is_the_command_of_the_portal() {
    let text = message(DOCUMENT_SUBMITTED, &document(""));
    let caused = text.replace(r#""id": "1""#, r#""id": "1", "causationid": "portal-1""#);
    let ours = caused.replace("urn:portal", SOURCE);
    for (text, answers) in [(&text, "1"), (&caused, "1"), (&ours, "portal-1")] {
        assert_eq!(parse(text.as_bytes()).unwrap().answered_command(), answers, "{text}");
    }
    let long = ours.replace("portal-1", &"p".repeat(300));
    assert_eq!(parse(long.as_bytes()).unwrap().answered_command(), "1");
}

#[test]
fn object_keys_that_could_leave_the_bucket_are_rejected() {
    for key in ["", "../k", "a/../b", "a\\u0000b"] {
        let text = document("").replace(r#""key": "k""#, &format!(r#""key": "{key}""#));
        check_rejected(DOCUMENT_SUBMITTED, &text, &["/data/document/object/key"]);
    }
}

#[test]
fn each_fault_has_its_place() {
    check_rejected(DOCUMENT_SUBMITTED, "{}", &["/data/application_id"]);
    check_rejected(DOCUMENT_SUBMITTED, &document(r#", "sha256": 7"#), &["/data/document/sha256"]);
    check_rejected(DOCUMENT_SUBMITTED, &document(r#", "sha256": "7""#), &["/data/document/sha256"]);
    check_rejected(
        DOCUMENT_SUBMITTED,
        &document(r#", "file": "cv.pdf""#),
        &["/data/document", "/data/document/file"],
    );
    check_rejected(DOCUMENT_REPLACED, &document("").replace("D-0", "../D"), &["/data/replaces"]);
    check_rejected(APPLICATION_WITHDRAWN, r#"{"application_id": ".."}"#, &["/data/application_id"]);
    check_rejected("kz.tekseru.document.submitted.v9", "{}", &["/type"]);
    let broken = message(RECHECK_REQUESTED, "{}").replace("\"1.0\"", "\"0.3\"");
    let rejection = parse(broken.as_bytes()).unwrap_err();
    assert_eq!(rejection.problem.errors[0].pointer, "/specversion");
}

#[test]
fn personal_values_are_not_repeated() {
    let data = r#"{"application_id": "A-1", "stage": "s", "applicant": {"iin": 740812400123}}"#;
    let rejection = parse(message(APPLICATION_SUBMITTED, data).as_bytes()).unwrap_err();
    assert_eq!(rejection.application_id.as_deref(), Some("A-1"));
    let text = serde_json::to_string(&rejection.problem).unwrap();
    assert!(text.contains("/data/applicant/iin") && !text.contains("7408"), "{text}");
}

#[test]
fn hostile_messages_are_rejected() {
    for hostile in ["", "null", "[]", "{", "\"x\"", &"[".repeat(100_000), "{\"id\": {\"a\": 1}}"] {
        assert!(parse(hostile.as_bytes()).is_err());
    }
    assert!(parse(&vec![b' '; MAX_MESSAGE + 1]).is_err());
    assert!(parse(b"\xff\xfe").is_err());
}

#[test]
fn what_is_missing_is_named() {
    let whole = message(DOCUMENT_SUBMITTED, r#"{"application_id": "A-1", "stage": "s"}"#);
    let without = |member: &str| {
        let mut value: serde_json::Value = serde_json::from_str(&whole).unwrap();
        value.as_object_mut().unwrap().remove(member);
        value.to_string()
    };
    let in_order = r#"["1.0", "1", "urn:portal", "t", {}]"#.to_owned();
    let data_list = message(DOCUMENT_SUBMITTED, r#"["A-1", "s", {}]"#);
    for (text, pointer) in [
        (without("data"), "/data"),
        (without("id"), "/id"),
        (without("type"), "/type"),
        (whole.clone(), "/data/document"),
        (in_order, ""),
        ("[]".to_owned(), ""),
        (data_list, "/data"),
    ] {
        let problem = parse(text.as_bytes()).unwrap_err().problem;
        assert_eq!(problem.errors[0].pointer, pointer, "{text}: {:?}", problem.errors);
        let expected = if text.starts_with('[') || text.contains("[\"A-1") {
            "is a JSON object"
        } else {
            "is required"
        };
        assert_eq!(problem.errors[0].detail, expected, "{text}");
    }
}

/// An answer is not longer than a message may be.
#[test]
fn a_long_list_of_faults_is_cut() {
    let one = r#"{"document_id": "/", "kind": "cv", "file": "/", "sha256": "7"}"#;
    let documents = vec![one; 3000].join(",");
    let data = format!(r#"{{"application_id": "A-1", "stage": "s", "documents": [{documents}]}}"#);
    let rejection = parse(message(APPLICATION_SUBMITTED, &data).as_bytes()).unwrap_err();
    let errors = rejection.problem.errors;
    assert_eq!(errors.len(), MAX_FAULTS + 1);
    assert_eq!(errors[0].pointer, "/data/documents");
    assert!(errors[MAX_FAULTS].detail.starts_with("and "), "{:?}", errors[MAX_FAULTS]);
}

#[test]
fn every_kind_of_rejection_but_withdrawn_becomes_an_answered_dead_letter() {
    for code in ["MESSAGE_INVALID", "MESSAGE_UNKNOWN_TYPE", "MESSAGE_ID_CONFLICT"] {
        assert!(RejectionKind::is_answered(code), "{code}");
    }
    for code in ["APPLICATION_WITHDRAWN", "DATABASE_UNAVAILABLE", ""] {
        assert!(!RejectionKind::is_answered(code), "{code}");
    }
}
