//! Why a command ends early.

use std::fmt::Display;
use std::io;
use std::path::Path;

use super::exit::Exit;

/// Why a command ends early. The message names the object and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The command line or the configuration is wrong.
    #[error("{0}")]
    Usage(String),
    /// An input cannot be read or used.
    #[error("{0}")]
    Input(String),
    /// Tekseru itself failed.
    #[error("{0}")]
    Internal(String),
}

impl Failure {
    /// Wraps an error that is not the caller's fault.
    pub(crate) fn internal(error: impl Display) -> Self {
        Self::Internal(error.to_string())
    }

    /// Describes an action on a file or folder that the system refused.
    pub(crate) fn io(path: &Path, action: &str, error: &io::Error) -> Self {
        Self::Internal(format!("{}: cannot {action}: {error}", path.display()))
    }

    /// Returns the status that the process ends with.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Input(_) => Exit::Input,
            Self::Internal(_) => Exit::Internal,
        }
    }
}
