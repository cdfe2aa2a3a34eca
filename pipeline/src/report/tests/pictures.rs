//! Pictures on the page.

use super::{encoded, page};
use crate::report::specimen::{Specimen, png, troubled};

#[test]
fn a_picture_without_a_usable_masked_copy_is_withheld() {
    let withheld = |change: &dyn Fn(&mut Specimen)| {
        let mut specimen = troubled();
        let original = encoded(&specimen.pictures["D-1/zone-1"]);
        change(&mut specimen);
        let html = page(&specimen, false);
        assert!(!html.contains(&original));
        assert!(html.contains("there is no copy with covered personal data"));
    };
    withheld(&|specimen| drop(specimen.pictures.remove("D-1/zone-1-masked")));
    withheld(&|specimen| {
        let same = specimen.pictures["D-1/zone-1"].clone();
        specimen.pictures.insert("D-1/zone-1-masked".to_owned(), same);
    });
    withheld(&|specimen| {
        specimen.verdict.body.evidence[0].evidence.masked = Some("zone-1".to_owned());
    });
    withheld(&|specimen| {
        specimen.verdict.body.evidence[0].evidence.masked = Some("portrait".to_owned());
    });
}

#[test]
fn a_picture_is_embedded_once() {
    let specimen = troubled();
    let html = page(&specimen, false);
    for id in ["D-1/zone-1-masked", "D-2/portrait"] {
        assert_eq!(html.matches(&encoded(&specimen.pictures[id])).count(), 1, "{id}");
    }
    assert!(html.contains("<a href=\"#picture-1\">Shown in picture 1, above.</a>"));
}

#[test]
fn bytes_that_are_not_a_picture_or_too_many_are_left_out() {
    let large = png(&"x".repeat(600 << 10));
    for bytes in [b"<svg onload=alert(1)>".to_vec(), Vec::new(), large] {
        let mut specimen = troubled();
        specimen.pictures.insert("D-2/portrait".to_owned(), bytes);
        let html = page(&specimen, false);
        assert_eq!(html.matches("<img ").count(), 1);
        assert!(html.contains("its file was not available"));
    }
}
