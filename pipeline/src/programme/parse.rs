//! Parses a programme file; every fault has file, line and key.

use toml::de::{DeTable, DeValue};

use super::model::Programme;
use super::validate::find_faults;
use crate::digest::sha256;

/// The faults of a programme file, one line each: `file:line: key: fault`.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ProgrammeError(pub Vec<String>);

impl Programme {
    /// Parses and validates the text of a programme file.
    ///
    /// # Errors
    /// The first syntax error, or every implausible value; each names the file,
    /// the line and the key.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProgrammeError> {
        let syntax = |error: toml::de::Error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            let key = key_at(text, line);
            ProgrammeError(vec![format!("{file}:{line}: {key}{}", error.message().trim_end())])
        };
        let mut programme: Self = toml::from_str(text).map_err(syntax)?;
        programme.sha256 = sha256(text.as_bytes());

        let tree = DeTable::parse(text).map_err(syntax)?;
        let mut faults = Vec::new();
        for (key, what) in find_faults(&programme) {
            let line = line_of(text, start_of(tree.get_ref(), &key));
            faults.push(format!("{file}:{line}: {key}: {what}"));
        }
        if faults.is_empty() { Ok(programme) } else { Err(ProgrammeError(faults)) }
    }
}

/// Returns the offset of the key, or of the nearest table around it that exists.
fn start_of(table: &DeTable<'_>, key: &str) -> usize {
    let mut table = table;
    let mut start = 0;
    for part in key.split('.') {
        let Some((name, value)) = table.get_key_value(part) else { break };
        start = name.span().start;
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    start
}

/// Returns `table.key: ` of a line by the text alone: a file with a syntax error
/// has no tree.
fn key_at(text: &str, line: usize) -> String {
    let mut table = "";
    for (number, text) in text.lines().enumerate().take(line) {
        if let Some(name) = text.strip_prefix('[') {
            table = name.trim_end_matches(']');
        } else if number + 1 == line
            && let Some((key, _)) = text.split_once('=')
        {
            let dot = if table.is_empty() { "" } else { "." };
            return format!("{table}{dot}{}: ", key.trim());
        }
    }
    if table.is_empty() { String::new() } else { format!("{table}: ") }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = include_str!("../../programmes/kz-dnr-2025.toml");

    #[track_caller]
    fn check(from: &str, to: &str, message: &str) {
        assert!(TEXT.contains(from), "the file no longer contains {from}");
        let error =
            Programme::parse("rules.toml", &TEXT.replace(from, to)).unwrap_err().to_string();
        let line = TEXT.lines().position(|line| line.contains(from)).unwrap() + 1;
        assert!(error.contains(message), "{error}");
        assert!(error.starts_with("rules.toml:"), "{error}");
        let reported: usize = error.split(':').nth(1).unwrap().parse().unwrap();
        assert!(
            reported.abs_diff(line) <= 1,
            "line {reported} is reported, {line} is right: {error}"
        );
    }

    #[test]
    fn faults_name_file_line_and_key() {
        check("more_than_days = 180", "more_than_days = \"many\"", "invalid type");
        check("more_than_days = 180", "more_than_days = 180\nmore_then = 1", "more_then");
        check(
            "more_than_days = 180",
            "more_than_days = -1",
            "stages.residence-permit.passport_validity.more_than_days: must be between",
        );
        check(
            "effective_to = 2025-12-31",
            "effective_to = 2024-12-31",
            "effective_to: before effective_from",
        );
        check("documents_at_most = 100", "documents_at_most = 201", "must be between 1 and 200");
        check("timezone = \"Asia/Almaty\"", "timezone = \"Asia/Atlantis\"", "timezone: no zone");
        check(
            "source = \"permanent-residence-service\"",
            "source = \"hearsay\"",
            "stages.residence-permit.passport_validity.source: no [sources.hearsay]",
        );
        check("warn_low = 0.74", "warn_low = 0.79", "rules.portrait_ratio.warn_low");
        check("low_mm = 32.0", "low_mm = 37.0", "rules.portrait_head_height.low_mm");
        check("years_ahead = 20", "years_ahead = 70", "rules.expiry_window.years_ahead");
        check(
            "optional = [\"diploma\"]",
            "optional = [\"cv\"]",
            "stages.ministry-petition.optional",
        );
        check("\"cv\", ", "\"resume\", ", "unknown variant `resume`");
    }

    #[test]
    fn a_rule_that_nothing_applies_is_a_fault() {
        let later = |from: &str, to: &str, key: &str| {
            let text = include_str!("../../programmes/kz-dnr-2026.toml");
            assert!(text.contains(from), "the file no longer contains {from}");
            let error = Programme::parse("rules.toml", &text.replace(from, to)).unwrap_err();
            let found = error.0.iter().any(|fault| fault.contains(&format!(": {key}")));
            assert!(found, "{key} is not in\n{error}");
            let lines: Vec<usize> = error
                .0
                .iter()
                .map(|fault| fault.split(':').nth(1).unwrap().parse().unwrap())
                .collect();
            assert!(lines.iter().all(|line| 1 < *line), "{error}");
        };
        let clearance = "\"police_clearance\", ";
        later(clearance, "", "rules.police_clearance: applied nowhere");
        later(
            "required = [\"passport\", \"passport_translation\", ",
            "required = [\"passport_translation\", ",
            "stages.residence-permit.passport_validity: applied nowhere: the stage does not ask",
        );
        later(
            "required = [\"passport\", \"cv\", ",
            "required = [\"cv\", ",
            "stages.ministry-petition.early_passport_validity: applied nowhere",
        );
        later(
            "[stages.ministry-petition.early_passport_validity]",
            "[stages.residence-permit.early_passport_validity]",
            "stages.residence-permit.early_passport_validity: applied nowhere: the stage has its own",
        );
        later(
            "for_stage = \"residence-permit\"",
            "for_stage = \"visa\"",
            "stages.ministry-petition.early_passport_validity.for_stage: no stage",
        );
        let working = "unit = \"working_days\"";
        later(working, "unit = \"calendar_days\"", "holidays: applied nowhere");
        later("holidays = \"kz\"\n", "", "stages.ministry-petition.clock.unit: working days need");
        later("holidays = \"kz\"", "holidays = \"mars\"", "holidays: no such table");
        later(
            "safe_days = 2",
            "safe_days = 4",
            "stages.ministry-petition.clock.safe_days: must be",
        );
        later("days = 30", "days = -30", "notes.entry.days: must be between");
        later("places = [\"Astana\", \"Almaty\"]", "places = []", "notes.places.places: at least");
        later("[notes.entry]", "[notes.visa]", "notes.visa");
        later(
            "optional = [\"diploma\", ",
            "optional = [\"diploma\", \"diploma\", ",
            "stages.ministry-petition.optional: contains a kind twice",
        );
        later(
            "source = \"entry-term\"",
            "source = \"order-later\"",
            "sources.entry-term: no table",
        );
        later(
            "source = \"order-later\" # to be confirmed\nrequired",
            "source = \"own-figures\"\nrequired",
            "stages.ministry-petition.source: a rule that can fail",
        );
    }

    #[test]
    fn a_rule_that_can_fail_needs_more_than_one_secondary_page() {
        let text = TEXT.replace(
            "source = \"photo-matrix\" # to be confirmed\nmin_width_px",
            "source = \"iso-portrait\"\nmin_width_px",
        );
        let error = Programme::parse("rules.toml", &text).unwrap_err().to_string();
        assert!(error.contains("rules.portrait_size.source: a rule that can fail"), "{error}");
    }

    #[test]
    fn a_missing_rule_is_named() {
        let text = TEXT.replace("[rules.iin]\nsource = \"iin\"\n", "");
        let error = Programme::parse("rules.toml", &text).unwrap_err().to_string();
        assert!(error.contains("missing field `iin`"), "{error}");
    }
}
