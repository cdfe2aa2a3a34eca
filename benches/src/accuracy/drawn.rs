//! Scores any number of drawn pages, by seed.

use std::fmt::Write as _;

use fixtures::encode;
use fixtures::passport::Format;
use fixtures::passport::damage::{Hidden, ZoneDamage, draw_damaged};
use fixtures::passport::varied::VariedPage;
use serde_json::{Value, json};

use super::BenchError;
use super::folder::{Options, Page, score, score_with};
use super::layout::{Layout, layout};
use super::print::Printed;
use super::score::Score;
use super::statistics::upper_bound;
use super::truth::Truth;

/// Scores the pages of the seeds `0..count`.
///
/// # Errors
/// When a font is missing or a page cannot be kept.
pub fn score_pages(count: usize, options: &Options) -> Result<Vec<Score>, BenchError> {
    score(count, options, |i| {
        let page = VariedPage::random(i as u64);
        let bytes = page.degradation.encode(&page.draw()?);
        Ok(Page { truth: truth(&page, i, page.handling), bytes })
    })
}

fn truth(page: &VariedPage, i: usize, notes: &str) -> Truth {
    Truth {
        file: format!("drawn-{i:05}.jpg"),
        format: page.specimen.format.name().to_uppercase(),
        lines: page.specimen.lines(),
        expiry: page.specimen.expiry.to_string(),
        notes: format!("{notes}; scale={:.1}", page.scale),
        printed: printed(page),
    }
}

/// Visas and cards have no date of issue, or their print is not above the zone.
fn printed(page: &VariedPage) -> Option<Printed> {
    let is_passport = page.specimen.format == Format::Td3;
    let issue = Some(page.specimen.issue.to_string());
    is_passport.then(|| Printed { issue, ..Printed::default() })
}

/// The score of one page with a damaged zone.
pub struct DamagedScore {
    /// File name of the page.
    pub file: String,
    /// The kind of damage.
    pub damage: ZoneDamage,
    /// Whether a zone was reported.
    pub zone: bool,
    /// Sure fields.
    pub sure: Vec<&'static str>,
    /// Sure fields with a hidden character.
    pub sure_of_hidden: Vec<&'static str>,
}

/// Scores pages whose zones are absent, cut or painted over, in turn.
///
/// # Errors
/// When a font is missing or a page cannot be kept.
pub fn score_damaged_pages(
    count: usize,
    options: &Options,
) -> Result<Vec<DamagedScore>, BenchError> {
    let kind = |i: usize| ZoneDamage::ALL[i % ZoneDamage::ALL.len()];
    let draw = |i: usize| {
        let page = VariedPage::random(i as u64);
        let damaged = draw_damaged(&page, kind(i), i as u64)?;
        Ok::<_, BenchError>((page, damaged))
    };
    let page = |i: usize| {
        let (page, damaged) = draw(i)?;
        let notes =
            format!("{}; {}; hidden={}", kind(i).name(), page.handling, spans(&damaged.hidden));
        let bytes = encode::jpeg(&damaged.picture, page.degradation.jpeg_quality);
        Ok(Page { truth: truth(&page, i, &notes), bytes })
    };
    score_with(count, options, page, |i, score| damaged_score(&score, kind(i)))
}

/// Formats ranges as `line:from-to`, from 0, joined by commas.
fn spans(hidden: &[Hidden]) -> String {
    let spans: Vec<String> =
        hidden.iter().map(|h| format!("{}:{}-{}", h.line, h.from, h.to)).collect();
    spans.join(",")
}

fn parse_spans(notes: &str) -> Vec<Hidden> {
    let spans = notes.split("hidden=").nth(1).and_then(|rest| rest.split(';').next());
    let span = |text: &str| {
        let (line, range) = text.trim().split_once(':')?;
        let (from, to) = range.split_once('-')?;
        Some(Hidden { line: line.parse().ok()?, from: from.parse().ok()?, to: to.parse().ok()? })
    };
    spans.unwrap_or_default().split(',').filter_map(span).collect()
}

fn damaged_score(score: &Score, damage: ZoneDamage) -> DamagedScore {
    let hidden = parse_spans(&score.truth.notes);
    let layout = layout(&score.truth.format);
    let is_hidden = |name: &&str| layout.is_none_or(|layout| covers(layout, &hidden, name));
    DamagedScore {
        file: score.truth.file.clone(),
        damage,
        zone: !score.read.is_empty(),
        sure_of_hidden: score.sure_fields.iter().copied().filter(is_hidden).collect(),
        sure: score.sure_fields.clone(),
    }
}

