//! The pictures of a passport beside the fields that they prove.

use super::{attribute, encoded, page, tags};
use crate::report::specimen::{Specimen, quiet, troubled};

const BLACK_BOX: &str = "D-1/visual-surname-masked";
const EXPIRY: [&str; 2] = ["D-1/zone-date_of_expiry", "D-1/visual-date_of_expiry"];

/// Returns the section of the page with this id, up to the next section.
fn section<'a>(html: &'a str, id: &str) -> &'a str {
    let start = html.find(&format!("<section aria-labelledby=\"{id}\"")).unwrap();
    html[start..].split("</section>").next().unwrap()
}

/// Returns the cells of the row of a field, without the name of the field.
fn cells<'a>(html: &'a str, field: &str) -> Vec<&'a str> {
    let row = section(html, "fields").split(&format!("scope=\"row\">{field}</th>")).nth(1).unwrap();
    row.split("</tr>").next().unwrap().split("<td ").skip(1).collect()
}

fn picture(specimen: &Specimen, id: &str) -> String {
    encoded(&specimen.pictures[id])
}

#[test]
fn a_masked_page_has_no_black_box_and_no_personal_line() {
    let specimen = quiet();
    let html = page(&specimen, false);
    for id in [BLACK_BOX, "D-1/visual-surname", "D-1/zone-1"] {
        assert!(!html.contains(&picture(&specimen, id)), "{id}");
    }
    assert!(cells(&html, "Surname").iter().all(|cell| !cell.contains("<img ")));
}

#[test]
fn a_black_box_that_no_field_names_is_not_shown() {
    let mut specimen = quiet();
    specimen.verdict.body.documents[0].fields.retain(|field| field.name.name() != "surname");
    assert!(!page(&specimen, false).contains(&picture(&specimen, BLACK_BOX)));
    let html = page(&specimen, true);
    assert!(section(&html, "documents").contains(&picture(&specimen, "D-1/visual-surname")));
}

#[test]
fn each_date_has_its_line_in_its_own_cell() {
    let specimen = quiet();
    for html in [page(&specimen, false), page(&specimen, true)] {
        let expiry = cells(&html, "Date of expiry");
        for (cell, id) in expiry.iter().zip(EXPIRY) {
            assert!(cell.contains("<div class=\"value\"><bdi>30 June 2031</bdi></div><img "));
            assert!(cell.contains(&picture(&specimen, id)), "{id}");
        }
        let issue = cells(&html, "Date of issue");
        assert!(!issue[0].contains("<img "));
        assert!(issue[1].contains(&picture(&specimen, "D-1/visual-date_of_issue")));
        let alts: Vec<&str> = tags(&html)
            .into_iter()
            .filter(|tag| attribute(tag, "class") == Some("line"))
            .filter_map(|tag| attribute(tag, "alt"))
            .collect();
        assert!(alts.contains(&"Machine readable zone, date of expiry, passport D-1, page 1"));
        assert!(alts.contains(&"Printed text, date of issue, passport D-1, page 1"));
    }
}

#[test]
fn the_zone_is_above_the_table_and_in_no_list_of_the_documents() {
    let specimen = quiet();
    for (unmask, zone) in [(false, "D-1/zone-1-masked"), (true, "D-1/zone-1")] {
        let html = page(&specimen, unmask);
        let above = section(&html, "fields").split("<table").next().unwrap();
        assert!(above.contains(&picture(&specimen, zone)), "{zone}");
        let documents = section(&html, "documents");
        assert_eq!(documents.matches("<img ").count(), 1, "the portrait alone");
        assert!(documents.contains(&picture(&specimen, "D-2/portrait")));
    }
}

#[test]
fn an_unmasked_page_shows_every_picture_once() {
    let specimen = quiet();
    let html = page(&specimen, true);
    for (id, bytes) in &specimen.pictures {
        let count = usize::from(!id.ends_with("-masked"));
        assert_eq!(html.matches(&encoded(bytes)).count(), count, "{id}");
    }
    assert!(cells(&html, "Surname")[1].contains(&picture(&specimen, "D-1/visual-surname")));
}

#[test]
fn a_picture_of_a_finding_is_referred_to() {
    let html = page(&troubled(), false);
    let reference = "The machine readable zone is shown in picture 1, above.";
    assert!(section(&html, "fields").contains(&format!("<a href=\"#picture-1\">{reference}</a>")));

    let mut specimen = quiet();
    let checks = &mut specimen.verdict.body.checks;
    let visual = checks.iter_mut().find(|check| check.id == "passport.visual").unwrap();
    visual.status = crate::status::Status::Unsure;
    let html = page(&specimen, false);
    let expiry = cells(&html, "Date of expiry");
    assert!(expiry[0].contains("<small><a href=\"#picture-"), "{}", expiry[0]);
    assert!(expiry[1].contains("<small><a href=\"#picture-"), "{}", expiry[1]);
    for id in EXPIRY {
        assert_eq!(html.matches(&picture(&specimen, id)).count(), 1, "{id}");
    }
}

#[test]
fn a_line_without_its_file_is_named() {
    let mut specimen = quiet();
    specimen.pictures.remove(EXPIRY[0]);
    let html = page(&specimen, false);
    let cell = cells(&html, "Date of expiry")[0];
    assert!(cell.contains("The picture of this line was not available."));
}
