//! How many pages of known content are read right, how surely, and how fast.
//!
//! Check digits and field places are written here once more from Doc 9303, so
//! that no fault is shared with the reader that is scored.

pub mod drawn;
pub mod folder;
pub mod layout;
pub mod memory;
pub mod pages;
pub mod report;
pub mod score;
pub mod statistics;
pub mod table;
pub mod truth;
pub mod watch;

use std::path::PathBuf;

/// The bench cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A file or folder.
    #[error("`{path}`: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A row of `truth.tsv`.
    #[error("`{path}` line {line}: {fault}")]
    Truth {
        /// The table.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// A picture that should be degraded does not open.
    #[error("`{0}` does not open as a picture")]
    Picture(String),
    /// A font is missing.
    #[error(transparent)]
    Font(#[from] fixtures::text::FontError),
    /// A child process did not report.
    #[error("the measuring child did not report its memory")]
    Child,
}

impl BenchError {
    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}
