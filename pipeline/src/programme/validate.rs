//! Validates a parsed programme: values that cannot be right.

use jiff::tz::TimeZone;

use super::model::{Certainty, Programme};
use super::ranged_measures::RANGED_MEASURES;
use super::rules::Rules;
use crate::application::is_id;

/// Plausible terms: more than ten years is a mistake, and far more is outside the calendar.
const DAYS: std::ops::RangeInclusive<i64> = 0..=3660;
const TEN_YEARS: &str = "must be between 0 and 3660 days";

/// Returns the implausible values: key and fault, in a fixed order.
pub(super) fn find_faults(programme: &Programme) -> Vec<(String, String)> {
    let mut faults = Faults::default();
    check_dates_and_stages(programme, &mut faults);
    check_sources(programme, &mut faults);
    check_terms(programme, &mut faults);
    check_portrait_rules(&programme.rules, &mut faults);
    faults.0
}

fn check_dates_and_stages(programme: &Programme, faults: &mut Faults) {
    if let Some(last) = programme.effective_to {
        faults.add_unless(
            programme.effective_from <= last,
            "effective_to",
            "before effective_from",
        );
    }
    let zone = TimeZone::get(&programme.timezone);
    faults.add_unless(zone.is_ok(), "timezone", "no zone of that name in the tz database");
    faults.add_unless(!programme.stages.is_empty(), "stages", "at least one stage is needed");
    for (name, stage) in &programme.stages {
        let twice = stage.required.iter().find(|kind| stage.optional.contains(kind));
        faults.add_unless(
            twice.is_none(),
            &format!("stages.{name}.optional"),
            "contains a required kind",
        );
        faults.add_unless(
            !stage.required.is_empty(),
            &format!("stages.{name}.required"),
            "is empty",
        );
    }
}

fn check_sources(programme: &Programme, faults: &mut Faults) {
    for (key, source) in named_sources(programme) {
        let known = programme.sources.contains_key(source);
        faults.add_unless(known, &key, &format!("no [sources.{source}]"));
    }
    for (key, source) in failing_sources(&programme.rules) {
        let low = programme.sources.get(source).is_some_and(|s| s.certainty == Certainty::Low);
        faults.add_unless(!low, key, "a rule that can fail rests on a source of low certainty");
    }
}

fn check_terms(programme: &Programme, faults: &mut Faults) {
    let rules = &programme.rules;
    let validity = &rules.passport_validity;
    faults.add_unless(
        DAYS.contains(&validity.more_than_days),
        "rules.passport_validity.more_than_days",
        TEN_YEARS,
    );
    faults.add_unless(
        DAYS.contains(&validity.close_days),
        "rules.passport_validity.close_days",
        TEN_YEARS,
    );
    let window = &rules.expiry_window;
    let years = i32::from(window.years_back) + i32::from(window.years_ahead);
    faults.add_unless(
        (1..100).contains(&years),
        "rules.expiry_window.years_ahead",
        "the window must span 1 to 99 years, or a two-digit year has two meanings",
    );
    faults.add_unless(
        (0..=window.years_ahead).contains(&window.unsure_beyond_years),
        "rules.expiry_window.unsure_beyond_years",
        "must be between 0 and years_ahead",
    );
    faults.add_unless(DAYS.contains(&rules.review.days), "rules.review.days", TEN_YEARS);
    faults.add_unless(is_id(&programme.id), "id", "1 to 64 of A-Z a-z 0-9 . _ -");
    faults.add_unless(
        (0..=rules.review.days).contains(&rules.review.safe_days),
        "rules.review.safe_days",
        "must be between 0 and days",
    );
    faults.add_unless(
        DAYS.contains(&rules.police_clearance.valid_days),
        "rules.police_clearance.valid_days",
        TEN_YEARS,
    );
}

