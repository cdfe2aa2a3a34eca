//! `truth.tsv`: the printed content of each page of a folder.

use std::path::{Path, PathBuf};

use super::BenchError;
use super::layout::layout;
use super::print::Printed;

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Its name in the folder.
    pub file: String,
    /// `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`; `-` if no zone is printed.
    pub format: String,
    /// The lines of the zone as printed.
    pub lines: Vec<String>,
    /// Expiry as `YYYY-MM-DD`; empty if none is printed.
    pub expiry: String,
    /// Remarks.
    pub notes: String,
    /// What is printed above the zone; none if it is not known. In a table of its own.
    pub printed: Option<Printed>,
}

/// The columns of the table.
pub const HEADER: &str = "file\ttype\tline1\tline2\tline3\texpiry\tnotes\n";

impl Truth {
    /// Parses one row.
    ///
    /// # Errors
    /// The fault of the row.
    pub fn parse(row: &str) -> Result<Self, &'static str> {
        let columns: Vec<&str> = row.split('\t').collect();
        let [file, format, first, second, third, expiry, rest @ ..] = columns.as_slice() else {
            return Err("fewer than six columns");
        };
        if file.is_empty() || file.contains('/') || file.starts_with("..") {
            return Err("the first column is not a file's name");
        }
        let printed = [first, second, third].into_iter().filter(|line| !matches!(**line, "-" | ""));
        Ok(Self {
            file: (*file).to_owned(),
            format: format.to_uppercase(),
            lines: printed.map(|line| (*line).to_owned()).collect(),
            expiry: if *expiry == "-" { String::new() } else { (*expiry).to_owned() },
            notes: rest.first().copied().unwrap_or_default().to_owned(),
            printed: None,
        })
    }

    /// Returns the row with its line end.
    #[must_use]
    pub fn row(&self) -> String {
        let line = |i: usize| self.lines.get(i).map_or("-", String::as_str);
        let expiry = if self.expiry.is_empty() { "-" } else { &self.expiry };
        let Self { file, format, notes, .. } = self;
        format!("{file}\t{format}\t{}\t{}\t{}\t{expiry}\t{notes}\n", line(0), line(1), line(2))
    }

    /// Checks every printed check digit.
    #[must_use]
    pub fn has_valid_digits(&self) -> bool {
        layout(&self.format)
            .and_then(|layout| layout.has_valid_digits(&self.lines))
            .unwrap_or(false)
    }
}

/// Reads the table of a folder.
///
/// # Errors
/// When it is missing or a row cannot be understood.
pub fn read(folder: &Path) -> Result<Vec<Truth>, BenchError> {
    let path: PathBuf = folder.join("truth.tsv");
    let text = std::fs::read_to_string(&path).map_err(|error| BenchError::file(&path, error))?;
    let rows = text.lines().enumerate().skip(1).filter(|(_, row)| !row.trim().is_empty());
    rows.map(|(i, row)| {
        let truth = Truth::parse(row);
        truth.map_err(|fault| BenchError::Truth { path: path.clone(), line: i + 1, fault })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_and_written_back() {
        let row = "a.jpg\tTD3\tP<UTO\tL898\t-\t2012-04-15\tdrawing; 663x437\n";
        let truth = Truth::parse(row.trim_end()).unwrap();
        assert_eq!((truth.lines.len(), truth.expiry.as_str()), (2, "2012-04-15"));
        assert_eq!(truth.row(), row);
        assert!(!truth.has_valid_digits());
    }

    #[test]
    fn rows_that_lead_out_of_the_folder_or_are_short_are_refused() {
        for row in ["", "a.jpg\tTD3", "../a.jpg\tTD3\ta\tb\t-\t-", "/etc/x\tTD3\ta\tb\t-\t-"] {
            assert!(Truth::parse(row).is_err(), "{row}");
        }
    }
}
