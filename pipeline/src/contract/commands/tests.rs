use super::*;

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

fn parsed(kind: &str, data: &str) -> Received {
    parse(message(kind, data).as_bytes()).unwrap()
}

#[track_caller]
fn refused(kind: &str, data: &str, pointers: &[&str]) {
    let rejection = parse(message(kind, data).as_bytes()).unwrap_err();
    let faults: Vec<&str> = rejection.problem.errors.iter().map(|f| f.pointer.as_str()).collect();
    assert_eq!(faults, pointers);
    assert_eq!(rejection.id.as_deref(), Some("1"));
}

#[test]
fn every_command_is_read() {
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
fn order_of_keys_is_no_difference_and_content_is() {
    let one = parsed(RECHECK_REQUESTED, r#"{"application_id": "A-1", "x": 1}"#);
    let turned = parsed(RECHECK_REQUESTED, r#"{"x": 1, "application_id": "A-1"}"#);
    let other = parsed(RECHECK_REQUESTED, r#"{"application_id": "A-2", "x": 1}"#);
    let withdrawn = parsed(APPLICATION_WITHDRAWN, r#"{"application_id": "A-1", "x": 1}"#);
    assert_eq!(one.sha256, turned.sha256);
    assert_ne!(one.sha256, other.sha256);
    assert_ne!(one.sha256, withdrawn.sha256);
}

/// Only what we say to ourselves names another command.
#[test]
fn what_is_answered_is_the_portals_command() {
    let text = message(DOCUMENT_SUBMITTED, &document(""));
    let caused = text.replace(r#""id": "1""#, r#""id": "1", "causationid": "portal-1""#);
    let ours = caused.replace("urn:portal", SOURCE);
    for (text, answers) in [(&text, "1"), (&caused, "1"), (&ours, "portal-1")] {
        assert_eq!(parse(text.as_bytes()).unwrap().answers(), answers, "{text}");
    }
    let long = ours.replace("portal-1", &"p".repeat(300));
    assert_eq!(parse(long.as_bytes()).unwrap().answers(), "1");
}

#[test]
fn keys_that_lead_elsewhere_are_refused() {
    for key in ["", "../k", "a/../b", "a\\u0000b"] {
        let text = document("").replace(r#""key": "k""#, &format!(r#""key": "{key}""#));
        refused(DOCUMENT_SUBMITTED, &text, &["/data/document/object/key"]);
    }
}

#[test]
fn faults_are_told_with_their_place() {
    refused(DOCUMENT_SUBMITTED, "{}", &["/data"]);
    refused(DOCUMENT_SUBMITTED, &document(r#", "sha256": 7"#), &["/data/document/sha256"]);
    refused(DOCUMENT_SUBMITTED, &document(r#", "sha256": "7""#), &["/data/document/sha256"]);
    refused(
        DOCUMENT_SUBMITTED,
        &document(r#", "file": "cv.pdf""#),
        &["/data/document", "/data/document/file"],
    );
    refused(DOCUMENT_REPLACED, &document("").replace("D-0", "../D"), &["/data/replaces"]);
    refused(APPLICATION_WITHDRAWN, r#"{"application_id": ".."}"#, &["/data/application_id"]);
    refused("kz.tekseru.document.submitted.v9", "{}", &["/type"]);
    let broken = message(RECHECK_REQUESTED, "{}").replace("\"1.0\"", "\"0.3\"");
    let rejection = parse(broken.as_bytes()).unwrap_err();
    assert_eq!(rejection.problem.errors[0].pointer, "/specversion");
}

#[test]
fn values_of_persons_are_not_repeated() {
    let data = r#"{"application_id": "A-1", "stage": "s", "applicant": {"iin": 740812400123}}"#;
    let rejection = parse(message(APPLICATION_SUBMITTED, data).as_bytes()).unwrap_err();
    assert_eq!(rejection.application_id.as_deref(), Some("A-1"));
    let told = serde_json::to_string(&rejection.problem).unwrap();
    assert!(told.contains("/data/applicant/iin") && !told.contains("7408"), "{told}");
}

#[test]
fn anything_at_all_is_an_answer() {
    for hostile in ["", "null", "[]", "{", "\"x\"", &"[".repeat(100_000), "{\"id\": {\"a\": 1}}"] {
        assert!(parse(hostile.as_bytes()).is_err());
    }
    assert!(parse(&vec![b' '; MAX_MESSAGE + 1]).is_err());
    assert!(parse(b"\xff\xfe").is_err());
}

/// What is told of a message is no longer than the message may be.
#[test]
fn of_many_faults_some_are_told() {
    let one = r#"{"document_id": "/", "kind": "cv", "file": "/", "sha256": "7"}"#;
    let documents = vec![one; 3000].join(",");
    let data = format!(r#"{{"application_id": "A-1", "stage": "s", "documents": [{documents}]}}"#);
    let rejection = parse(message(APPLICATION_SUBMITTED, &data).as_bytes()).unwrap_err();
    let errors = rejection.problem.errors;
    assert_eq!(errors.len(), MAX_FAULTS + 1);
    assert_eq!(errors[0].pointer, "/data/documents");
    assert!(errors[MAX_FAULTS].detail.starts_with("and "), "{:?}", errors[MAX_FAULTS]);
}
