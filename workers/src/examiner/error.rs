//! Failures of the examiner itself.

/// Why a file could not be examined; never the fault of the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExaminerError {
    /// The system could not create a process or a pipe.
    #[error("cannot start the examining process: {0}")]
    Spawn(#[from] std::io::Error),
    /// The child ended, or did not respond, before it was ready for the document.
    #[error("the examining process did not get ready: {0}")]
    NotReady(String),
    /// The zygote ended, and so did its replacement.
    #[error("the process that starts examining processes ended twice in a row")]
    ZygoteEnded,
    /// The child was ended by a signal that neither this process nor its own work caused:
    /// by an operator, or by the kernel because the machine was out of memory.
    #[error("the examining process was ended from outside by {0}")]
    Killed(&'static str),
    /// The child was stopped, got too little processor time, or waited for something that
    /// never came.
    #[error("the examining process neither answered nor ended in its wall-clock time")]
    Stalled,
    /// In the self-test a child could do what no document may make it do.
    #[error("a document could make the examining process {}", .0.join(", "))]
    NotContained(Vec<&'static str>),
}
