//! How a command ends: five numbers that scripts may rely on.

use std::process::ExitCode;

use crate::cli::terminal::Terminal;
use crate::cli::text;

/// The exit statuses as every `--help` tells them.
macro_rules! exit_help {
    () => {
        "Exit status:
  0  fine
  1  findings at or above --fail-on, or something is missing (doctor)
  2  the command line is wrong
  3  an input could not be read or used; every other input was
  4  tekseru itself failed"
    };
}

/// Exit statuses, from harmless to grave: of several, the gravest is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing that the caller asked to be told.
    Fine = 0,
    /// Findings that the caller asked to be told.
    Findings = 1,
    /// The command line is wrong.
    Usage = 2,
    /// An input could not be read or used.
    Input = 3,
    /// Tekseru itself failed.
    Failed = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ends early. The message names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line asks for something that cannot be.
    #[error("{0}")]
    Usage(String),
    /// An input could not be read or used.
    #[error("{0}")]
    Input(String),
    /// Tekseru itself failed.
    #[error("{0}")]
    Ours(String),
}

impl Failure {
    /// A failure of ours at a file or folder.
    pub(crate) fn at(path: &std::path::Path, what: &str, error: &std::io::Error) -> Self {
        Self::Ours(format!("{}: cannot {what}: {error}", path.display()))
    }

    /// Tells it on stderr and gives the status to end with.
    pub(crate) fn tell(&self, terminal: &mut Terminal) -> Exit {
        for line in self.to_string().lines() {
            terminal.warn(&text::escaped(line));
        }
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Input(_) => Exit::Input,
            Self::Ours(_) => Exit::Failed,
        }
    }
}
