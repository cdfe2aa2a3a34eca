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
    specimen.verdict.body.dates.days_left = Some(-3);
    assert!(page(&specimen, false).contains("overdue by 3 days"));
    specimen.verdict.body.dates.days_left = Some(0);
    assert!(page(&specimen, false).contains(">today<"));
}

#[test]
fn a_stage_without_a_time_limit_says_so() {
    let mut specimen = troubled();
    let dates = &mut specimen.verdict.body.dates;
    (dates.due, dates.due_safe, dates.days_left) = (None, None, None);
    dates.clock = None;
    let html = page(&specimen, false);
    assert!(html.contains("no time limit is known for this stage"));
    assert!(!html.contains("Review due"));
}

#[test]
fn notes_and_what_is_not_confirmed_are_marked() {
    let html = page(&troubled(), false);
    for text in [
        "Pilot in: Astana, Almaty. (to be confirmed)",
        "After a positive decision: enter Kazakhstan within 30 calendar days. (to be confirmed)",
        "How long it is, is not known. (to be confirmed)",
        "<dd>To be confirmed</dd>",
        "Source (to be confirmed): ",
        "Source: eGov service of the permanent residence permit",
    ] {
        assert!(html.contains(text), "{text}");
    }
}