fn check_portrait_rules(rules: &Rules, faults: &mut Faults) {
    let ratio = &rules.portrait_ratio;
    let print = ratio.width_mm / ratio.height_mm;
    faults.add_unless(
        ratio.width_mm > 0.0 && ratio.height_mm > 0.0,
        "rules.portrait_ratio.width_mm",
        "a print has a size",
    );
    faults.add_unless(
        (0.0..0.5).contains(&ratio.tolerance),
        "rules.portrait_ratio.tolerance",
        "is a share from 0 to 0.5",
    );
    faults.add_unless(
        ratio.warn_low <= print && print <= ratio.warn_high,
        "rules.portrait_ratio.warn_low",
        "the print's own ratio is outside warn_low to warn_high",
    );
    let colour = &rules.portrait_colour;
    faults.add_unless(
        0.0 <= colour.grey_below
            && colour.grey_below <= colour.unsure_below
            && colour.unsure_below <= 1.0,
        "rules.portrait_colour.unsure_below",
        "0 <= grey_below <= unsure_below <= 1 is needed",
    );
    for (name, range) in [
        ("portrait_head_height", &rules.portrait_head_height),
        ("portrait_eye_line", &rules.portrait_eye_line),
    ] {
        let fits =
            0.0 < range.low_mm && range.low_mm < range.high_mm && range.high_mm <= ratio.height_mm;
        faults.add_unless(
            fits,
            &format!("rules.{name}.low_mm"),
            "0 < low_mm < high_mm <= height of the print is needed",
        );
    }
    for (name, range) in &rules.portrait_measures {
        let key = format!("rules.portrait_measures.{name}");
        let known: Vec<&str> = RANGED_MEASURES.iter().map(|(name, _)| *name).collect();
        faults.add_unless(
            known.contains(&name.as_str()),
            &key,
            &format!("no such measure; there are {}", known.join(", ")),
        );
        let (low, high) = (range.low.unwrap_or(f64::MIN), range.high.unwrap_or(f64::MAX));
        faults.add_unless(
            low < high && (range.low.is_some() || range.high.is_some()),
            &key,
            "low < high is needed, or one of them",
        );
    }
    faults.add_unless(
        rules.portrait_age.months > 0,
        "rules.portrait_age.months",
        "more than 0 is needed",
    );
}

/// Returns every key that names a source, and the name.
fn named_sources(programme: &Programme) -> Vec<(String, &str)> {
    let rules = &programme.rules;
    let stages = programme
        .stages
        .iter()
        .map(|(name, stage)| (format!("stages.{name}.source"), stage.source.as_str()));
    let tables = [
        ("passport_validity.source", &rules.passport_validity.source),
        ("expiry_window.source", &rules.expiry_window.source),
        ("review.source", &rules.review.source),
        ("police_clearance.source", &rules.police_clearance.source),
        ("portrait_ratio.source", &rules.portrait_ratio.source),
        ("portrait_ratio.warn_source", &rules.portrait_ratio.warn_source),
        ("portrait_size.source", &rules.portrait_size.source),
        ("portrait_colour.source", &rules.portrait_colour.source),
        ("portrait_head_height.source", &rules.portrait_head_height.source),
        ("portrait_eye_line.source", &rules.portrait_eye_line.source),
        ("portrait_age.source", &rules.portrait_age.source),
        ("iin.source", &rules.iin.source),
        ("form_comparison.source", &rules.form_comparison.source),
        ("visual_comparison.source", &rules.visual_comparison.source),
    ];
    let measures = rules.portrait_measures.iter().map(|(name, range)| {
        (format!("rules.portrait_measures.{name}.source"), range.source.as_str())
    });
    stages
        .chain(measures)
        .chain(tables.map(|(key, source)| (format!("rules.{key}"), source.as_str())))
        .collect()
}

/// Returns the sources of the rules that may fail.
fn failing_sources(rules: &Rules) -> [(&'static str, &str); 5] {
    [
        ("rules.passport_validity.source", &rules.passport_validity.source),
        ("rules.portrait_ratio.source", &rules.portrait_ratio.source),
        ("rules.portrait_size.source", &rules.portrait_size.source),
        ("rules.portrait_colour.source", &rules.portrait_colour.source),
        ("rules.iin.source", &rules.iin.source),
    ]
}

/// Faults found so far: key and fault.
#[derive(Default)]
struct Faults(Vec<(String, String)>);

impl Faults {
    /// Adds a fault unless the value is valid.
    fn add_unless(&mut self, is_valid: bool, key: &str, fault: &str) {
        if !is_valid {
            self.0.push((key.to_owned(), fault.to_owned()));
        }
    }
}
