//! The exit statuses of commands: five numbers that scripts may rely on.

use std::process::ExitCode;

/// The exit statuses as every `--help` lists them.
macro_rules! exit_help {
    () => {
        "Exit status:
  0  success
  1  findings at or above --fail-on, or something is missing (doctor)
  2  the command line or the configuration is wrong
  3  an input cannot be read or used; the message names it
  4  tekseru itself failed"
    };
}

/// Exit statuses in ascending order of severity: of several, the highest is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing to report.
    Success = 0,
    /// Findings at or above the level that the caller chose.
    Findings = 1,
    /// The command line or the configuration is wrong.
    Usage = 2,
    /// An input cannot be read or used.
    Input = 3,
    /// Tekseru itself failed.
    Internal = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
