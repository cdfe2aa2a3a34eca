//! The catalogue of hostile files: each has one of its listed outcomes.

use super::*;

/// Opens a file, examines all of it and returns every reason.
fn codes(untrusted: &[u8]) -> Vec<&'static str> {
    // the resolution of drawn pages does not change the outcome
    let limits = Limits { drawn_dpi: 36.0, ..Limits::default() };
    let opened = match open(untrusted, &limits) {
        Ok(opened) => opened,
        Err(reason) => return vec![reason.code.name()],
    };
    let mut codes: Vec<_> = opened.reasons().iter().map(|reason| reason.code.name()).collect();
    for number in 1..=opened.examined_pages() {
        codes.extend(opened.picture(number).err().map(|reason| reason.code.name()));
    }
    let _ = opened.text();
    codes
}

#[test]
fn every_hostile_file_has_an_expected_outcome() {
    let mut surprises = Vec::new();
    for file in fixtures::hostile::all() {
        let mut found = codes(&file.bytes);
        if detect(&file.bytes).name() != file.declared_media_type {
            // the reason of the judge
            found.push("FILE_TYPE_MISMATCH");
        }
        if found.is_empty() {
            found.push(fixtures::hostile::OPENED);
        }
        if !file.expected.iter().any(|expected| found.contains(expected)) {
            surprises.push((file.name, found, file.expected));
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}