/// Checks whether a character of the field or of its digit is hidden. Fields
/// without a check digit are never sure, so any other name counts as hidden.
fn covers(layout: &Layout, hidden: &[Hidden], name: &str) -> bool {
    let (line, from, to) = match name {
        "document_number" => layout.number,
        "date_of_birth" => layout.birth,
        "date_of_expiry" => layout.expiry,
        "personal_number" => layout.optional,
        _ => return true,
    };
    hidden.iter().any(|h| h.line == line && h.from <= to && from < h.to)
}

/// Returns a table of sure pages by kind of damage.
#[must_use]
pub fn table(scores: &[DamagedScore]) -> String {
    let mut text = format!(
        "{:12}{:>8}{:>14}{:>18}{:>16}{:>20}\n",
        "damage",
        "pages",
        "zone reported",
        "sure of anything",
        "sure of expiry",
        "sure of the hidden"
    );
    for damage in ZoneDamage::ALL {
        let some: Vec<&DamagedScore> = scores.iter().filter(|v| v.damage == damage).collect();
        row(&mut text, damage.name(), &some);
    }
    let all: Vec<&DamagedScore> = scores.iter().collect();
    row(&mut text, "all", &all);
    let sure = all.iter().filter(|v| !v.sure.is_empty()).count() as u64;
    // writing to a string does not fail
    let _ = writeln!(
        text,
        "\nsure of anything: {sure} of {} (must be 0); the rate is below {:.3} % (95 %, one-sided)",
        all.len(),
        100.0 * upper_bound(sure, all.len() as u64)
    );
    text
}

/// Returns every page, and the number of sure pages, as JSON.
#[must_use]
pub fn json(scores: &[DamagedScore]) -> Value {
    let page = |v: &DamagedScore| {
        json!({
            "file": v.file,
            "damage": v.damage.name(),
            "zone": v.zone,
            "sure": v.sure,
            "sure_of_hidden": v.sure_of_hidden,
        })
    };
    let sure = scores.iter().filter(|v| !v.sure.is_empty()).count() as u64;
    json!({
        "pages": scores.len(),
        "sure_of_anything": sure,
        "sure_below": upper_bound(sure, scores.len() as u64),
        "scores": scores.iter().map(page).collect::<Vec<Value>>(),
    })
}

fn row(text: &mut String, name: &str, scores: &[&DamagedScore]) {
    let count = |of: fn(&DamagedScore) -> bool| scores.iter().filter(|v| of(v)).count();
    let _ = writeln!(
        text,
        "{name:12}{:>8}{:>14}{:>18}{:>16}{:>20}",
        scores.len(),
        count(|v| v.zone),
        count(|v| !v.sure.is_empty()),
        count(|v| v.sure.contains(&"date_of_expiry")),
        count(|v| !v.sure_of_hidden.is_empty()),
    );
}

/// Lists the pages with a sure field.
#[must_use]
pub fn list_sure_pages(scores: &[DamagedScore]) -> String {
    let sure = scores.iter().filter(|verdict| !verdict.sure.is_empty());
    sure.map(|v| {
        let (all, hidden) = (v.sure.join(" "), v.sure_of_hidden.join(" "));
        format!("{} {}: sure of {all}; hidden of these: {hidden}\n", v.file, v.damage.name())
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_written() {
        let hidden = vec![Hidden { line: 0, from: 0, to: 3 }, Hidden { line: 1, from: 21, to: 30 }];
        assert_eq!(parse_spans(&format!("bar; phone; hidden={}; scale=9", spans(&hidden))), hidden);
        assert!(parse_spans("clean").is_empty());
    }

    #[test]
    fn a_field_is_hidden_when_one_of_its_characters_or_its_digit_is() {
        let layout = layout("TD3").unwrap();
        let covered = |from, to| covers(layout, &[Hidden { line: 1, from, to }], "date_of_expiry");
        assert!(covered(0, 22) && covered(27, 28) && covered(24, 25));
        assert!(!covered(0, 21) && !covered(28, 44));
        assert!(covers(layout, &[], "surname"));
    }

    #[test]
    fn drawn_pages_are_scored_in_order_on_any_number_of_threads() {
        let files = |threads| {
            let options = Options {
                threads,
                keep: None,
                convert: false,
                visual_zone: true,
                printed: std::collections::BTreeMap::new(),
                progress: |_, _| {},
            };
            let scores = score_pages(3, &options).unwrap();
            scores.into_iter().map(|s| (s.truth.file, s.read)).collect::<Vec<_>>()
        };
        assert_eq!(files(1), files(2));
    }
}
