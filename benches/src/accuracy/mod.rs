//! Accuracy and speed of reading passport pages whose content is known.
//!
//! Check digits and field positions are implemented again here from Doc 9303, so
//! that the scored reader and its benchmark share no fault.

pub mod documents;
pub mod drawn;
pub mod folder;
pub mod layout;
pub mod memory;
pub mod misread_pages;
pub mod print;
pub mod report;
pub mod score;
pub mod statistics;
pub mod table;
pub mod timing;
pub mod truth;

use std::path::PathBuf;

/// An error that stops the benchmark.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A file or folder.
    #[error("`{path}`: {source}")]
    File {
        /// Its path.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A row of `truth.tsv`.
    #[error("`{path}` line {line}: {fault}")]
    Truth {
        /// The table.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The fault of the row.
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
