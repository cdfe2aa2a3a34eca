//! Both sides of a comparison, and the letters that differ.

use super::{encoded, page};
use crate::report::specimen::{quiet, troubled};
use crate::status::Status;

#[test]
fn the_letters_that_differ_are_underlined_and_listed() {
    let html = page(&troubled(), true);
    assert!(html.contains("<bdi>ERIKS<u>E</u>N</bdi>"), "form");
    assert!(html.contains("<bdi>ERIKS<u>SO</u>N</bdi>"), "zone");
    assert!(html.contains("Form: E; machine readable zone: S O"));
    assert!(html.contains("words that sound alike"));
}

#[test]
fn a_masked_page_has_the_rule_and_no_letter() {
    let html = page(&troubled(), false);
    assert!(!html.contains("<u>"));
    assert!(html.contains("shown in the copy without masks"));
    assert!(html.contains("words that sound alike"));
}

#[test]
fn the_date_in_the_number_is_masked_as_the_date_of_birth_is() {
    let mut specimen = troubled();
    let checks = &mut specimen.verdict.body.checks;
    let birth = checks.iter_mut().find(|check| check.id == "iin.birth_date").unwrap();
    birth.status = Status::Warn;
    birth.actual = Some("1991-02-03".to_owned());
    let comparisons = &mut specimen.verdict.body.comparisons;
    let id = Some("iin.birth_date");
    let compared = comparisons.iter_mut().find(|one| one.check.as_deref() == id).unwrap();
    compared.left_value = Some("1991-02-03".to_owned());
    assert!(!page(&specimen, false).contains("1991"));
    assert!(!page(&specimen, false).contains("February 1991"));
    assert!(page(&specimen, true).contains("3 February 1991"));
}

#[test]
fn a_finding_shows_the_pictures_of_both_zones_but_no_black_box() {
    let mut specimen = quiet();
    let checks = &mut specimen.verdict.body.checks;
    let surname = checks.iter_mut().find(|check| check.id == "form.surname").unwrap();
    surname.status = Status::Warn;
    let picture = |id: &str| encoded(&specimen.pictures[id]);
    let html = page(&specimen, true);
    assert!(html.contains(&picture("D-1/zone-1")) && html.contains(&picture("D-1/visual-surname")));
    let html = page(&specimen, false);
    assert!(html.contains(&picture("D-1/zone-1-masked")));
    assert!(!html.contains(&picture("D-1/visual-surname-masked")));
}
