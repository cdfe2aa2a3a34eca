//! Drawn passports through the command: every field exact, at the four orientations.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue fails")]

use std::fs;

use fixtures::passport::Specimen;
use image::imageops;
use serde_json::Value;
use tests::{examine, reason_codes};

const SPECIMENS: u64 = 12;

fn field<'a>(line: &'a Value, name: &str) -> &'a Value {
    let fields = line["fields"].as_array().unwrap();
    fields.iter().find(|field| field["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn clean_specimens_are_read_at_four_orientations() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    let mut files = Vec::new();
    for seed in 0..SPECIMENS {
        let specimen = Specimen::random(seed);
        let page = fixtures::passport::draw(&specimen).unwrap();
        let turned = [
            page.clone(),
            imageops::rotate90(&page),
            imageops::rotate180(&page),
            imageops::rotate270(&page),
        ];
        for (quarter, picture) in turned.iter().enumerate() {
            let file = folder.path().join(format!("{seed}-{quarter}.jpg"));
            fs::write(&file, fixtures::encode::jpeg(picture, 90)).unwrap();
            expected.push(specimen.clone());
            files.push(file);
        }
    }
    let paths: Vec<_> = files.iter().map(std::path::PathBuf::as_path).collect();
    let lines = examine("passport", &paths);
    assert_eq!(lines.len(), expected.len());
    for ((line, specimen), file) in lines.iter().zip(&expected).zip(&files) {
        let name = file.file_name().unwrap();
        let expiry = field(line, "date_of_expiry");
        assert_eq!(expiry["value"], specimen.expiry.to_string(), "{name:?}");
        assert_eq!(expiry["sure"], true, "{name:?}");
        assert_eq!(line["zones"][0]["lines"], serde_json::json!(specimen.lines()), "{name:?}");
        assert_eq!(reason_codes(&line["reasons"]), Vec::<String>::new(), "{name:?}");
    }
}

#[test]
fn a_page_without_a_zone_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plain.png");
    let grey = image::RgbImage::from_pixel(900, 600, image::Rgb([180, 180, 180]));
    fs::write(&file, fixtures::encode::png(&grey)).unwrap();
    let lines = examine("passport", &[&file]);
    assert_eq!(reason_codes(&lines[0]["reasons"]), ["MRZ_NOT_FOUND"]);
    assert_eq!(lines[0]["fields"], serde_json::json!([]));
}
