//! Reading a programme file: every fault with file, line and key.

use jiff::tz::TimeZone;
use toml::de::{DeTable, DeValue};

use super::{Certainty, Programme, RANGED_MEASURES};
use crate::application::is_id;

/// Terms of ten years and more are slips; far larger ones leave the calendar.
const DAYS: std::ops::RangeInclusive<i64> = 0..=3660;
const TEN_YEARS: &str = "must lie between 0 and 3660 days";

/// What is wrong with a programme file, one line a fault: `file:line: key: what`.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ProgrammeError(pub Vec<String>);

impl Programme {
    /// Reads and checks the text of a programme file.
    ///
    /// # Errors
    /// The first fault of form, or every value that cannot be meant; each
    /// names the file, the line and the key.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProgrammeError> {
        let form = |error: toml::de::Error| {
            let line = error.span().map_or(1, |span| line_of(text, span.start));
            let key = key_at(text, line);
            ProgrammeError(vec![format!("{file}:{line}: {key}{}", error.message().trim_end())])
        };
        let mut programme: Self = toml::from_str(text).map_err(form)?;
        programme.sha256 = crate::digest::sha256(text.as_bytes());

        let tree = DeTable::parse(text).map_err(form)?;
        let mut faults = Vec::new();
        for (key, what) in programme.faults() {
            let line = line_of(text, start_of(tree.get_ref(), &key));
            faults.push(format!("{file}:{line}: {key}: {what}"));
        }
        if faults.is_empty() { Ok(programme) } else { Err(ProgrammeError(faults)) }
    }

    /// Values that parse and cannot be meant: key and what is wrong.
    fn faults(&self) -> Vec<(String, String)> {
        let mut faults = Faults::default();
        let rules = &self.rules;
        if let Some(last) = self.effective_to {
            faults.unless(self.effective_from <= last, "effective_to", "before effective_from");
        }
        let zone = TimeZone::get(&self.timezone);
        faults.unless(zone.is_ok(), "timezone", "no zone of that name in the tz database");
        faults.unless(!self.stages.is_empty(), "stages", "at least one stage is needed");
        for (name, stage) in &self.stages {
            let twice = stage.required.iter().find(|kind| stage.optional.contains(kind));
            faults.unless(
                twice.is_none(),
                &format!("stages.{name}.optional"),
                "holds a required kind",
            );
            faults.unless(
                !stage.required.is_empty(),
                &format!("stages.{name}.required"),
                "is empty",
            );
        }
        for (key, source) in self.named_sources() {
            let known = self.sources.contains_key(source);
            faults.unless(known, &key, &format!("no [sources.{source}]"));
        }
        for (key, source) in self.failing_sources() {
            let low = self.sources.get(source).is_some_and(|s| s.certainty == Certainty::Low);
            faults.unless(!low, key, "a rule that can fail rests on a source of low certainty");
        }
        let validity = &rules.passport_validity;
        faults.unless(
            DAYS.contains(&validity.more_than_days),
            "rules.passport_validity.more_than_days",
            TEN_YEARS,
        );
        faults.unless(
            DAYS.contains(&validity.close_days),
            "rules.passport_validity.close_days",
            TEN_YEARS,
        );
        let window = &rules.expiry_window;
        let years = i32::from(window.years_back) + i32::from(window.years_ahead);
        faults.unless(
            (1..100).contains(&years),
            "rules.expiry_window.years_ahead",
            "the window must span 1 to 99 years, or a two-digit year has two meanings",
        );
        faults.unless(
            (0..=window.years_ahead).contains(&window.unsure_beyond_years),
            "rules.expiry_window.unsure_beyond_years",
            "must lie between 0 and years_ahead",
        );
        faults.unless(DAYS.contains(&rules.review.days), "rules.review.days", TEN_YEARS);
        faults.unless(is_id(&self.id), "id", "1 to 64 of A-Z a-z 0-9 . _ -");
        faults.unless(
            (0..=rules.review.days).contains(&rules.review.safe_days),
            "rules.review.safe_days",
            "must lie between 0 and days",
        );
        faults.unless(
            DAYS.contains(&rules.police_clearance.valid_days),
            "rules.police_clearance.valid_days",
            TEN_YEARS,
        );
        self.portrait_faults(&mut faults);
        faults.0
    }

    fn portrait_faults(&self, faults: &mut Faults) {
        let rules = &self.rules;
        let ratio = &rules.portrait_ratio;
        let print = ratio.width_mm / ratio.height_mm;
        faults.unless(
            ratio.width_mm > 0.0 && ratio.height_mm > 0.0,
            "rules.portrait_ratio.width_mm",
            "a print has a size",
        );
        faults.unless(
            (0.0..0.5).contains(&ratio.tolerance),
            "rules.portrait_ratio.tolerance",
            "is a share from 0 to 0.5",
        );
        faults.unless(
            ratio.warn_low <= print && print <= ratio.warn_high,
            "rules.portrait_ratio.warn_low",
            "the print's own ratio lies outside warn_low to warn_high",
        );
        let colour = &rules.portrait_colour;
        faults.unless(
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
            let fits = 0.0 < range.low_mm
                && range.low_mm < range.high_mm
                && range.high_mm <= ratio.height_mm;
            faults.unless(
                fits,
                &format!("rules.{name}.low_mm"),
                "0 < low_mm < high_mm <= height of the print is needed",
            );
        }
        for (name, range) in &rules.portrait_measures {
            let key = format!("rules.portrait_measures.{name}");
            let known: Vec<&str> = RANGED_MEASURES.iter().map(|(name, _)| *name).collect();
            faults.unless(
                known.contains(&name.as_str()),
                &key,
                &format!("no such measure; there are {}", known.join(", ")),
            );
            let (low, high) = (range.low.unwrap_or(f64::MIN), range.high.unwrap_or(f64::MAX));
            faults.unless(
                low < high && (range.low.is_some() || range.high.is_some()),
                &key,
                "low < high is needed, or one of them",
            );
        }
        faults.unless(
            rules.portrait_age.months > 0,
            "rules.portrait_age.months",
            "more than 0 is needed",
        );
    }

    fn named_sources(&self) -> Vec<(String, &str)> {
        let rules = &self.rules;
        let stages = self
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
        ];
        let measures = rules.portrait_measures.iter().map(|(name, range)| {
            (format!("rules.portrait_measures.{name}.source"), range.source.as_str())
        });
        stages
            .chain(measures)
            .chain(tables.map(|(key, source)| (format!("rules.{key}"), source.as_str())))
            .collect()
    }

    /// Rules whose outcome may be `fail`.
    fn failing_sources(&self) -> [(&'static str, &str); 5] {
        let rules = &self.rules;
        [
            ("rules.passport_validity.source", &rules.passport_validity.source),
            ("rules.portrait_ratio.source", &rules.portrait_ratio.source),
            ("rules.portrait_size.source", &rules.portrait_size.source),
            ("rules.portrait_colour.source", &rules.portrait_colour.source),
            ("rules.iin.source", &rules.iin.source),
        ]
    }
}

