use std::collections::BTreeSet;

use super::specimen::{PERSONAL_VALUES, Specimen, png, quiet, troubled};
use super::*;
use crate::application::Application;

fn page(specimen: &Specimen, unmask: bool) -> String {
    let options = Options { unmask, ..Options::default() };
    html(&specimen.verdict, specimen.applicant(), &specimen.pictures, &options).unwrap()
}

/// What stands on the page, without style, tags and pictures.
fn words(html: &str) -> String {
    let body = html.split("</style>").nth(1).unwrap();
    let mut text = String::new();
    for piece in body.split('<').skip(1) {
        let (tag, rest) = piece.split_once('>').unwrap();
        let breaks = [
            "p",
            "h1",
            "h2",
            "h3",
            "h4",
            "li",
            "dt",
            "dd",
            "tr",
            "th",
            "td",
            "small",
            "figcaption",
            "summary",
            "caption",
        ];
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        if breaks.contains(&name) && !tag.starts_with('/') {
            text.push('\n');
            text.push_str(name);
            text.push_str(": ");
        }
        if let Some(alt) = tag.split(" alt=\"").nth(1) {
            text.push_str("\nalt: ");
            text.push_str(alt.trim_end_matches('"'));
        }
        text.push_str(rest.trim_matches('\n'));
    }
    text
}

/// The tags of the page, as they open.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).map(|piece| piece.split('>').next().unwrap()).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!(" {name}=\""))?.1.split('"').next()
}

/// A tag without the values of its attributes.
fn outside_quotes(tag: &str) -> String {
    tag.split('"').step_by(2).collect()
}

fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[test]
fn the_page_in_words() {
    insta::assert_snapshot!("troubled", words(&page(&troubled(), false)));
    insta::assert_snapshot!("quiet", words(&page(&quiet(), false)));
}

#[test]
fn nothing_runs_and_nothing_is_asked_of_anybody() {
    for html in [page(&troubled(), false), page(&troubled(), true), page(&quiet(), false)] {
        for tag in tags(&html) {
            let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
            for forbidden in ["script", "link", "iframe", "object", "embed", "form", "base", "svg"]
            {
                assert_ne!(name, forbidden, "{tag}");
            }
            let names = outside_quotes(tag);
            assert!(!names.contains(" on") && !names.contains("style="), "{tag}");
            assert!(attribute(tag, "href").is_none_or(|href| href.starts_with('#')), "{tag}");
            assert!(
                attribute(tag, "src").is_none_or(|src| src.starts_with("data:image/")),
                "{tag}"
            );
        }
        assert!(!html.contains("http:") && !html.contains("https:"));
        assert!(!html.contains("url(") && !html.contains("@import"));
        for word in ["approv", "refus", "reject"] {
            assert!(!words(&html).to_lowercase().contains(word), "{word}");
        }
    }
}

#[test]
fn the_policy_allows_this_style_and_no_other() {
    let html = page(&troubled(), false);
    let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let hash = STANDARD.encode(Sha256::digest(style));
    let policy = format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; \
         img-src data:; style-src &#39;sha256-{}&#39;;",
        hash
    );
    assert!(html.contains(&policy), "{policy}");
}

#[test]
fn the_page_can_be_walked_without_eyes() {
    for html in [page(&troubled(), false), page(&quiet(), true)] {
        assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
        let tags = tags(&html);
        let levels: Vec<u8> = tags
            .iter()
            .filter_map(|tag| tag.strip_prefix('h')?.bytes().next())
            .filter(u8::is_ascii_digit)
            .collect();
        assert_eq!(levels.iter().filter(|level| **level == b'1').count(), 1);
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "a level is left out");

        let ids: Vec<&str> = tags.iter().filter_map(|tag| attribute(tag, "id")).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(unique.len(), ids.len(), "an id is used twice");
        for tag in &tags {
            if let Some(target) =
                attribute(tag, "href").or_else(|| attribute(tag, "aria-labelledby"))
            {
                assert!(unique.contains(target.trim_start_matches('#')), "{tag}");
            }
            if tag.starts_with("img ") {
                assert!(attribute(tag, "alt").is_some_and(|alt| alt.len() > 20), "{tag}");
            }
            if tag.starts_with("th ") {
                assert!(attribute(tag, "scope").is_some(), "{tag}");
            }
        }
        let count = |name: &str| tags.iter().filter(|tag| tag.starts_with(name)).count();
        assert_eq!(count("table "), count("caption"));
        assert_eq!(count("tr "), count("/tr"));
        assert_eq!(count("div"), count("/div"));
        assert_eq!(count("bdi"), count("/bdi"));
    }
}

#[test]
fn a_masked_page_holds_nothing_personal() {
    let specimen = troubled();
    let html = page(&specimen, false);
    for value in PERSONAL_VALUES {
        assert!(!html.to_uppercase().contains(&value.to_uppercase()), "{value}");
    }
    assert!(!html.contains(&encoded(&specimen.pictures["D-1/zone-1"])));
    assert!(html.contains(&encoded(&specimen.pictures["D-1/zone-1-masked"])));
    assert!(html.contains("30 June 2026"), "the date of expiry is needed");
    assert!(html.contains("Personal data is masked."));
}

