//! A programme as lines for the terminal: its stages with their clocks and rules, and
//! what still has to be confirmed.

use std::collections::BTreeMap;

use pipeline::kind::Kind;
use pipeline::programme::{Certainty, Clock, ClockStart, DayUnit, LegalSource, Programme, Stage};

const MARK: &str = " [to be confirmed]";

/// Returns id, first and last day, and title.
pub(super) fn summary(programme: &Programme) -> String {
    let last = programme.effective_to.map_or_else(|| "open".to_owned(), |day| day.to_string());
    let confirm = if programme.to_confirm { "; to be confirmed" } else { "" };
    let Programme { id, title, effective_from, .. } = programme;
    format!("{id}  {effective_from} to {last}{confirm}  {title}")
}

/// Returns the stages, the rules that hold in all of them, the notes, and the sources
/// that still have to be confirmed.
pub(super) fn describe(programme: &Programme) -> Vec<String> {
    let mut lines = Vec::new();
    for (name, stage) in &programme.stages {
        let mark = mark(programme, &stage.source);
        lines.push(format!("stage {name}: {}{mark}", stage.title));
        lines.extend(describe_stage(programme, stage).into_iter().map(|line| format!("  {line}")));
    }
    lines.push(format!("rules of every stage: {}", tables(programme, "rules.").join(", ")));
    let notes = tables(programme, "notes.");
    if !notes.is_empty() {
        lines.push(format!("notes: {}", notes.join(", ")));
    }
    let unconfirmed: Vec<String> = programme
        .sources
        .iter()
        .filter(|(_, source)| !source.is_confirmed())
        .map(|(name, source)| describe_source(programme, name, source))
        .collect();
    if !unconfirmed.is_empty() {
        lines.push("to be confirmed, by source:".to_owned());
        lines.extend(unconfirmed);
    }
    lines
}

fn describe_stage(programme: &Programme, stage: &Stage) -> Vec<String> {
    let mut lines = vec![format!("required   {}", kinds(&stage.required))];
    if !stage.optional.is_empty() {
        lines.push(format!("optional   {}", kinds(&stage.optional)));
    }
    if let Some(rule) = &stage.passport_validity {
        let mark = mark(programme, &rule.source);
        lines.push(format!("passport   valid for more than {} days{mark}", rule.more_than_days));
    }
    if let Some(rule) = &stage.early_passport_validity {
        lines.push(format!("passport   warns early for {}", rule.for_stage));
    }
    lines.push(stage.clock.as_ref().map_or_else(
        || "clock      none".to_owned(),
        |clock| format!("clock      {}{}", describe_clock(clock), mark(programme, &clock.source)),
    ));
    lines
}

fn describe_clock(clock: &Clock) -> String {
    let Clock { step, days, safe_days, .. } = clock;
    let unit = match clock.unit {
        DayUnit::CalendarDays => "calendar days",
        DayUnit::WorkingDays => "working days",
    };
    let start = match clock.start {
        ClockStart::DayOfApplication => "",
        ClockStart::NotKnown => ", the start is not known",
    };
    format!("{}: {days} {unit}, {safe_days} are safe{start}", step.name())
}

fn describe_source(programme: &Programme, name: &str, source: &LegalSource) -> String {
    let certainty = match source.certainty {
        Certainty::High => "high, for another programme",
        Certainty::Medium => "medium",
        Certainty::Low => "low",
    };
    let named = programme.named_sources();
    let keys = named.iter().filter(|(_, source)| *source == name).map(|(key, _)| key.as_str());
    format!("  {name} ({certainty}): {}", short(keys).join(", "))
}

/// Returns the tables below a prefix that name a source, with their marks.
fn tables(programme: &Programme, prefix: &str) -> Vec<String> {
    let named = programme.named_sources();
    let mut marks: BTreeMap<String, bool> = BTreeMap::new();
    for (key, source) in &named {
        if let Some(key) = key.strip_prefix(prefix) {
            let table = short(std::iter::once(key)).join("");
            *marks.entry(table).or_default() |= programme.is_to_confirm(source);
        }
    }
    marks.into_iter().map(|(table, open)| if open { table + MARK } else { table }).collect()
}

/// Returns the tables of keys, with the many ranges of portrait measures as one.
fn short<'a>(keys: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut tables: Vec<String> = keys
        .map(|key| {
            let table = key.rsplit_once('.').map_or(key, |(table, _)| table);
            let measures = table.find("portrait_measures").map(|at| at + "portrait_measures".len());
            table[..measures.unwrap_or(table.len())].to_owned()
        })
        .collect();
    tables.dedup();
    tables
}

fn mark(programme: &Programme, source: &str) -> &'static str {
    if programme.is_to_confirm(source) { MARK } else { "" }
}

fn kinds(kinds: &[Kind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(id: &str) -> Vec<String> {
        let programme = Programme::built_in().iter().find(|programme| programme.id == id);
        describe(programme.unwrap())
    }

    #[test]
    fn stages_have_their_clocks_and_rules_with_marks() {
        let later = lines("kz-dnr-2026");
        for line in [
            "stage ministry-petition: Petition of the ministry (Astana Hub) [to be confirmed]",
            "  optional   diploma, professional_certificate",
            "  passport   warns early for residence-permit",
            "  clock      migration_check: 3 working days, 2 are safe, the start is not known [to be confirmed]",
            "  passport   valid for more than 180 days",
            "  clock      review: 45 calendar days, 44 are safe [to be confirmed]",
            "notes: entry [to be confirmed], places [to be confirmed], reapplication [to be confirmed]",
            "  order-later (medium): stages.ministry-petition, stages.ministry-petition.clock, \
             notes.reapplication",
            "  order-2025 (high, for another programme): notes.places",
        ] {
            assert!(later.iter().any(|one| one == line), "{line}\nin\n{}", later.join("\n"));
        }
        let first = lines("kz-dnr-2025");
        assert!(first.contains(&"  clock      none".to_owned()), "{first:?}");
        assert!(first.contains(&"notes: places".to_owned()), "{first:?}");
        let rules = first.iter().find(|line| line.starts_with("rules")).unwrap();
        assert!(rules.contains("iin, police_clearance [to be confirmed], portrait_age"), "{rules}");
        assert_eq!(rules.matches("portrait_measures").count(), 1, "{rules}");
    }
}
