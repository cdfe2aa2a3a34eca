//! Compares a reading with the truth.

use std::collections::BTreeMap;

use pipeline::examination::{Field, FieldName, Source};
use pipeline::passport::PassportReading;

use super::print::PrintResult;
use super::timing::Times;
use super::truth::Truth;

/// The result of one page.
#[derive(Clone, Debug)]
pub struct Score {
    /// The printed content.
    pub truth: Truth,
    /// The lines as read; empty if no zone was found.
    pub read: Vec<String>,
    /// The expiry as read, in the pipeline's plain form.
    pub expiry_read: String,
    /// Whether the file does not open, or its type is not accepted.
    pub refused: bool,
    /// Whether the day of expiry is correct, or none is printed and none was read.
    pub expiry: bool,
    /// Whether every character of the second line is correct.
    pub second: bool,
    /// Whether every character of all lines is correct.
    pub whole: bool,
    /// Whether the expiry is sure.
    pub sure: bool,
    /// Whether a sure expiry differs from the printed one.
    pub wrong: bool,
    /// Whether the printed check digits are correct.
    pub valid: bool,
    /// Names of all sure fields.
    pub sure_fields: Vec<&'static str>,
    /// Printed fields, where the print of the page is known.
    pub print: BTreeMap<FieldName, PrintResult>,
    /// Durations in milliseconds.
    pub times: Times,
}

impl Score {
    /// Compares a reading with the truth.
    #[must_use]
    pub fn new(truth: Truth, reading: &PassportReading, times: Times) -> Self {
        let read = reading.zones.first().map(|zone| zone.lines.clone()).unwrap_or_default();
        let expiries = || reading.fields.iter().filter(|f| f.name == FieldName::DateOfExpiry);
        let shown = expiries()
            .find(|field| field.sure)
            .or_else(|| expiries().find(|field| field.source == Source::Mrz))
            .or_else(|| expiries().next());
        let right = |field: &Field| is_day(&field.value, &truth.expiry);
        let sure = expiries().any(|field| field.sure);
        Self {
            refused: times.refused,
            expiry: shown.map_or(truth.expiry.is_empty(), right),
            expiry_read: shown.map(|field| field.value.clone()).unwrap_or_default(),
            second: truth.lines.get(1).is_some_and(|line| read.get(1) == Some(line)),
            whole: !truth.lines.is_empty() && read == truth.lines,
            sure,
            wrong: expiries().any(|field| field.sure && !right(field)),
            valid: truth.has_valid_digits(),
            sure_fields: reading.fields.iter().filter(|f| f.sure).map(|f| f.name.name()).collect(),
            print: truth.printed.as_ref().map(|p| p.score(reading)).unwrap_or_default(),
            read,
            times,
            truth,
        }
    }

    /// Returns whether the page belongs in a list of faults.
    #[must_use]
    pub fn is_faulty(&self) -> bool {
        !self.whole || !self.expiry || self.wrong || (self.sure && !self.valid)
    }
}

/// Checks whether a plain value (`YY-MM-DD` or `YYYY-MM-DD`) is the day `YYYY-MM-DD`.
fn is_day(value: &str, day: &str) -> bool {
    !day.is_empty() && (value == day || (value.len() == 8 && day.get(2..) == Some(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_and_four_digit_years_are_compared_as_far_as_they_go() {
        for (value, right) in [
            ("12-04-15", true),
            ("2012-04-15", true),
            ("1912-04-15", false),
            ("12-04-16", false),
            ("04-15", false),
            ("", false),
        ] {
            assert_eq!(is_day(value, "2012-04-15"), right, "{value}");
        }
        assert!(!is_day("", ""));
    }

    #[test]
    fn an_empty_reading_has_nothing_correct_and_nothing_sure() {
        let truth = Truth::parse("a\tTD3\tP<UTO\tL8\t-\t2012-04-15\t").unwrap();
        let score = Score::new(truth, &PassportReading::default(), Times::default());
        assert!(!(score.expiry || score.second || score.whole || score.sure || score.wrong));
    }

    #[test]
    fn a_page_without_expiry_is_correct_when_none_is_read() {
        let truth = Truth::parse("a\tTD3\tPN\t12\t-\t-\t").unwrap();
        assert!(Score::new(truth, &PassportReading::default(), Times::default()).expiry);
    }

    #[test]
    fn a_drawn_page_scores_correct_and_another_truth_makes_it_wrong() {
        let bytes = fixtures::encode::jpeg(&crate::passport(), 90);
        let (reading, times) = super::super::timing::read_timed(&bytes, true);
        let lines = fixtures::passport::Specimen::eriksson().lines();
        let row = |expiry| format!("a\tTD3\t{}\t{}\t-\t{expiry}\t", lines[0], lines[1]);
        let right = Score::new(Truth::parse(&row("2031-04-15")).unwrap(), &reading, times);
        assert!(right.expiry && right.whole && right.sure && right.valid && !right.wrong);
        let wrong = Score::new(Truth::parse(&row("2031-04-16")).unwrap(), &reading, times);
        assert!(!wrong.expiry && wrong.sure && wrong.wrong && wrong.is_faulty());
    }
}
