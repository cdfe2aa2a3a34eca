//! Faults in the sources: unknown ones, unused ones, and those that cannot carry a rule.

use super::Faults;
use crate::programme::model::{Certainty, Programme};

pub(super) fn check_sources(programme: &Programme, faults: &mut Faults) {
    let named = programme.named_sources();
    for (key, source) in &named {
        let known = programme.sources.contains_key(*source);
        faults.add_unless(known, key, &format!("no [sources.{source}]"));
    }
    for (key, source) in failing_sources(programme) {
        let low = programme.sources.get(source).is_some_and(|s| s.certainty == Certainty::Low);
        faults.add_unless(!low, &key, "a rule that can fail rests on a source of low certainty");
    }
    for name in programme.sources.keys() {
        let used = named.iter().any(|(_, source)| source == name);
        faults.add_unless(used, &format!("sources.{name}"), "no table names it");
    }
}

impl Programme {
    /// Returns every key of the file that names a source, and the name.
    #[must_use]
    pub fn named_sources(&self) -> Vec<(String, &str)> {
        let mut all = stage_sources(self);
        all.extend(rule_sources(self));
        let notes = &self.notes;
        let notes = [
            ("notes.places.source", notes.places.as_ref().map(|note| &note.source)),
            ("notes.reapplication.source", notes.reapplication.as_ref().map(|note| &note.source)),
            ("notes.entry.source", notes.entry.as_ref().map(|note| &note.source)),
        ];
        all.extend(
            notes.into_iter().filter_map(|(key, source)| Some((key.to_owned(), source?.as_str()))),
        );
        all
    }
}

fn stage_sources(programme: &Programme) -> Vec<(String, &str)> {
    let mut all = Vec::new();
    for (name, stage) in &programme.stages {
        all.push((format!("stages.{name}.source"), stage.source.as_str()));
        let validity = stage.passport_validity.as_ref().map(|rule| rule.source.as_str());
        all.extend(validity.map(|it| (format!("stages.{name}.passport_validity.source"), it)));
        let clock = stage.clock.as_ref().map(|rule| rule.source.as_str());
        all.extend(clock.map(|it| (format!("stages.{name}.clock.source"), it)));
    }
    all
}

fn rule_sources(programme: &Programme) -> impl Iterator<Item = (String, &str)> {
    let rules = &programme.rules;
    let tables = [
        ("expiry_window.source", &rules.expiry_window.source),
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
    let clearance =
        rules.police_clearance.iter().map(|rule| ("police_clearance.source", &rule.source));
    let tables = tables.into_iter().chain(clearance);
    let measures = rules.portrait_measures.iter().map(|(name, range)| {
        (format!("rules.portrait_measures.{name}.source"), range.source.as_str())
    });
    tables.map(|(key, source)| (format!("rules.{key}"), source.as_str())).chain(measures)
}

/// Returns the sources of the rules that may fail.
fn failing_sources(programme: &Programme) -> Vec<(String, &str)> {
    let rules = &programme.rules;
    let tables = [
        ("rules.portrait_ratio.source", &rules.portrait_ratio.source),
        ("rules.portrait_ratio.warn_source", &rules.portrait_ratio.warn_source),
        ("rules.portrait_size.source", &rules.portrait_size.source),
        ("rules.portrait_colour.source", &rules.portrait_colour.source),
        ("rules.iin.source", &rules.iin.source),
    ];
    let clock = |key: &str| key.ends_with(".clock.source");
    let mut all = stage_sources(programme);
    all.retain(|(key, _)| !clock(key));
    all.extend(tables.map(|(key, source)| (key.to_owned(), source.as_str())));
    all
}
