//! Findings of the doctor, and how they are printed.

use crate::cli::text::{escaped, padded};
use crate::cli::{Exit, Failure, Terminal};
use crate::runtime::transport::Transport;

/// One checked item.
pub(super) struct Finding {
    name: &'static str,
    state: State,
    detail: String,
    fix: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Fine,
    Warning,
    Missing,
    NotChecked,
}

/// A missing item and its fix.
pub(super) struct Missing {
    pub(super) problem: String,
    pub(super) fix: &'static str,
}

impl Finding {
    pub(super) fn fine(name: &'static str, detail: String) -> Self {
        Self { name, state: State::Fine, detail, fix: None }
    }

    pub(super) fn warning(name: &'static str, problem: String, fix: &'static str) -> Self {
        Self { name, state: State::Warning, detail: problem, fix: Some(fix) }
    }

    pub(super) fn missing(name: &'static str, problem: String, fix: &'static str) -> Self {
        Self { name, state: State::Missing, detail: problem, fix: Some(fix) }
    }

    /// Returns the findings of a service that works: what it does, and how the connection to
    /// it is protected.
    pub(super) fn working(
        name: &'static str,
        detail: String,
        transport: Result<Transport, String>,
    ) -> Vec<Self> {
        let transport = transport.ok().map(|transport| transport.to_string());
        [Some(detail), transport].into_iter().flatten().map(|one| Self::fine(name, one)).collect()
    }

    /// Returns a finding for each line of a problem that says itself what to do.
    pub(super) fn unusable(name: &'static str, problems: &str) -> Vec<Self> {
        let finding = |problem: &str| Self {
            name,
            state: State::Missing,
            detail: problem.to_owned(),
            fix: None,
        };
        problems.lines().map(finding).collect()
    }

    pub(super) fn not_checked(name: &'static str, variable: &str) -> Self {
        let detail = format!("not checked: {variable} is not set");
        Self { name, state: State::NotChecked, detail, fix: None }
    }

    pub(super) fn from_result(name: &'static str, result: Result<String, Missing>) -> Self {
        match result {
            Ok(detail) => Self::fine(name, detail),
            Err(Missing { problem, fix }) => Self::missing(name, problem, fix),
        }
    }
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Warning => "warn",
            Self::Missing => "missing",
            Self::NotChecked => "-",
        }
    }
}

/// Prints findings and returns `Findings` where something is missing.
///
/// # Errors
/// When stdout cannot be written.
pub(super) fn print(findings: &[Finding], terminal: &mut Terminal) -> Result<Exit, Failure> {
    let mut exit = Exit::Success;
    for Finding { name, state, detail, fix } in findings {
        if *state == State::Missing {
            exit = Exit::Findings;
        }
        let (word, name) = (padded(state.word(), 7), padded(name, 14));
        terminal.print(&format!("{word}  {name}  {}", escaped(detail)))?;
        if let Some(fix) = fix {
            terminal.print(&format!("{:25}{fix}", ""))?;
        }
    }
    Ok(exit)
}
