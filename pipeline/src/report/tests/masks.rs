//! Personal data on the page.

use super::{encoded, page};
use crate::report::specimen::{PERSONAL_VALUES, troubled};

#[test]
fn a_masked_page_has_no_personal_data() {
    let specimen = troubled();
    let html = page(&specimen, false);
    for value in PERSONAL_VALUES {
        assert!(!html.to_uppercase().contains(&value.to_uppercase()), "{value}");
    }
    assert!(!html.contains(&encoded(&specimen.pictures["D-1/zone-1"])));
    assert!(html.contains(&encoded(&specimen.pictures["D-1/zone-1-masked"])));
    assert!(html.contains("30 June 2026"), "a reviewer needs the date of expiry");
    assert!(html.contains("Personal data is masked."));
}

#[test]
fn an_unmasked_page_shows_personal_data_with_a_warning() {
    let specimen = troubled();
    let html = page(&specimen, true);
    for value in ["ERIKSSON", "ERIKSEN", "L898902C3", "12 August 1974", "740812400123"] {
        assert!(html.contains(value), "{value}");
    }
    assert!(html.contains("Personal data is shown in full."));
    assert!(html.contains(&encoded(&specimen.pictures["D-1/zone-1"])));
    assert!(!html.contains(&encoded(&specimen.pictures["D-1/zone-1-masked"])));
}

#[test]
fn personal_values_in_ids_and_parameters_are_masked_too() {
    let mut specimen = troubled();
    let body = &mut specimen.verdict.body;
    body.subject.application_id = "Eriksson-1974-08-12".to_owned();
    body.documents[4].unknown_kind = Some("diploma of Anna".to_owned());
    body.checks[3].expected = Some("L898902C3".to_owned());
    body.checks[3].reasons.push(
        crate::reason::Reason::new(crate::reason::Code::DocKindUnknown)
            .with("declared", "ERIKSSON'S PAPER"),
    );
    let html = page(&specimen, false);
    for value in PERSONAL_VALUES {
        assert!(!html.to_uppercase().contains(&value.to_uppercase()), "{value}");
    }
}
