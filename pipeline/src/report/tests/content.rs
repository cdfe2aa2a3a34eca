//! The texts of the page.

use super::{page, words};
use crate::report::specimen::{quiet, troubled};

#[test]
fn the_text_of_the_page() {
    insta::assert_snapshot!("troubled", words(&page(&troubled(), false)));
    insta::assert_snapshot!("quiet", words(&page(&quiet(), false)));
}

#[test]
fn an_overdue_review_shows_the_number_of_days() {
    let mut specimen = troubled();
    specimen.verdict.body.dates.days_left = -3;
    assert!(page(&specimen, false).contains("overdue by 3 days"));
    specimen.verdict.body.dates.days_left = 0;
    assert!(page(&specimen, false).contains(">today<"));
}
