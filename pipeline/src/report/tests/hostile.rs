//! Hostile texts cannot break the page.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{outside_quotes, page, tags};
use crate::application::Application;
use crate::report::specimen::{Specimen, troubled};
use crate::verdict::Verdict;

fn payload() -> String {
    let mut text =
        "<script>alert(1)</script>\"' onload=\"x\"><img src=http://x>\u{202e}\u{0}\u{1b}\u{2066}"
            .to_owned();
    text.push_str(&"y".repeat(10_000));
    text
}

/// Collects the JSON pointer of every text in the value.
fn text_pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(at.to_owned()),
        Value::Array(all) => {
            all.iter()
                .enumerate()
                .for_each(|(i, one)| text_pointers(one, &format!("{at}/{i}"), found));
        }
        Value::Object(table) => {
            table.iter().for_each(|(key, one)| {
                text_pointers(
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
fn check_harmless(html: &str, base: &BTreeSet<&str>, at: &str) {
    for tag in tags(html) {
        let name = tag.split(' ').next().unwrap();
        assert!(base.contains(name), "{at} made a tag: {tag:.80}");
        assert!(!outside_quotes(tag).contains(" on"), "{at} made an attribute: {tag:.80}");
    }
    let raw = |c: char| (c.is_control() && c != '\n') || ('\u{2028}'..='\u{206f}').contains(&c);
    assert!(!html.contains(raw), "{at} left a hidden character");
}

/// Returns the tags of pages: an unmasked one underlines letters.
fn names_of_tags<'a>(pages: &[&'a str]) -> BTreeSet<&'a str> {
    let all = pages.iter().flat_map(|page| tags(page));
    all.map(|tag| tag.split(' ').next().unwrap()).collect()
}

#[test]
fn no_text_of_a_verdict_can_break_the_page() {
    let specimen = troubled();
    let plain = page(&specimen, false);
    let unmasked = page(&specimen, true);
    let base = names_of_tags(&[&plain, &unmasked]);
    let whole = serde_json::to_value(&specimen.verdict).unwrap();
    let mut all = Vec::new();
    text_pointers(&whole, "", &mut all);
    let mut tried = 0;
    for at in all {
        let mut changed = whole.clone();
        *changed.pointer_mut(&at).unwrap() = payload().into();
        let Ok(verdict) = serde_json::from_value::<Verdict>(changed) else { continue };
        tried += 1;
        for unmask in [false, true] {
            let specimen = Specimen { verdict: verdict.clone(), ..troubled() };
            let html = page(&specimen, unmask);
            check_harmless(&html, &base, &at);
            assert!(html.len() < plain.len() + 12_000, "{at} is not cut");
        }
    }
    assert!(tried > 150, "{tried}");
}

#[test]
fn no_key_of_a_table_can_break_the_page() {
    let mut specimen = troubled();
    let plain = page(&specimen, false);
    let unmasked = page(&specimen, true);
    let base = names_of_tags(&[&plain, &unmasked]);
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
        check_harmless(&page(&specimen, unmask), &base, "a name");
    }
}

#[test]
fn no_text_of_the_form_can_break_the_page() {
    let mut specimen = troubled();
    let plain = page(&specimen, false);
    let unmasked = page(&specimen, true);
    let base = names_of_tags(&[&plain, &unmasked]);
    let name = serde_json::json!({
        "script": payload(), "surname": payload(), "given_names": payload(), "patronymic": payload()
    });
    let application = serde_json::json!({
        "application_id": "A", "stage": "s",
        "applicant": {"names": [name], "iin": payload(), "citizenships": [payload()]}
    });
    specimen.application = Application::parse(application.to_string().as_bytes()).unwrap();
    for unmask in [false, true] {
        check_harmless(&page(&specimen, unmask), &base, "the form");
    }
}