#[test]
fn an_unmasked_page_shows_all_and_says_so() {
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

#[test]
fn a_picture_whose_masked_copy_protects_nobody_is_withheld() {
    let withheld = |change: &dyn Fn(&mut Specimen)| {
        let mut specimen = troubled();
        let original = encoded(&specimen.pictures["D-1/zone-1"]);
        change(&mut specimen);
        let html = page(&specimen, false);
        assert!(!html.contains(&original));
        assert!(html.contains("there is no copy with personal data painted over"));
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
fn a_picture_is_in_the_page_once() {
    let specimen = troubled();
    let html = page(&specimen, false);
    for id in ["D-1/zone-1-masked", "D-2/portrait"] {
        assert_eq!(html.matches(&encoded(&specimen.pictures[id])).count(), 1, "{id}");
    }
    assert!(html.contains("<a href=\"#picture-1\">Shown in picture 1, above.</a>"));
}

#[test]
fn bytes_that_are_no_picture_or_too_many_stay_out() {
    let large = png(&"x".repeat(600 << 10));
    for bytes in [b"<svg onload=alert(1)>".to_vec(), Vec::new(), large] {
        let mut specimen = troubled();
        specimen.pictures.insert("D-2/portrait".to_owned(), bytes);
        let html = page(&specimen, false);
        assert_eq!(html.matches("<img ").count(), 1);
        assert!(html.contains("its bytes did not come with the verdict"));
    }
}

#[test]
fn an_overdue_review_says_by_how_much() {
    let mut specimen = troubled();
    specimen.verdict.body.dates.days_left = -3;
    assert!(page(&specimen, false).contains("overdue by 3 days"));
    specimen.verdict.body.dates.days_left = 0;
    assert!(page(&specimen, false).contains(">today<"));
}

mod hostile {
    use serde_json::Value;

    use super::*;

    fn payload() -> String {
        let mut text = "<script>alert(1)</script>\"' onload=\"x\"><img src=http://x>\u{202e}\u{0}\u{1b}\u{2066}".to_owned();
        text.push_str(&"y".repeat(10_000));
        text
    }

    /// Every place of a text in the value, and every key of a table.
    fn places(value: &Value, at: &str, found: &mut Vec<String>) {
        match value {
            Value::String(_) => found.push(at.to_owned()),
            Value::Array(all) => {
                all.iter()
                    .enumerate()
                    .for_each(|(i, one)| places(one, &format!("{at}/{i}"), found));
            }
            Value::Object(table) => {
                table.iter().for_each(|(key, one)| {
                    places(
                        one,
                        &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
                        found,
                    );
                });
            }
            _ => {}
        }
    }

    #[track_caller]
    fn harmless(html: &str, base: &BTreeSet<&str>, at: &str) {
        for tag in tags(html) {
            let name = tag.split(' ').next().unwrap();
            assert!(base.contains(name), "{at} made a tag: {tag:.80}");
            assert!(!outside_quotes(tag).contains(" on"), "{at} made an attribute: {tag:.80}");
        }
        let raw = |c: char| (c.is_control() && c != '\n') || ('\u{2028}'..='\u{206f}').contains(&c);
        assert!(!html.contains(raw), "{at} left a character that hides");
    }

    #[test]
    fn no_text_of_a_verdict_can_break_the_page() {
        let specimen = troubled();
        let plain = page(&specimen, false);
        let base: BTreeSet<&str> =
            tags(&plain).iter().map(|tag| tag.split(' ').next().unwrap()).collect();
        let whole = serde_json::to_value(&specimen.verdict).unwrap();
        let mut all = Vec::new();
        places(&whole, "", &mut all);
        let mut tried = 0;
        for at in all {
            let mut changed = whole.clone();
            *changed.pointer_mut(&at).unwrap() = payload().into();
            let Ok(verdict) = serde_json::from_value::<Verdict>(changed) else { continue };
            tried += 1;
            for unmask in [false, true] {
                let specimen = Specimen { verdict: verdict.clone(), ..troubled() };
                let html = page(&specimen, unmask);
                harmless(&html, &base, &at);
                assert!(html.len() < plain.len() + 12_000, "{at} is not cut");
            }
        }
        assert!(tried > 150, "{tried}");
    }

    #[test]
    fn no_name_in_a_table_can_break_the_page() {
        let mut specimen = troubled();
        let plain = page(&specimen, false);
        let base: BTreeSet<&str> =
            tags(&plain).iter().map(|tag| tag.split(' ').next().unwrap()).collect();
        let body = &mut specimen.verdict.body;
        body.versions.insert(payload(), payload());
        let measures = &mut body.documents[1].portrait.as_mut().unwrap().measures;
        let measure = measures["eye_line_mm"].clone();
        measures.insert(payload(), measure);
        for check in &mut body.checks {
            check.depends_on.push(payload());
            if let Some(rule) = &mut check.rule {
                rule.parameters = serde_json::json!({ payload(): [payload()] });
            }
            check.reasons.iter_mut().for_each(|r| drop(r.params.insert(payload(), Value::Null)));
        }
        specimen.verdict.envelope.timings_ms.insert(payload(), f64::MAX);
        for unmask in [false, true] {
            harmless(&page(&specimen, unmask), &base, "a name");
        }
    }

    #[test]
    fn nothing_that_somebody_typed_can_break_the_page() {
        let mut specimen = troubled();
        let plain = page(&specimen, false);
        let base: BTreeSet<&str> =
            tags(&plain).iter().map(|tag| tag.split(' ').next().unwrap()).collect();
        let name = serde_json::json!({
            "script": payload(), "surname": payload(), "given_names": payload(), "patronymic": payload()
        });
        let application = serde_json::json!({
            "application_id": "A", "stage": "s",
            "applicant": {"names": [name], "iin": payload(), "citizenships": [payload()]}
        });
        specimen.application = Application::parse(application.to_string().as_bytes()).unwrap();
        for unmask in [false, true] {
            harmless(&page(&specimen, unmask), &base, "the form");
        }
    }
}
