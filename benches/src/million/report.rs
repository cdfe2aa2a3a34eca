//! The table that is printed, and whether a bar is missed.

use std::fmt::Write as _;
use std::io::Write as _;

/// What is measured, in its order.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
}

struct Row {
    what: String,
    measured: String,
    bar: String,
    is_met: bool,
}

impl Report {
    /// Adds a figure that has no bar.
    pub fn note(&mut self, what: &str, measured: String) {
        progress(&format!("{what}: {measured}"));
        let (what, bar) = (what.to_owned(), String::new());
        self.rows.push(Row { what, measured, bar, is_met: true });
    }

    /// Adds a figure and whether its bar is met.
    pub fn check(&mut self, what: &str, measured: String, bar: &str, is_met: bool) {
        progress(&format!("{what}: {measured} (bar: {bar}){}", mark(is_met)));
        let (what, bar) = (what.to_owned(), bar.to_owned());
        self.rows.push(Row { what, measured, bar, is_met });
    }

    /// Whether every bar is met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.rows.iter().all(|row| row.is_met)
    }

    /// Returns the table.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = "| what | measured | bar |\n|---|---|---|\n".to_owned();
        for Row { what, measured, bar, is_met } in &self.rows {
            let _ = writeln!(table, "| {what} | {measured} | {bar}{} |", mark(*is_met));
        }
        table
    }
}

fn mark(is_met: bool) -> &'static str {
    if is_met { "" } else { " **missed**" }
}

/// Says what is being done, to stderr.
pub fn progress(text: &str) {
    let _ = writeln!(std::io::stderr(), "{} {text}", jiff::Zoned::now().strftime("%H:%M:%S"));
}
