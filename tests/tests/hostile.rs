//! Hostile files: each gets its own reason code, and the command survives.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue fails")]

use std::fs;
use std::time::{Duration, Instant};

use fixtures::hostile::OPENED;
use tests::{examine, reason_codes, tekseru, text};

/// A guard against hanging, not a measurement: the benches allow two seconds a file.
const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn every_hostile_file_gets_its_own_reason() {
    // builds the binary before the first file is timed
    let _ = tekseru();
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for hostile in fixtures::hostile::all() {
        let file = folder.path().join(hostile.name);
        fs::write(&file, &hostile.bytes).unwrap();
        let started = Instant::now();
        let line = examine("other", &[&file]).remove(0);
        assert!(started.elapsed() < LIMIT, "{} took {:?}", hostile.name, started.elapsed());
        let codes = reason_codes(&line["reasons"]);
        let opened =
            hostile.expected.contains(&OPENED) && !codes.iter().any(|c| c.starts_with("FILE_"));
        if !opened && !codes.iter().any(|code| hostile.expected.contains(&code.as_str())) {
            wrong.push(format!("{}: {codes:?}, expected {:?}", hostile.name, hostile.expected));
        }
        fs::remove_file(&file).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_missing_file_is_named_and_the_others_are_examined() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.jpg");
    fs::write(&empty, b"").unwrap();
    let missing = folder.path().join("missing.jpg");
    let output =
        tekseru().args(["examine", "--kind", "cv"]).arg(&missing).arg(&empty).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("missing.jpg"));
    assert!(text(&output.stdout).contains("FILE_EMPTY"));
}
