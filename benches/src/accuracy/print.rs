//! Scores what is read of the print above a zone.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use pipeline::examination::{FieldName, Source};
use pipeline::passport::PassportReading;
use pipeline::reason::Code;

use super::BenchError;

/// The printed fields in the order of tables.
pub const FIELDS: [FieldName; 8] = [
    FieldName::Surname,
    FieldName::GivenNames,
    FieldName::DocumentNumber,
    FieldName::Nationality,
    FieldName::Sex,
    FieldName::DateOfBirth,
    FieldName::DateOfIssue,
    FieldName::DateOfExpiry,
];

/// What a page prints. Where nothing else is said, the values of its zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// Date of issue as `YY-MM-DD` or `YYYY-MM-DD`, as printed.
    pub issue: Option<String>,
    /// Fields that are not printed, or covered.
    pub absent: Vec<FieldName>,
    /// Fields that print another value than the zone.
    pub differs: Vec<FieldName>,
}

/// The result of one printed field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintResult {
    /// The printed value was read, or its difference from the zone was told.
    Read,
    /// Nothing was read.
    Missed,
    /// A value that is not printed, or a difference where there is none.
    Wrong,
}

impl Printed {
    /// Compares a reading with the print; fields that are not printed have a result only if
    /// one was read.
    #[must_use]
    pub fn score(&self, reading: &PassportReading) -> BTreeMap<FieldName, PrintResult> {
        let results = FIELDS.into_iter().filter_map(|name| {
            let is_printed =
                !self.absent.contains(&name) && (!is_issue(name) || self.issue.is_some());
            let result = self.score_field(name, reading);
            (is_printed || result != PrintResult::Missed).then_some((name, result))
        });
        results.collect()
    }

    fn score_field(&self, name: FieldName, reading: &PassportReading) -> PrintResult {
        let mut fields = reading.fields.iter();
        let Some(read) = fields.find(|f| f.name == name && f.source == Source::Visual) else {
            return PrintResult::Missed;
        };
        let is_right = match &self.issue {
            _ if self.absent.contains(&name) => false,
            issue if is_issue(name) => issue.as_ref() == Some(&read.value),
            _ => self.differs.contains(&name) == is_told_different(name, reading),
        };
        if is_right { PrintResult::Read } else { PrintResult::Wrong }
    }
}

fn is_issue(name: FieldName) -> bool {
    name == FieldName::DateOfIssue
}

fn is_told_different(name: FieldName, reading: &PassportReading) -> bool {
    reading.reasons.iter().any(|reason| match reason.code {
        Code::ExpSourcesDisagree => name == FieldName::DateOfExpiry,
        Code::XchkVisual => {
            reason.params.get("field").and_then(|f| f.as_str()) == Some(name.name())
        }
        _ => false,
    })
}

/// Reads a table with the columns file, issue, absent and differs; the last two are lists of
/// names of fields with spaces between them.
///
/// # Errors
/// When it cannot be read or a row cannot be understood.
pub fn read(path: &Path) -> Result<BTreeMap<String, Printed>, BenchError> {
    let text = std::fs::read_to_string(path).map_err(|error| BenchError::file(path, error))?;
    let rows = text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty());
    let parsed = rows.map(|(i, row)| {
        let fault = |fault| BenchError::Truth { path: path.to_owned(), line: i + 1, fault };
        parse(row).map_err(fault)
    });
    parsed.collect()
}

fn parse(row: &str) -> Result<(String, Printed), &'static str> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [file, issue, absent, differs] = columns[..] else { return Err("not four columns") };
    let fields = |names: &str| {
        let field = |name| FIELDS.into_iter().find(|field| field.name() == name);
        let all: Option<Vec<_>> = names.split_whitespace().map(field).collect();
        all.ok_or("not the name of a printed field")
    };
    let issue = Some(issue).filter(|issue| !issue.is_empty()).map(str::to_owned);
    Ok((file.to_owned(), Printed { issue, absent: fields(absent)?, differs: fields(differs)? }))
}

/// Returns how often each field was read; empty where nothing is known of the print.
#[must_use]
pub fn table<'a>(pages: impl Iterator<Item = &'a BTreeMap<FieldName, PrintResult>>) -> String {
    let mut counts: BTreeMap<FieldName, [usize; 3]> = BTreeMap::new();
    for (name, result) in pages.flatten() {
        let [printed, read, wrong] = counts.entry(*name).or_default();
        *printed += 1;
        *read += usize::from(*result == PrintResult::Read);
        *wrong += usize::from(*result == PrintResult::Wrong);
    }
    let mut text = String::new();
    for name in FIELDS {
        let Some([printed, read, wrong]) = counts.get(&name) else { continue };
        if text.is_empty() {
            text = format!("\n{:20}{:>10}{:>17}{:>8}\n", "print", "printed", "read", "wrong");
        }
        let share = 100.0 * *read as f64 / *printed as f64;
        // writing to a string does not fail
        let _ = writeln!(
            text,
            "{:20}{printed:>10}{:>17}{wrong:>8}",
            name.name(),
            format!("{read} {share:.1} %")
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_page_is_scored_field_by_field() {
        let page = fixtures::encode::jpeg(&crate::passport(), 90);
        let (reading, _) = super::super::timing::read_timed(&page, true);
        let (_, printed) = parse("a.jpg\t2021-04-16\t\t").unwrap();
        let results = printed.score(&reading);
        assert_eq!(results[&FieldName::DateOfIssue], PrintResult::Read);
        assert_eq!(results[&FieldName::DateOfExpiry], PrintResult::Read);
        let (_, other) = parse("a.jpg\t2021-04-17\tdate_of_birth\tdate_of_expiry").unwrap();
        let results = other.score(&reading);
        let wrong = [FieldName::DateOfIssue, FieldName::DateOfBirth, FieldName::DateOfExpiry];
        assert!(wrong.iter().all(|name| results[name] == PrintResult::Wrong), "{results:?}");
        let text = table(std::iter::once(&results));
        assert!(text.contains("surname                      1        1 100.0 %       0"), "{text}");
    }

    #[test]
    fn rows_of_unknown_fields_are_refused() {
        for row in ["a.jpg", "a.jpg\t\tname\t", "a.jpg\t\t\tname"] {
            assert!(parse(row).is_err(), "{row}");
        }
    }
}
