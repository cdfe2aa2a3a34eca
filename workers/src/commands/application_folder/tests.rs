use std::fs;
use std::path::PathBuf;

use pipeline::kind::Kind;

use super::*;
use crate::cli::Failure;

struct Inbox(tempfile::TempDir);

impl Inbox {
    fn with(files: &[(&str, &str)]) -> Self {
        let inbox = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = inbox.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        Self(inbox)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> Result<Submission, Failure> {
        read_submission(&self.path(name), "residence-permit", None)
    }

    #[track_caller]
    fn applications(&self, name: &str) -> Vec<String> {
        let found = find_applications(&self.path(name)).unwrap();
        found.iter().map(|p| p.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }
}

const ONE: &str = r#"{"application_id": "A-1", "stage": "residence-permit", "documents": [
    {"document_id": "D-1", "kind": "passport", "file": "scan.jpg"},
    {"document_id": "D-2", "kind": "cv", "object": {"bucket": "b", "key": "k"}}]}"#;

#[test]
fn a_folder_contains_one_application_or_many() {
    let inbox = Inbox::with(&[
        ("one/application.json", ONE),
        ("one/sub/scan.jpg", ""),
        ("plain/passport.jpg", ""),
        ("plain/verdict/verdict.json", ""),
        ("plain/sub/cv.pdf", ""),
        ("inbox/b/passport.jpg", ""),
        ("inbox/a/application.json", ONE),
        ("inbox/.hidden/passport.jpg", ""),
        ("mixed/readme.txt", ""),
        ("mixed/a/application.json", ONE),
    ]);
    assert_eq!(inbox.applications("one"), ["one"]);
    assert_eq!(inbox.applications("plain"), ["plain"]);
    assert_eq!(inbox.applications("inbox"), ["a", "b"]);
    assert_eq!(inbox.applications("mixed"), ["a"]);
}

#[test]
fn other_paths_are_refused_with_help() {
    let inbox =
        Inbox::with(&[("scan.jpg", ""), ("empty/.keep", ""), ("done/verdict/verdict.json", "")]);
    let refusal = |name: &str| find_applications(&inbox.path(name)).unwrap_err().to_string();
    assert!(refusal("scan.jpg").contains("tekseru examine"));
    assert!(refusal("nothing").contains("No such file"));
    assert!(refusal("empty").contains("no document"));
    assert!(refusal("done").contains("no document"));
}

#[test]
fn kinds_are_guessed_and_noted() {
    let inbox = Inbox::with(&[
        ("Anna B/passport.jpg", ""),
        ("Anna B/passport back.png", ""),
        ("Anna B/Anna's foto\u{1b}.xyz", ""),
        ("Anna B/.DS_Store", ""),
    ]);
    let submission = inbox.read("Anna B").unwrap();
    let documents = &submission.application.documents;
    let ids: Vec<(&str, Kind)> =
        documents.iter().map(|d| (d.document_id.as_str(), d.kind)).collect();
    assert_eq!(
        ids,
        [("other", Kind::Other), ("passport", Kind::Passport), ("passport-2", Kind::Passport)]
    );
    assert_eq!(documents[0].file.as_deref(), Some("Anna's foto\\u{1b}.xyz"));
    assert_eq!(documents[1].media_type.as_deref(), Some("image/png"));
    assert!(submission.files.iter().flatten().all(|file| file.is_file()));
    assert_eq!(submission.notes["passport"].params["kind"], "passport");
    assert_eq!(submission.application.application_id, "Anna-B");
    assert!(submission.remarks[0].contains("residence-permit"));
}

#[test]
fn the_file_of_an_object_has_the_documents_id() {
    let found = |files: &[(&str, &str)]| {
        let mut all = vec![("one/application.json", ONE)];
        all.extend(files);
        let submission = Inbox::with(&all).read("one").unwrap();
        let file = submission.files[1].as_ref();
        let name = file.map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
        (name, submission.remarks.len())
    };
    assert_eq!(found(&[]), (None, 1));
    assert_eq!(found(&[("one/D-2", "")]), (Some("D-2".to_owned()), 0));
    assert_eq!(found(&[("one/D-2.pdf", "")]), (Some("D-2.pdf".to_owned()), 0));
    assert_eq!(found(&[("one/D-2.pdf", ""), ("one/D-2", "")]), (Some("D-2".to_owned()), 0));
    assert_eq!(found(&[("one/D-2.pdf", ""), ("one/D-2.png", "")]), (None, 1));
}

#[test]
fn an_application_that_cannot_be_used_names_its_file() {
    let inbox = Inbox::with(&[
        ("shape/application.json", "{\"application_id\": 1}"),
        ("values/application.json", "{\"application_id\": \"../x\", \"stage\": \"s\"}"),
    ]);
    for (name, words) in [("shape", "line 1"), ("values", "/application_id")] {
        let Err(failure) = inbox.read(name) else { panic!("{name} was read") };
        let failure = failure.to_string();
        assert!(failure.contains("application.json") && failure.contains(words), "{failure}");
    }
}

#[test]
fn results_go_beside_the_documents_or_into_the_named_folder() {
    let inbox = Inbox::with(&[("one/application.json", ONE)]);
    assert_eq!(inbox.read("one").unwrap().out, inbox.path("one/verdict"));
    let out = inbox.path("results");
    let submission = read_submission(&inbox.path("one"), "s", Some(&out)).unwrap();
    assert_eq!(submission.out, out.join("A-1"));
}

#[test]
fn results_within_an_input_are_refused() {
    let inbox = Inbox::with(&[("inbox/a/application.json", ONE)]);
    let refused =
        |out: &str| refuse_output_within(&[inbox.path("inbox")], &inbox.path(out)).is_err();
    assert!(refused("inbox"));
    assert!(refused("inbox/out/new"));
    assert!(refused("other/../inbox/out"));
    assert!(!refused("inbox-results"));
    assert!(!refused("out"));
}