#[derive(Default)]
struct Faults(Vec<(String, String)>);

impl Faults {
    fn unless(&mut self, fine: bool, key: &str, what: &str) {
        if !fine {
            self.0.push((key.to_owned(), what.to_owned()));
        }
    }
}

/// Where the key stands, or the nearest table around it that does.
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

/// `table.key: ` of a line, by the text alone: a file that is faulty in form has no tree.
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
        assert!(TEXT.contains(from), "the file no longer holds {from}");
        let error =
            Programme::parse("rules.toml", &TEXT.replace(from, to)).unwrap_err().to_string();
        let line = TEXT.lines().position(|line| line.contains(from)).unwrap() + 1;
        assert!(error.contains(message), "{error}");
        assert!(error.starts_with("rules.toml:"), "{error}");
        let said: usize = error.split(':').nth(1).unwrap().parse().unwrap();
        assert!(said.abs_diff(line) <= 1, "line {said} is said, {line} is meant: {error}");
    }

    #[test]
    fn faults_name_file_line_and_key() {
        check("more_than_days = 180", "more_than_days = \"many\"", "invalid type");
        check("more_than_days = 180", "more_than_days = 180\nmore_then = 1", "more_then");
        check(
            "more_than_days = 180",
            "more_than_days = -1",
            "rules.passport_validity.more_than_days: must lie between",
        );
        check(
            "effective_to = 2025-12-31",
            "effective_to = 2024-12-31",
            "effective_to: before effective_from",
        );
        check("timezone = \"Asia/Almaty\"", "timezone = \"Asia/Atlantis\"", "timezone: no zone");
        check(
            "source = \"permanent-residence-service\"",
            "source = \"hearsay\"",
            "rules.passport_validity.source: no [sources.hearsay]",
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
    fn a_rule_that_can_fail_needs_more_than_one_secondary_page() {
        let text = TEXT.replace(
            "source = \"photo-matrix\"\nmin_width_px",
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
